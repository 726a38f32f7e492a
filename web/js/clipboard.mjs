// The clipboard. A browser may refuse it, in a frame above all: then the page hears `copyrefused` and says so.
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    document.dispatchEvent(new Event("copyrefused"));
    return false;
  }
}

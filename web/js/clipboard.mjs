// The clipboard. A browser may refuse it, in a frame above all: then the page hears `copyrefused`, else `copied`, and says so.
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    document.dispatchEvent(new Event("copied"));
    return true;
  } catch {
    document.dispatchEvent(new Event("copyrefused"));
    return false;
  }
}

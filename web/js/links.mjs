// Links out of foreign text: http, https and mailto only, in a window of their own, with their host in sight.
export function dress(link, address) {
  let url;
  try {
    url = new URL(address); // absolute only: a relative address would lead into this page's own origin
  } catch {
    return false;
  }
  if (!["http:", "https:", "mailto:"].includes(url.protocol)) return false;
  link.href = address; // as it was written; it means what was just checked
  link.rel = "noopener noreferrer nofollow";
  link.target = "_blank";
  link.title = url.href;
  if (url.host && !link.textContent.includes(url.host)) link.dataset.host = url.host;
  return true;
}

export const isInlineImage = (address) => /^data:image\/(png|jpeg|gif|webp);/i.test(address);

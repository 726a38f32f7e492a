// Links out of foreign text: http, https and mailto only, in a window of their own, with where they lead in sight.

// The whole text as it stands there, and as a browser writes addresses: what only bears the name, or hides a part of
// itself in an element, may stand for anything. A name before the host (https://bank.example@…) is taken for the host.
function saysItself(link, url, place) {
  const own = [place, url.href, url.href.replace(/\/$/, "")];
  return !link.childElementCount && !url.username && own.includes(link.textContent.trim());
}

// Once the link has its text.
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
  const place = url.host || url.pathname || url.search; // of a mailto: whom it is to
  if (place && !saysItself(link, url, place)) link.dataset.host = place;
  return true;
}

export const isInlineImage = (address) => /^data:image\/(png|jpeg|gif|webp);/i.test(address);

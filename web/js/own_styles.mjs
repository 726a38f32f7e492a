// A style sheet of a portal's own, behind all of ours, so that where both say something the portal's counts.

// "" once it is there; else why it is not: "origin" where it is not of the page's own, "absent" where it cannot be had.
// The policy of the page (style-src 'self') would refuse another origin as well, also behind a redirect.
export function addStyles(address) {
  const { href, origin } = new URL(address, document.baseURI);
  if (origin !== location.origin) return Promise.resolve("origin");
  if ([...document.querySelectorAll("link[data-own]")].some((sheet) => sheet.href === href)) return Promise.resolve("");
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  sheet.dataset.own = "";
  return new Promise((resolve) => {
    sheet.addEventListener("load", () => resolve(""));
    sheet.addEventListener("error", () => {
      sheet.remove();
      resolve("absent");
    });
    document.head.append(sheet);
  });
}

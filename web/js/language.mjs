// The switch between the page's languages.
import { chosen, remember } from "./chosen.mjs";
import { expectLoad } from "./kept.mjs";
import { describe } from "./zones.mjs";

// The other language, one click away. Everything on the page is words, so it is loaded anew, and what a person has begun is
// kept over that; the address says with what. An address that names a language names the other one then, and so does one where nothing can be kept.
export function setUpLanguage(button) {
  const { language, otherLanguage } = flowglow.words;
  button.textContent = otherLanguage.toUpperCase();
  describe(button, language);
  button.addEventListener("click", () => {
    chosen.language = otherLanguage;
    expectLoad();
    const address = new URL(location.href);
    if (!remember() || address.searchParams.has("lang")) address.searchParams.set("lang", otherLanguage);
    if (address.href === location.href) location.reload();
    else location.replace(address);
  });
}

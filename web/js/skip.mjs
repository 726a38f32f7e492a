// Links past what comes first, for who goes by Tab: to the canvas, to what waits, to the outputs.
import { reveal } from "./zones.mjs";

const PLACES = {
  canvas: ['#canvas [tabindex="0"]'],
  waiting: ["#interactions-title", '#side-tabs [aria-selected="true"]'], // where cards would be, while there are none
  output: ["#output-title"],
};

export function nameSkips(words) {
  document.getElementById("skip-title").textContent = words.skip;
  for (const link of document.querySelectorAll("[data-skip]")) link.textContent = words[`skip_${link.dataset.skip}`];
}

export function setUpSkips() {
  document.getElementById("skip").addEventListener("click", (event) => {
    const place = event.target.closest("[data-skip]")?.dataset.skip;
    if (!place) return;
    event.preventDefault(); // the address stays what it is
    reveal(place);
    const seen = PLACES[place].map((selector) => document.querySelector(selector)).find((each) => each?.checkVisibility());
    seen?.focus();
  });
}

// The colours and patterns that the timeline is painted in: those of web/css/timeline.css, whatever theme is on.
const NAMES = [
  "executing", "success", "error", "killed", "unknown", "queued", "waiting", "unverified",
  "ink", "soft", "line", "ground", "stripe", "chosen", "critical",
];
const HATCHED = { queued: "thin", waiting: "thick", unverified: "crossed", unknown: "thin" };
const TILE = 8;

export class Colours {
  #patterns = new Map();

  constructor(element, changed) {
    this.element = element;
    const again = () => { this.read(); changed(); };
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"]) {
      matchMedia(query).addEventListener("change", again);
    }
    new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    this.read();
  }

  // As numbers: away from the page, where tiles and the overview are painted, the system's words mean other colours.
  read() {
    const samples = document.createElement("span");
    for (const name of NAMES) {
      const sample = samples.appendChild(document.createElement("span"));
      sample.style.setProperty("forced-color-adjust", "none");
      sample.style.setProperty("color", `var(--timeline-${name})`);
    }
    this.element.append(samples);
    NAMES.forEach((name, index) => (this[name] = getComputedStyle(samples.children[index]).color)); // styled once for all
    this.font = getComputedStyle(samples).fontFamily;
    samples.remove();
    this.#patterns.clear();
  }

  // What a bar of this status is filled with: a colour, or stripes in it, which also say it without colour.
  fill(context, status) {
    if (!HATCHED[status]) return this[status] ?? this.unknown;
    const known = this.#patterns.get(status);
    if (known) return known;
    const tile = new OffscreenCanvas(TILE, TILE);
    const pen = tile.getContext("2d");
    const kind = HATCHED[status];
    pen.fillStyle = this.ground;
    pen.fillRect(0, 0, TILE, TILE);
    pen.strokeStyle = this[status];
    pen.lineWidth = kind === "thick" ? 3 : 1.3;
    const stroke = (x, y, toX, toY) => { pen.beginPath(); pen.moveTo(x, y); pen.lineTo(toX, toY); pen.stroke(); };
    for (const shift of [-TILE, 0, TILE]) {
      stroke(shift - 1, TILE + 1, shift + TILE + 1, -1);
      if (kind === "crossed") stroke(shift - 1, -1, shift + TILE + 1, TILE + 1);
    }
    const pattern = context.createPattern(tile, "repeat");
    this.#patterns.set(status, pattern);
    return pattern;
  }
}

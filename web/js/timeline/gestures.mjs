// What a person does to the timeline with wheel, pointers and keys, as moves of what is shown. Knows nothing of bars.
// Ctrl or ⌘ and the wheel, or two fingers, zoom at the pointer; Shift and the wheel, a sideways wheel or a drag pan.
const WHEEL = 0.0022; // of a zoom, for each pixel of the wheel
const MOST = 1.6; // of one turn of the wheel
const STILL = 4; // pixels: less is a click
const KEY_ZOOM = 1.5;
const KEY_PAN = 0.15; // of what is seen

// `zoom(factor, x)`, `pan(pixels)`, `click(event)`, `key(event)`; `key` is asked first and says whether it was its.
export function attend(element, { zoom, pan, fit, click, key, width }) {
  element.addEventListener("wheel", (event) => {
    const lines = event.deltaMode === 1 ? 16 : 1;
    const [across, down] = [event.deltaX * lines, event.deltaY * lines];
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      zoom(Math.min(MOST, Math.max(1 / MOST, Math.exp(-down * WHEEL))), within(element, event));
    } else if (event.shiftKey || Math.abs(across) > Math.abs(down)) {
      event.preventDefault();
      pan(event.shiftKey && !across ? down : across);
    }
  }, { passive: false });
  drag(element, { zoom, pan, click });
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      "+": () => zoom(KEY_ZOOM), "=": () => zoom(KEY_ZOOM), "-": () => zoom(1 / KEY_ZOOM), 0: fit,
      ...(event.shiftKey ? { ArrowLeft: () => pan(-KEY_PAN * width()), ArrowRight: () => pan(KEY_PAN * width()) } : {}),
    };
    const act = acts[event.key];
    if (act) act();
    else if (!key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function within(element, event) {
  return event.clientX - element.getBoundingClientRect().left;
}

// One pointer pans, two zoom between them; one that stays where it is clicks.
function drag(element, { zoom, pan, click }) {
  const pointers = new Map();
  let travelled = 0;
  const apart = () => {
    const [one, other] = [...pointers.values()];
    return Math.max(8, Math.hypot(one.x - other.x, one.y - other.y));
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button || within(element, event) > element.clientWidth) return; // the scroll bar is the browser's
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    travelled = pointers.size > 1 ? Infinity : 0;
  });
  element.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before || !event.buttons) return;
    const spread = pointers.size === 2 ? apart() : 0;
    const across = event.clientX - before.x;
    travelled += Math.abs(across) + Math.abs(event.clientY - before.y);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (travelled < STILL) return;
    element.setPointerCapture(event.pointerId);
    if (spread) {
      const middle = [...pointers.values()].reduce((sum, { x }) => sum + x, 0) / 2;
      zoom(apart() / spread, middle - element.getBoundingClientRect().left);
    } else if (pointers.size === 1) pan(-across);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    element.addEventListener(name, (event) => {
      const was = pointers.delete(event.pointerId);
      if (was && name === "pointerup" && travelled < STILL) click(event);
    });
  }
}

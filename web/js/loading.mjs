// What is on its way to the page, byte by byte: a slow line is told from a dead one by what comes, not by a clock.
// Each change is told by a `loading` event on the document, {came, total, open}: bytes on the line so far, bytes in all
// (NaN until every server has said how many), and how many loads are under way.
const TELL_MS = 100;
const loads = new Set();
let heardAt = performance.now();
let toldAt = 0;

// How long nothing has come.
export const silentMs = () => performance.now() - heardAt;

// The answer of `asked`, a promise of a Response, its bytes counted as they come. `bytes`: how many there are once they
// are unpacked, where that is known.
export async function counted(asked, bytes) {
  const load = { came: 0, total: NaN, done: false };
  loads.add(load);
  heardAt = performance.now();
  try {
    const answer = await asked;
    const packed = answer.headers.has("content-encoding");
    load.total = Number(answer.headers.get("content-length") ?? NaN);
    const share = packed && bytes ? load.total / bytes : 1; // of what is packed we see the bytes unpacked
    heard(load);
    if (!answer.ok || !answer.body) return ended(load), answer;
    const counter = new TransformStream({
      transform(chunk, controller) {
        load.came += chunk.length * share;
        heard(load);
        controller.enqueue(chunk);
      },
      flush: () => ended(load),
    });
    // a broken line ends it, too
    const body = answer.body.pipeThrough(counter);
    const { status, statusText, headers } = answer;
    return Object.defineProperty(new Response(body, { status, statusText, headers }), "url", { value: answer.url });
  } catch (error) {
    ended(load);
    throw error;
  }
}

function ended(load) {
  load.done = true;
  heard(load, true);
}

function heard(load, isLast = false) {
  heardAt = performance.now();
  if (!isLast && heardAt - toldAt < TELL_MS) return;
  toldAt = heardAt;
  const all = [...loads];
  const sum = (of) => all.reduce((amount, each) => amount + of(each), 0);
  const detail = {
    came: sum((each) => each.came),
    total: sum((each) => (each.done ? each.came : each.total)),
    open: all.filter((each) => !each.done).length,
  };
  document.dispatchEvent(new CustomEvent("loading", { detail }));
}

// What is on its way to the page, byte by byte: a slow line is told from a dead one by what comes, not by a clock.
// Each change is told by a `loading` event on the document, {came, total, open}: bytes on the line so far, bytes in all
// (NaN until every server has said how many), and how many loads are under way.
const TELL_MS = 100;
const loads = new Set();
let heardAt = performance.now();
let toldAt = 0;

// How long nothing has come.
export const silentMs = () => performance.now() - heardAt;

// What `asked`, a promise of a Response, answers, and all its bytes, counted as they come: {answer, bytes}; no bytes of
// an answer that is a refusal. `size`: how many there are once they are unpacked, where that is known. `begun` is given
// the answer before its bytes are there, for who can use a copy of it as they come.
export async function counted(asked, size, begun = () => {}) {
  const load = { came: 0, total: NaN, done: false };
  loads.add(load);
  heardAt = performance.now();
  try {
    const answer = await asked;
    load.total = Number(answer.headers.get("content-length") ?? NaN);
    heard(load);
    if (!answer.ok) return { answer };
    begun(answer);
    const packed = answer.headers.has("content-encoding");
    const share = packed && size ? load.total / size : 1; // of what is packed we see the bytes unpacked
    return { answer, bytes: await gathered(answer.body.getReader(), size ?? (packed ? 0 : load.total || 0), (length) => {
      load.came += length * share;
      heard(load);
    }) };
  } finally {
    load.done = true; // a broken line ends it, too
    heard(load, true);
  }
}

// All that a reader gives, in one array: of `size` bytes where that is right, else as long as it turns out to be.
async function gathered(reader, size, came) {
  let all = new Uint8Array(size);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return length === all.length ? all : all.slice(0, length);
    if (length + value.length > all.length) {
      const longer = new Uint8Array(Math.max(2 * all.length, length + value.length));
      longer.set(all.subarray(0, length));
      all = longer;
    }
    all.set(value, length);
    length += value.length;
    came(value.length);
  }
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

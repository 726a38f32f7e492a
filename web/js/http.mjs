// What a network says in WebKit has no stack, and what has none is no error to Pyodide: whoever waits for it in Python
// would wait for ever.
const asError = (reason) => ("stack" in Object(reason) ? reason : named(reason));
const named = (reason) => Object.assign(new Error(String(reason?.message ?? reason)), { name: reason?.name ?? "Error" });

// `fetch`, failing with an Error.
export async function ask(url, options) {
  try {
    return await fetch(url, options);
  } catch (reason) {
    throw asError(reason);
  }
}

// The text of an answer. One that is larger than `limit` bytes is an error: a flood must not take the page's memory.
export async function textWithin(response, limit) {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  const parts = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read().catch((reason) => Promise.reject(asError(reason)));
    if (done) return parts.join("") + decoder.decode();
    size += value.length;
    if (size > limit) {
      reader.cancel().catch(() => {});
      throw new Error(`the answer is larger than ${limit} bytes`);
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
}

// An answer that is told while it comes: its head, then its bytes, then its end, with an error where it broke off. The
// answer ends it: nothing is told from then on. It ends with the life of Python, too.
export function openStream(url, options, answered, received, ended) {
  const abort = new AbortController();
  const { signal } = flowglow.life;
  const end = () => abort.abort();
  signal.addEventListener("abort", end, { once: true });
  const over = (error) => {
    signal.removeEventListener("abort", end);
    if (!abort.signal.aborted) ended(error);
  };
  read(url, { ...options, signal: abort.signal }, abort.signal, answered, received).then(
    () => over(""),
    (error) => over(String(error?.message || error)),
  );
  return end;
}

async function read(url, options, signal, answered, received) {
  const response = await fetch(url, { credentials: "same-origin", cache: "no-store", ...options });
  if (!signal.aborted) answered(response.status, response.headers.get("Content-Type") ?? "");
  const reader = response.body?.getReader();
  while (reader && !signal.aborted) {
    const { done, value } = await reader.read();
    if (done) return;
    if (!signal.aborted) received(value);
  }
}

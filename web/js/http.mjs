// The text of an answer. One that is larger than `limit` bytes is an error: a flood must not take the page's memory.
export async function textWithin(response, limit) {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  const parts = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return parts.join("") + decoder.decode();
    size += value.length;
    if (size > limit) {
      reader.cancel().catch(() => {});
      throw new Error(`the answer is larger than ${limit} bytes`);
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
}

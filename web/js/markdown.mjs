// Markdown into an element, by streaming-markdown. Links lead outside and name their host; anything but
// http, https and mailto is left as text; images are not loaded from elsewhere.
import * as smd from "../vendor/streaming-markdown/smd.js";

const SCHEMES = /^(https?:|mailto:)/i;

export function safeRenderer(element) {
  const renderer = smd.default_renderer(element);
  const set = renderer.set_attr;
  renderer.set_attr = (data, type, value) => {
    if (type === smd.HREF) {
      if (!SCHEMES.test(value)) return;
      const link = data.nodes[data.index];
      link.rel = "noopener noreferrer nofollow";
      link.target = "_blank";
      link.title = value;
    }
    if (type === smd.SRC && !/^data:image\/(png|jpeg|gif|webp);/i.test(value)) return;
    set(data, type, value);
  };
  return renderer;
}

export function markdown(element, text) {
  const parser = smd.parser(safeRenderer(element));
  smd.parser_write(parser, text);
  smd.parser_end(parser);
}

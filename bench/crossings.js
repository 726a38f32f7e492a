// Runs before anything else in a page whose border crossings are counted: each time Python reads, sets or calls
// something of JavaScript. Counted where the runtime leaves WebAssembly, so that nothing in the page knows of it.
// crossings.total()       all until now, by kind
// crossings.in(work)      those of `work`
// crossings.frames        those of each frame's callback until now
(() => {
  const KINDS = {
    JsProxy_GetAttr_js: "get", JsProxy_subscript_js: "get", JsObjMap_subscript_js: "get",
    JsProxy_SetAttr_js: "set", JsProxy_DelAttr_js: "set", JsObjMap_ass_subscript_js: "set",
    JsvFunction_CallBound: "call", JsvFunction_Construct: "call", JsvFunction_Call_OneArg: "call",
    JsvObject_CallMethod: "call", JsvObject_CallMethod_NoArgs: "call", JsvObject_CallMethod_OneArg: "call",
    JsvObject_CallMethod_TwoArgs: "call",
  };
  const counts = { get: 0, set: 0, call: 0 };

  const counted = (imports) => {
    for (const [name, kind] of Object.entries(KINDS)) {
      const cross = imports?.env?.[name];
      if (typeof cross !== "function") continue;
      imports.env[name] = Object.assign((...given) => {
        counts[kind]++;
        return cross(...given);
      }, cross);
    }
    return imports;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = (source, imports) => original.call(WebAssembly, source, counted(imports));
  }

  const total = () => ({ ...counts });
  const since = (before) => Object.fromEntries(Object.entries(counts).map(([kind, count]) => [kind, count - before[kind]]));
  const frames = [];
  const request = globalThis.requestAnimationFrame;
  globalThis.requestAnimationFrame = (draw) => request.call(globalThis, (moment) => {
    const before = total();
    try {
      draw(moment);
    } finally {
      frames.push(since(before));
    }
  });

  globalThis.crossings = {
    total,
    frames,
    in: (work) => {
      const before = total();
      work();
      return since(before);
    },
  };
})();

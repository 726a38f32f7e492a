// Runs before anything else in a page that is measured: a WebSocket that nobody listens to, and what feeds it.
// bench.feed    every message in a browser task of its own, until all of it is painted
// bench.pace    so many messages a second; when each was due, when its task began, when its class was on the node
// bench.settled  until a run is shown so far, and painted
(() => {
  const sockets = new Set();

  class StubSocket extends EventTarget {
    readyState = 0;
    protocol = "";

    constructor(url) {
      super();
      this.url = url;
      setTimeout(() => {
        this.readyState = 1;
        sockets.add(this);
        this.dispatchEvent(new Event("open"));
      });
    }

    send() {}

    close() {
      this.readyState = 3;
      sockets.delete(this);
    }
  }
  globalThis.WebSocket = StubSocket;

  const deliver = (data) => {
    for (const socket of sockets) socket.dispatchEvent(new MessageEvent("message", { data }));
  };
  const nextFrame = () => new Promise((done) => requestAnimationFrame(done));

  // Behind a frame: a task that is posted in it runs when the frame is painted.
  async function painted() {
    await nextFrame();
    await new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(0);
    });
  }

  // Deliver each frame in its own task; resolves behind the last, with the milliseconds that each took.
  function tasks(frames) {
    return new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      const took = [];
      port1.onmessage = () => {
        const began = performance.now();
        deliver(frames[took.length]);
        took.push(performance.now() - began);
        if (took.length < frames.length) port2.postMessage(0);
        else done(took);
      };
      port2.postMessage(0);
    });
  }

  const counts = (run) => ({
    status: document.querySelector(`#runs [data-run-id="${run}"]`)?.dataset.status ?? null,
    badges: document.querySelectorAll(`#canvas .execution-order[data-run-id="${run}"]`).length,
    outputs: document.querySelectorAll("#node-output [data-node-id][data-status]").length,
    executing: document.querySelectorAll("#canvas .executing").length,
    text: [...document.querySelectorAll("#chat [data-message-id]")].reduce((sum, each) => sum + each.textContent.length, 0),
  });
  const shows = (run, want) => {
    const now = counts(run);
    return Object.entries(want).every(([name, value]) => (name === "text" ? now[name] >= value : now[name] === value));
  };

  // Until the page shows this, and it is painted.
  async function settled(run, want) {
    do await nextFrame(); while (!shows(run, want));
    await painted();
  }

  async function feed(frames, run, want) {
    const began = performance.now();
    const took = await tasks(frames);
    await settled(run, want);
    return { all: performance.now() - began, took };
  }

  // All timers are set beforehand: one that sets the next is held back by the browser.
  function pace(frames, perSecond) {
    return new Promise((done) => {
      const began = performance.now() + 100;
      const seen = [];
      frames.forEach(([frame, node, name], number) => {
        const due = began + (number * 1000) / perSecond;
        setTimeout(() => {
          const task = performance.now();
          deliver(frame);
          const there = !node || document.querySelector(`#canvas [data-node-id="${node}"]`).classList.contains(name);
          const end = performance.now();
          if (node) seen.push({ there, task: end - task, due: end - due });
          if (number === frames.length - 1) done(seen);
        }, due - performance.now());
      });
    });
  }

  globalThis.bench = { isOpen: () => sockets.size > 0, deliver, feed, pace, settled, painted };
})();

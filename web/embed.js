// <flow-glow>: a flowglow page as a part of yours. One module, without dependencies; its types are in embed.d.ts, how it is
// used in docs/embedding.md. What the two pages say to each other is embed=v1 (docs/contract.md).
//
//   <script type="module" src="https://flow.example/web/embed.js"></script>
//   <flow-glow flow="nightly"></flow-glow>
const VERSION = "v1";
const MARK = '{"flowglow"';
const MOST_CHARACTERS = 1_000_000;
const ENVELOPE = 64; // of these for the number and the time
const MOST_RUNS = 100; // of which no end was heard; beyond that the oldest is let go of
const HELLO_MS = 90_000; // a page that has not said a word by then is not there
const WELCOME_MS = 5_000; // one that listens and does not answer does not know us
const ANSWER_MS = 30_000;
const BURST = 500; // so many messages of the page may come at once,
const PER_S = 100; // and so many more each second
// What is said in one message: with one that cannot be used the others of its message have no effect. A language comes last, as the page is loaded anew.
const TOGETHER = [["show", ["view"]], ["show", ["flow", "run", "node"]], ["look", ["theme"]], ["look", ["hide"]], ["look", ["lang"]]];
const FOLLOWED = TOGETHER.flatMap(([, names]) => names);
const WITHOUT = { view: "canvas", theme: "auto", hide: "" }; // what holds without the attribute; a flow, a run, a node and a language stay
const ACTS = /^{"type":"(start|stop)"/; // what is not asked twice
const FIXED = ["ws", "api", "protocol", "auth", "replay", "speed"]; // another value is another page
const LOOKS = ["accent", "on-accent", "background", "surface", "text", "muted", "line", "font", "radius"];
const NO_CREDENTIAL = "A credential is text of 1 to 16,384 visible ASCII characters, or null.";
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals";
const STYLE = ":host { display: block; height: 640px; } :host([hidden]) { display: none; } iframe { display: block; width: 100%; height: 100%; border: 0; }";

const text = (value) => typeof value === "string";
const number = (value) => Number.isFinite(value);
const flag = (value) => typeof value === "boolean";
const maybe = (value) => value === null || text(value);
const credible = (value) => value === null || (text(value) && /^[\x21-\x7e]{1,16384}$/.test(value)); // it can stand in a header
const texts = (value) => Array.isArray(value) && value.every(text);

// All that the page says, and what each must bear.
const NEWS = {
  ready: { version: text, language: text, acts: flag, flow: maybe, run: maybe },
  "run-started": { run: text, flow: maybe },
  "run-waiting": { run: text, flow: maybe },
  "run-failed": { run: text, flow: maybe, error: text },
  "run-ended": { run: text, flow: maybe, status: text },
  selection: { flow: maybe, run: maybe, node: maybe, view: text },
  height: { height: number },
  error: { source: text, doing: text, error: text, run: maybe, frames: texts },
  "token-needed": { id: number },
  "ticket-needed": { id: number },
  answer: { id: number, ok: flag },
};

// Why something that was asked of the page was not done; `code` is one of docs/embedding.md.
export class FlowGlowError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "FlowGlowError";
    this.code = code;
  }
}

// What a method is given by name.
function fields(given, example) {
  if (typeof given !== "object" || given === null) throw new FlowGlowError("schema", `Give it an object, such as ${example}.`);
  return given;
}

// The page needs a credential: give it, or a promise of it, to `respondWith` while the event is being heard.
export class CredentialEvent extends CustomEvent {
  answer = undefined;
  respondWith(credential) {
    if (this.eventPhase === Event.NONE) return console.warn("<flow-glow>: respondWith had no effect, as its event is over. Give it a promise, before any `await`.");
    this.answer = Promise.resolve(credential);
  }
}

export class FlowGlow extends HTMLElement {
  static observedAttributes = ["src", "height", "label", ...FOLLOWED, ...FIXED];

  #frame = null;
  #sheet = null;
  #origin = "";
  #port = null;
  #isReady = false;
  #wasReady = false; // a page in this frame was: the next one has another address than ours
  #token = null;
  #numbers = 0;
  #asked = new Map(); // number → its words, and what settles the promise
  #waiting = new Map(); // number → what is said once the page is ready
  #changed = new Set(); // attributes of which the page does not know yet
  #timers = new Map();
  #left = BURST; // how many more may come now
  #since = 0; // when that was counted
  #flooded = false; // it was said that there are too many
  #going = new Set(); // runs of which no end was heard
  #isIn = false; // in a document
  #wanted = 0; // the height that the page named last

  // How many messages had no effect, as they were not what they should be.
  refused = 0;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.#dress();
  }

  connectedCallback() {
    this.#isIn = true;
    addEventListener("message", this.#heard);
    this.#load();
  }

  disconnectedCallback() {
    this.#isIn = false;
    removeEventListener("message", this.#heard);
    this.#leave();
  }

  // Another document takes no style sheet that was made in this one.
  adoptedCallback() {
    this.#dress();
  }

  // Moved by moveBefore: the frame lives on.
  connectedMoveCallback() {}

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === "height") this.#resize();
    else if (!this.#isIn) return; // it is read when the frame is made
    else if (name === "src" || FIXED.includes(name)) this.#load();
    else if (!this.#frame) return; // as the address could not be used
    else if (name === "label") this.#frame.title = this.#label;
    else this.#tellLater(name);
  }

  // -- what a portal can do -----------------------------------------------------------------------------

  // Start a run of the flow on the canvas, or of another; the promise is its id.
  async start(input = null, options = null) {
    const { flow } = fields(options ?? {}, '{ flow: "nightly" }');
    return (await this.#ask({ type: "start", input, ...(flow && { flow }) })).run;
  }

  // Stop a run, the one in front if none is named.
  async stop(run) {
    await this.#ask({ type: "stop", ...(run && { run }) });
  }

  // Have this on the screen: { flow, run, node, view }.
  async show(place) {
    const { flow, run, node, view } = fields(place, '{ flow: "nightly", view: "timeline" }');
    await this.#ask({ type: "show", flow, run, node, view });
  }

  // Choose a node; null chooses none.
  async select(node) {
    await this.#ask({ type: "show", node });
  }

  // Put something into the field for the input.
  async fill(input) {
    await this.#ask({ type: "fill", input });
  }

  // The credential for the backend from now on; null takes it back.
  async setToken(token) {
    if (!credible(token)) throw new FlowGlowError("schema", NO_CREDENTIAL);
    const before = this.#token;
    this.#token = token;
    if (!this.#isReady) return; // the welcome says it
    try {
      await this.#ask({ type: "token", token });
    } catch (error) {
      // not answered, it is for the next frame; refused, it would be refused again, and the one before is still good
      if (!["gone", "late"].includes(error.code) && this.#token === token) this.#token = before;
      throw error;
    }
  }

  // Read --flowglow-accent and its like anew from the style sheets of this page.
  async restyle() {
    await this.#ask({ type: "look", style: this.#looks() });
  }

  // -- the frame ----------------------------------------------------------------------------------------
  #dress() {
    const view = this.ownerDocument.defaultView;
    if (!view) return; // nothing is shown there
    this.#sheet = new view.CSSStyleSheet();
    this.#sheet.replaceSync(STYLE);
    this.shadowRoot.adoptedStyleSheets = [this.#sheet];
    this.#resize();
  }

  get #label() {
    return this.getAttribute("label") || "Flow runs";
  }

  #address() {
    const address = new URL(this.getAttribute("src") || new URL("../", import.meta.url), document.baseURI);
    if (!/^https?:$/.test(address.protocol)) throw new FlowGlowError("src", `src must be an http or https address, not ${address.protocol}`);
    for (const name of [...FIXED, ...FOLLOWED]) {
      if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
    }
    address.searchParams.set("embed", VERSION);
    return address;
  }

  #load() {
    this.#leave();
    let address;
    try {
      address = this.#address();
    } catch (error) {
      this.#failed(error.code ?? "src", error.message);
      return;
    }
    this.#origin = address.origin;
    const frame = document.createElement("iframe");
    frame.title = this.#label;
    frame.allow = "clipboard-write";
    frame.referrerPolicy = "strict-origin"; // with less, some browsers keep from the page who frames it
    // within one origin a sandbox that lets scripts be of that origin keeps nothing in
    if (this.#origin !== location.origin) frame.setAttribute("sandbox", SANDBOX);
    frame.src = address.href;
    this.#frame = frame;
    this.#wanted = 0;
    this.#resize();
    this.shadowRoot.replaceChildren(frame);
    this.#after("hello", HELLO_MS, () => this.#failed("no-answer", `${this.#origin} did not answer. Is the page there, and does its server let this page frame it (frame-ancestors)?`));
  }

  // Let go of the frame and of all that hangs on it.
  #leave() {
    this.#hangUp();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#changed.clear();
    this.#going.clear();
    // what was asked before there was a frame waits for one
    if (this.#frame) for (const id of [...this.#asked.keys()]) this.#settle(id, { ok: false, code: "gone", message: "The frame was taken away before it answered." });
    this.#frame?.remove();
    this.#frame = null;
    this.#wasReady = false;
    this.#left = BURST;
    this.#flooded = false;
  }

  #hangUp() {
    this.#isReady = false;
    if (!this.#port) return;
    this.#port.onmessage = null;
    this.#port.close();
    this.#port = null;
  }

  #after(name, delay, act) {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(act, delay));
  }

  #cancel(name) {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  // height="480" is so many pixels, height="auto" what the page says it needs; without it your style sheet decides.
  #resize() {
    const asked = this.getAttribute("height");
    const pixels = asked === "auto" ? this.#wanted : Number.parseFloat(asked);
    if (asked === "auto" && !pixels) return;
    this.#sheet.cssRules[0].style.height = pixels > 0 ? `${pixels}px` : "640px";
  }

  // -- the handshake ------------------------------------------------------------------------------------
  // Every message to this window comes by: only those of our own frame, of the origin it was loaded from, are read.
  #heard = ({ source, origin, data }) => {
    if (!this.#frame || source !== this.#frame.contentWindow || typeof data !== "string" || !data.startsWith(MARK)) return;
    if (this.#isTooMuch()) return;
    if (origin !== this.#origin) return this.#refuse("origin", `the frame is of ${origin}, not of ${this.#origin}`);
    const hello = this.#read(data, { type: text, flowglow: text });
    if (!hello) return;
    if (hello.type !== "hello") return this.#refuse("type", `a window says hello, not ${hello.type}`);
    if (hello.flowglow !== VERSION) {
      this.#refuse("version", `the page speaks ${hello.flowglow}, this element ${VERSION}`);
      return this.#failed("version", `The page speaks ${hello.flowglow} and this element ${VERSION}: load embed.js from where the page is.`);
    }
    this.#cancel("hello");
    if (hello.failed) {
      this.#hangUp(); // what is asked from now on waits for the next page
      return this.#failed("boot", "The page could not start, or cannot go on; in its frame it says why, with a button to try again.");
    }
    this.#knock();
    if (hello.listens) this.#after("welcome", WELCOME_MS, () => this.#failed("refused", `The page does not answer ${location.origin}. Add it to \`frames\` under [portal] in its pyscript.toml.`));
  };

  #knock() {
    this.#hangUp();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#askAgain();
    port1.onmessage = ({ data }) => this.#told(data);
    this.#frame.contentWindow.postMessage(JSON.stringify({ flowglow: VERSION, type: "connect", runs: [...this.#going] }), this.#origin, [port2]);
  }

  #say(words) {
    this.#port.postMessage(words);
  }

  // What cannot be said is refused here and at once; what is not answered in time is not begun later either: the page is told until when.
  #ask(order) {
    return new Promise((resolve, reject) => {
      const id = ++this.#numbers;
      let words;
      try {
        words = JSON.stringify(order);
      } catch (error) {
        return reject(new FlowGlowError("schema", `It cannot be said as JSON: ${error.message}`));
      }
      if (words.length > MOST_CHARACTERS - ENVELOPE) return reject(new FlowGlowError("size", `It is longer than ${MOST_CHARACTERS} characters.`));
      this.#asked.set(id, { words, resolve, reject, late: 0 });
      this.#waiting.set(id, words);
      if (this.#isReady) this.#sayWaiting();
      else this.#awaitAnswer(id, HELLO_MS);
    });
  }

  #sayWaiting() {
    for (const [id, words] of this.#waiting) {
      this.#waiting.delete(id);
      this.#awaitAnswer(id, ANSWER_MS);
      this.#say(`{"id":${id},"until":${Date.now() + ANSWER_MS},${words.slice(1)}`);
    }
  }

  // Another page is there: what the one before did not answer is said to it. That one may have started or stopped a run.
  #askAgain() {
    const said = [...this.#asked].filter(([id]) => !this.#waiting.has(id));
    for (const [id, { words }] of said) {
      if (ACTS.test(words)) this.#settle(id, { ok: false, code: "gone", message: "The page was loaded anew before it answered." });
      else this.#awaitAnswer(id, HELLO_MS);
    }
    this.#waiting = new Map([...this.#asked].map(([id, { words }]) => [id, words])); // in the order in which it was asked
  }

  #awaitAnswer(id, delay) {
    const asked = this.#asked.get(id);
    clearTimeout(asked.late);
    asked.late = setTimeout(() => this.#settle(id, { ok: false, code: "late", message: "The page did not answer in time." }), delay);
  }

  #settle(id, answer) {
    const asked = this.#asked.get(id);
    if (!asked) return;
    this.#asked.delete(id);
    this.#waiting.delete(id);
    clearTimeout(asked.late);
    if (answer.ok) asked.resolve(answer);
    else asked.reject(new FlowGlowError(text(answer.code) ? answer.code : "refused", text(answer.message) ? answer.message : "The page refused."));
  }

  // -- what the page says -------------------------------------------------------------------------------
  #told(data) {
    if (this.#isTooMuch()) return;
    const news = this.#read(data, { type: text });
    if (!news) return;
    const shape = Object.hasOwn(NEWS, news.type) && NEWS[news.type];
    if (!shape) return this.#refuse("type", "the page says something of a type that this element does not know");
    if (!this.#fits(news, shape)) return this.#refuse("schema", `${news.type} is not as it should be`);
    const { type, ...detail } = news;
    if (type === "answer") return this.#settle(detail.id, detail);
    if (type === "token-needed" || type === "ticket-needed") return this.#needed(type, detail.id);
    if (type === "ready") this.#welcome();
    if (type === "run-started") this.#goes(detail.run);
    if (type === "run-ended") this.#going.delete(detail.run);
    if (type === "height") {
      this.#wanted = detail.height;
      this.#resize();
    }
    this.#tell(type, detail);
  }

  // The page may be loaded anew while it ends: the next one is told that its end is still to be heard.
  #goes(run) {
    this.#going.add(run);
    if (this.#going.size > MOST_RUNS) this.#going.delete(this.#going.values().next().value);
  }

  #welcome() {
    this.#cancel("welcome");
    this.#isReady = true;
    if (this.#wasReady) for (const name of ["theme", "hide"]) if (this.hasAttribute(name)) this.#changed.add(name);
    this.#wasReady = true;
    if (this.#token !== null) this.#say(JSON.stringify({ type: "token", token: this.#token }));
    const style = this.#looks();
    if (Object.keys(style).length) this.#ask({ type: "look", style }).catch((error) => this.#failed(error.code, error.message));
    this.#sayWaiting();
    this.#tellChanged();
  }

  async #needed(type, asked) {
    const kind = type.replace("-needed", "");
    const port = this.#port;
    const event = new CredentialEvent(`flowglow-${type}`, { bubbles: true, composed: true, detail: { kind } });
    this.dispatchEvent(event);
    let credential = null;
    try {
      credential = (await event.answer) ?? null;
      if (!credible(credential)) throw new FlowGlowError("credential", NO_CREDENTIAL);
    } catch (error) {
      credential = null;
      this.#failed("credential", `The portal could not give a ${kind}: ${error?.message ?? error}`);
    }
    if (!port || port !== this.#port) return; // it was taken away, or another page is there by now: that asks itself
    if (kind === "token") this.#token = credential;
    this.#say(JSON.stringify({ type: kind, [kind]: credential, asked }));
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`flowglow-${name}`, { bubbles: true, composed: true, detail }));
  }

  #failed(code, message) {
    console.warn(`<flow-glow>: ${message}`);
    this.#tell("error", { source: "flow-glow", doing: "embedding", error: code, run: null, frames: [], message });
  }

  // What comes beyond the bound is counted and has no effect; that is said once for each frame.
  #isTooMuch() {
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + ((now - this.#since) * PER_S) / 1000);
    this.#since = now;
    if (this.#left >= 1) {
      this.#left -= 1;
      return false;
    }
    this.refused += 1;
    if (!this.#flooded) this.#failed("rate", `The page says more than ${BURST} messages at once, or ${PER_S} each second; what is more has no effect.`);
    this.#flooded = true;
    return true;
  }

  #read(data, shape) {
    if (typeof data !== "string") return this.#refuse("schema", "it is no text");
    if (data.length > MOST_CHARACTERS) return this.#refuse("size", `it is longer than ${MOST_CHARACTERS} characters`);
    let message = null;
    try {
      message = JSON.parse(data);
    } catch {} // as below
    return this.#fits(message, shape) ? message : this.#refuse("schema", "it is no object with what it must bear");
  }

  #fits(message, shape) {
    return typeof message === "object" && message !== null && Object.entries(shape).every(([name, isRight]) => isRight(message[name]));
  }

  #refuse(why, words) {
    this.refused += 1;
    if (this.refused <= 10) console.warn(`<flow-glow>: a message had no effect (${why}): ${words}`);
    return undefined;
  }

  // -- what the attributes say --------------------------------------------------------------------------
  #tellLater(name) {
    if (!this.#changed.size && this.#isReady) queueMicrotask(() => this.#tellChanged());
    this.#changed.add(name);
  }

  #tellChanged() {
    if (!this.#isReady || !this.#changed.size) return;
    const changed = new Set(this.#changed);
    this.#changed.clear();
    for (const [type, names] of TOGETHER) {
      const fields = Object.fromEntries(names.filter((name) => changed.has(name)).map((name) => [name, this.getAttribute(name) ?? WITHOUT[name]]).filter(([, value]) => text(value)));
      if ("theme" in fields) fields.style = this.#looks(); // a style sheet may have others for the dark
      if ("hide" in fields) fields.hide = fields.hide.split(/[\s,]+/).filter(Boolean);
      if (Object.keys(fields).length) this.#ask({ type, ...fields }).catch((error) => this.#failed(error.code, error.message));
    }
  }

  #looks() {
    const style = getComputedStyle(this);
    const named = LOOKS.map((name) => [name, style.getPropertyValue(`--flowglow-${name}`).trim().replace(/\s+/g, " ")]);
    return Object.fromEntries(named.filter(([, value]) => value));
  }
}

if (!customElements.get("flow-glow")) customElements.define("flow-glow", FlowGlow);

// The socket, opened while Python is still on its way: boot and catch-up overlap. What comes over it is kept, in order and
// within bounds, until Python takes it over (pyapp/browser/socket.py). Whatever is not quite as it should be ends it, and
// Python connects by itself, as if nothing had been tried. Never an address that Python would refuse: pyapp/settings.py
// has the same rules.
const PROTOCOL = "flowglow.1";
const MOST_FRAMES = 2_000;
const MOST_CHARACTERS = 4_000_000;
const PING = /^\s*\{\s*"type"\s*:\s*"ping"/;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
const WEB = { "ws:": "http:", "wss:": "https:" };
const KEPT = ["open", "message", "close", "error"];

let isOver = false; // Python has asked, or it went wrong
let socket = null;
let frames = [];
let size = 0;

// Begin, where a socket is wanted. Never raises.
export async function openEarly() {
  try {
    const config = document.querySelector('script[type="py"]').getAttribute("config");
    const portal = portalOf(await (await fetch(config)).text());
    const { ws, api } = addresses(location.search, portal, location.href);
    if (!ws) return;
    const ticket = api ? await ticketOf(api) : null;
    if (isOver) return;
    socket = new WebSocket(ws, ticket ? [PROTOCOL, `ticket.${base64url(ticket)}`] : [PROTOCOL]);
    socket.binaryType = "arraybuffer";
    for (const name of KEPT) socket.addEventListener(name, keep);
  } catch {
    dropEarly();
  }
}

// Whether one is open to this address, which Python may take over.
export const isEarly = (url) => socket?.readyState === 1 && new URL(socket.url).href === new URL(url).href;

// The socket itself, which goes on being kept until `earlyFrames`; from then on it is the caller's.
export const takeEarly = () => socket;

// What came over it so far. Nobody listens to it any more.
export function earlyFrames() {
  const kept = frames;
  for (const name of KEPT) socket?.removeEventListener(name, keep);
  [socket, frames] = [null, []];
  return kept;
}

function keep({ type, data }) {
  if (type === "open") return;
  size += type === "message" ? (data.length ?? data.byteLength) : 0;
  if (type !== "message" || frames.length >= MOST_FRAMES || size > MOST_CHARACTERS) return dropEarly();
  frames.push(data);
  if (PING.test(data)) socket.send('{"type":"pong"}');
}

// Python connects by itself.
export function dropEarly() {
  isOver = true;
  const dropped = socket;
  earlyFrames();
  dropped?.close();
}

// The single-use ticket for the socket; null where the backend has none. Raises for whatever is between.
async function ticketOf(api) {
  const body = { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } };
  const answer = await fetch(`${api.replace(/\/+$/, "")}/tickets`, { ...body, credentials: "same-origin", cache: "no-store" });
  if ([404, 405].includes(answer.status)) return null;
  const { ticket } = answer.ok ? await answer.json() : {};
  if (typeof ticket !== "string" || !ticket) throw new Error("no ticket");
  return ticket;
}

const base64url = (text) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

// The values of [portal] in pyscript.toml that are on one line each.
export function portalOf(toml) {
  const [, table = ""] = toml.split(/^\[portal\]\s*$/m);
  const lines = table.split(/^\[/m)[0].matchAll(/^(\w+)\s*=\s*("[^"\\]*"|\[[^\]]*\]|true|false)\s*(?:#.*)?$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, JSON.parse(value)]));
}

// Where the page's socket and its API are; `ws` is "" where Python would open none, or another one.
export function addresses(query, portal, pageUrl) {
  const none = { ws: "", api: "" };
  const asked = Object.fromEntries(new URLSearchParams(query));
  const values = { ...portal, ...asked };
  if (values.auth) return none; // the page around this one gives what is needed, and Python asks it
  if (values.replay || ![undefined, "", "auto", "portal"].includes(values.protocol)) return none;
  const page = new URL(pageUrl);
  const allowed = [page.origin, ...(portal.origins ?? [])].map(originOf);
  const found = {};
  for (const [name, schemes] of [["ws", ["ws:", "wss:"]], ["api", ["http:", "https:"]]]) {
    const text = (values[name] ?? "").trim();
    if (!text) continue;
    if (/[\s\\]/.test(text)) return none; // what a browser and Python may read in two ways
    const url = URL.canParse(text, page) ? new URL(text, page) : null;
    if (url && name === "ws" && url.protocol.startsWith("http")) url.protocol = url.protocol.replace("http", "ws");
    const isLocal = url && LOOPBACK.includes(url.hostname) && LOOPBACK.includes(page.hostname);
    if (!url || url.username || !schemes.includes(url.protocol) || !(isLocal || allowed.includes(originOf(url)))) return none;
    found[name] = url.href;
  }
  return { ...none, ...found };
}

// Equal for what is of one origin, over HTTP and over sockets.
function originOf(address) {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, port } = new URL(address);
  const web = WEB[protocol] ?? protocol;
  return `${web}//${hostname}:${port || (web === "https:" ? 443 : 80)}`;
}

// One server for all: it counts, twenty times a second, and tells the number to whoever listens, each in its own way.
// The count goes by the clock, so a server that is started again goes on counting, and knows all it ever told.
// Each library's own server, with its own means to bring back what was missed switched on where it has any.
import { createServer } from "node:http";
import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLBoolean } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { Server } from "socket.io";
import { WebSocketServer } from "ws";

const [port, epoch] = process.argv.slice(2).map(Number);
const now = () => Math.floor((Date.now() - epoch) / 50);
const RUN = "counter";

const http = createServer((request, response) => {
  const url = new URL(request.url, "http://x");
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Headers", "*");
  const answer = API[url.pathname]?.(url.searchParams);
  if (request.method === "OPTIONS") return response.end();
  response.statusCode = answer === undefined ? 404 : 200;
  response.end(answer === undefined ? "{}" : typeof answer === "string" ? answer : JSON.stringify(answer));
});

// -- this page's contract ------------------------------------------------------------------------
const event = (seq) => seq
  ? { event: "RunContent", run_id: RUN, seq, content: `${seq} `, source_run_id: "counter" }
  : { event: "run_start", run_id: RUN, seq, flow_id: "flow" };
const from = (first) => Array.from({ length: Math.max(0, now() + 1 - first) }, (_, index) => event(first + index));
const FLOW = { id: "flow", name: "Flow", nodes: [], edges: [] };
const API = {
  "/api/flows": () => [FLOW],
  "/api/flows/flow": () => FLOW,
  "/api/runs": () => [],
  [`/api/runs/${RUN}`]: () => ({ run_id: RUN, flow_id: "flow", status: "executing", last_seq: now() }),
  [`/api/runs/${RUN}/events`]: (query) => from(Number(query.get("after") ?? -1) + 1).map((each) => JSON.stringify(each) + "\n").join(""),
};
const contract = new WebSocketServer({ noServer: true });
contract.on("connection", (socket) => {
  socket.send(JSON.stringify({ type: "hello", heartbeat_s: 1 }));
  socket.on("message", (text) => {
    const frame = JSON.parse(text);
    const seen = frame.type === "resume" ? frame.runs[RUN] : undefined;
    if (seen === undefined) return;
    const missed = from(seen + 1);
    socket.send(JSON.stringify({ type: "catch_up", run_id: RUN, from_seq: seen + 1, to_seq: now(), complete: true }));
    if (missed.length) socket.send(JSON.stringify(missed));
  });
});

// -- bare sockets, for the clients that only reconnect ---------------------------------------------
const bare = new WebSocketServer({ noServer: true });

// -- graphql-ws ------------------------------------------------------------------------------------
async function* count() {
  for (let last = now(); ; ) {
    await new Promise((done) => setTimeout(done, 10));
    while (last < now()) yield { count: ++last };
  }
}
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { ok: { type: GraphQLBoolean } } }),
  subscription: new GraphQLObjectType({
    name: "Subscription", fields: { count: { type: new GraphQLNonNull(GraphQLInt), subscribe: count } },
  }),
});
const graphql = new WebSocketServer({ noServer: true });
useServer({ schema }, graphql);

// -- socket.io ---------------------------------------------------------------------------------------
const io = new Server(http, { cors: { origin: "*" }, connectionStateRecovery: {}, destroyUpgrade: false });

const PATHS = { "/ws": contract, "/bare": bare, "/graphql": graphql };
http.on("upgrade", (request, socket, head) => {
  const server = PATHS[new URL(request.url, "http://x").pathname];
  server?.handleUpgrade(request, socket, head, (link) => server.emit("connection", link, request));
});

let told = now();
setInterval(() => {
  while (told < now()) {
    told += 1;
    for (const socket of contract.clients) socket.send(JSON.stringify(event(told)));
    for (const socket of bare.clients) socket.send(String(told));
    io.emit("count", told);
  }
}, 10);
http.listen(port, "127.0.0.1", () => console.log("ready"));

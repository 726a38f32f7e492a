// Peer A, the origin's design: a router that settles all handlers, and stores that are replaced with each event.
// Every component hears of every change.
import { memo } from "react";
import { createRoot } from "react-dom/client";
import { create } from "zustand";
import * as glow from "./glow.js";
import { Event } from "./schema.js";
import { fit, listen, loadFlow } from "./wire.js";

const useMock = create((set) => ({
  mockNodes: [],
  clear: () => set({ mockNodes: [] }),
  addOrUpdate: (mock) => set((state) => {
    const at = state.mockNodes.findIndex((each) => each.id === mock.id && each.runId === mock.runId);
    if (at < 0) return { mockNodes: [...state.mockNodes, mock] };
    return { mockNodes: state.mockNodes.map((each, index) => (index === at ? { ...each, ...mock } : each)) };
  }),
}));

const useRuns = create((set) => ({
  runs: [],
  front: null,
  addOrUpdate: (run) => set((state) => {
    const others = state.runs.filter((each) => each.id !== run.id);
    return { runs: [run, ...others], front: state.front ?? run.id };
  }),
  bring: (id) => set({ front: id }),
}));

const handlers = [
  {
    canHandle: ({ event }) => event === "start_node" || event === "end_node",
    async handle({ event, node_id, status }) {
      if (event === "start_node") glow.started(node_id);
      else glow.ended(node_id, status);
    },
  },
  {
    canHandle: ({ event }) => event === "start_node" || event === "end_node",
    async handle({ event, node_id, run_id, order = 0, status, content }) {
      useMock.getState().addOrUpdate({
        id: `${node_id}-${order}`, nodeId: node_id, runId: run_id, order, content,
        status: event === "start_node" ? "executing" : status,
      });
    },
  },
  {
    canHandle: ({ event }) => event === "run_start" || event === "run_end",
    async handle({ event, run_id, status = "success" }) {
      glow.cleared();
      const runs = useRuns.getState();
      runs.addOrUpdate({ id: run_id, status: event === "run_start" ? "executing" : status });
      if (event !== "run_start") return;
      useMock.getState().clear();
      runs.bring(run_id);
    },
  },
];
const seen = new Set();

async function receive(text) {
  const message = Event.parse(JSON.parse(text));
  const id = `${message.run_id} ${message.seq}`;
  if (seen.has(id)) return;
  seen.add(id);
  await Promise.allSettled(handlers.filter((each) => each.canHandle(message)).map((each) => each.handle(message)));
}

function Badges({ node }) {
  const { mockNodes } = useMock();
  const { front } = useRuns();
  return (
    <div className="badges">
      {mockNodes.filter((each) => each.nodeId === node && each.runId === front).map((each) => (
        <span key={each.id} className="execution-order" data-order={each.order} data-status={each.status}
          data-run-id={each.runId}>{each.order + 1}</span>
      ))}
    </div>
  );
}

const Node = memo(({ node }) => (
  <div className="node" data-node-id={node.id} style={{ left: node.position.x, top: node.position.y }}>
    {node.handle}
    <Badges node={node.id} />
  </div>
));

function Outputs() {
  const { mockNodes } = useMock();
  const { front } = useRuns();
  const latest = new Map();
  for (const each of mockNodes) if (each.runId === front && each.status !== "executing") latest.set(each.nodeId, each);
  return [...latest.values()].map((each) => (
    <div key={each.nodeId} className="entry" data-node-id={each.nodeId} data-status={each.status}>
      <b>{each.nodeId}</b><span>{each.status}</span><span>{String(each.content ?? "")}</span>
    </div>
  ));
}

function Runs() {
  const { runs, front } = useRuns();
  return runs.map((run) => (
    <li key={run.id} data-run-id={run.id} data-status={run.status} aria-current={run.id === front ? "true" : undefined}>
      <button onClick={() => useRuns.getState().bring(run.id)}>{run.id} {run.status}</button>
    </li>
  ));
}

const flow = await loadFlow();
fit(flow);
createRoot(document.querySelector(".world")).render(flow.nodes.map((node) => <Node key={node.id} node={node} />));
createRoot(document.getElementById("node-output")).render(<Outputs />);
createRoot(document.getElementById("runs")).render(<Runs />);
listen(receive);

// Peer B, React with care: each node, each output row and each run has a selector of its own, and draws nothing else.
import { memo } from "react";
import { createRoot } from "react-dom/client";
import { create } from "zustand";
import * as glow from "./glow.js";
import { Event } from "./schema.js";
import { fit, listen, loadFlow } from "./wire.js";

const NONE = [];
const useRuns = create(() => ({ ids: NONE, status: {}, front: null }));
const useMock = create(() => ({ byNode: {}, latest: {}, ended: NONE }));

function put(mock) {
  useMock.setState((state) => {
    const before = state.byNode[mock.nodeId] ?? NONE;
    const at = before.findIndex((each) => each.order === mock.order && each.runId === mock.runId);
    const mocks = at < 0 ? [...before, mock] : before.with(at, mock);
    const changed = { byNode: { ...state.byNode, [mock.nodeId]: mocks } };
    if (mock.status === "executing") return changed;
    changed.latest = { ...state.latest, [mock.nodeId]: mock };
    if (!(mock.nodeId in state.latest)) changed.ended = [...state.ended, mock.nodeId];
    return changed;
  });
}

function begin(run) {
  useMock.setState({ byNode: {}, latest: {}, ended: NONE });
  useRuns.setState((state) => ({
    ids: [run, ...state.ids], status: { ...state.status, [run]: "executing" }, front: run,
  }));
}

const show = {
  run_start({ run_id }) {
    glow.cleared();
    begin(run_id);
  },
  start_node({ node_id, run_id, order = 0 }) {
    glow.started(node_id);
    put({ nodeId: node_id, runId: run_id, order, status: "executing" });
  },
  end_node({ node_id, run_id, order = 0, status, content }) {
    glow.ended(node_id, status);
    put({ nodeId: node_id, runId: run_id, order, status, content });
  },
  run_end({ run_id, status = "success" }) {
    glow.cleared();
    useRuns.setState((state) => ({ status: { ...state.status, [run_id]: status } }));
  },
};
const seen = new Set();

function receive(text) {
  const message = Event.parse(JSON.parse(text));
  const id = `${message.run_id} ${message.seq}`;
  if (seen.has(id)) return;
  seen.add(id);
  show[message.event](message);
}

const Badges = memo(({ node }) => {
  const mocks = useMock((state) => state.byNode[node] ?? NONE);
  return (
    <div className="badges">
      {mocks.map((each) => (
        <span key={each.order} className="execution-order" data-order={each.order} data-status={each.status}
          data-run-id={each.runId}>{each.order + 1}</span>
      ))}
    </div>
  );
});

const Node = memo(({ node }) => (
  <div className="node" data-node-id={node.id} style={{ left: node.position.x, top: node.position.y }}>
    {node.handle}
    <Badges node={node.id} />
  </div>
));

const Output = memo(({ node }) => {
  const mock = useMock((state) => state.latest[node]);
  return (
    <div className="entry" data-node-id={node} data-status={mock?.status}>
      <b>{node}</b><span>{mock?.status}</span><span>{String(mock?.content ?? "")}</span>
    </div>
  );
});

const Outputs = () => useMock((state) => state.ended).map((node) => <Output key={node} node={node} />);

const Run = memo(({ id }) => {
  const status = useRuns((state) => state.status[id]);
  const front = useRuns((state) => state.front === id);
  return (
    <li data-run-id={id} data-status={status} aria-current={front ? "true" : undefined}>
      <button onClick={() => useRuns.setState({ front: id })}>{id} {status}</button>
    </li>
  );
});

const Runs = () => useRuns((state) => state.ids).map((id) => <Run key={id} id={id} />);

const flow = await loadFlow();
fit(flow);
createRoot(document.querySelector(".world")).render(flow.nodes.map((node) => <Node key={node.id} node={node} />));
createRoot(document.getElementById("node-output")).render(<Outputs />);
createRoot(document.getElementById("runs")).render(<Runs />);
listen(receive);

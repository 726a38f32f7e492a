// Graph layout with dagre, left to right or downwards: [[id, width, height]…], [[source, target]…] → [[id, x, y]…] (top left).
import dagre from "../vendor/dagre/dagre.esm.js";

// A flow that is seen this small one way is laid out the other way too, and stands as it is seen larger by so much.
const SMALL = 0.6;
const LARGER = 1.2;
// Of more nodes the second layout would cost too long.
const MOST_TWICE = 100;

export function layout(nodes, edges) {
  const { clientWidth: width, clientHeight: height } = document.getElementById("canvas");
  const zoom = (graph) => Math.min(width / graph.graph().width, height / graph.graph().height);
  const down = height > width;
  let graph = laidOut(nodes, edges, down);
  if (nodes.length <= MOST_TWICE && zoom(graph) < SMALL) {
    const other = laidOut(nodes, edges, !down);
    if (zoom(other) > zoom(graph) * LARGER) graph = other;
  }
  return nodes.map(([id, width, height]) => {
    const { x, y } = graph.node(id);
    return [id, x - width / 2, y - height / 2];
  });
}

function laidOut(nodes, edges, down) {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: down ? "TB" : "LR", nodesep: 28, ranksep: down ? 48 : 64 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, width, height] of nodes) graph.setNode(id, { width, height });
  for (const [source, target] of edges) graph.setEdge(source, target);
  dagre.layout(graph);
  return graph;
}

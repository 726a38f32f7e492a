// Graph layout with dagre, left to right, or downwards where the canvas is taller than wide (a phone): [[id, width, height]…], [[source, target]…] → [[id, x, y]…] (top left).
import dagre from "../vendor/dagre/dagre.esm.js";

export function layout(nodes, edges) {
  const graph = new dagre.graphlib.Graph();
  const { clientWidth, clientHeight } = document.getElementById("canvas");
  const down = clientHeight > clientWidth;
  graph.setGraph({ rankdir: down ? "TB" : "LR", nodesep: 28, ranksep: down ? 48 : 64 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, width, height] of nodes) graph.setNode(id, { width, height });
  for (const [source, target] of edges) graph.setEdge(source, target);
  dagre.layout(graph);
  return nodes.map(([id, width, height]) => {
    const { x, y } = graph.node(id);
    return [id, x - width / 2, y - height / 2];
  });
}

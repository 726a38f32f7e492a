"""The canvas: nodes, badges, edges, map."""

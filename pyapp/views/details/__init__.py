"""The tab Details: what went into a node and what came out, side by side, with all that belongs to it."""

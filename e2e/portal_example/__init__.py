"""A worked example: a portal of another origin that shows the page as a part of its own, as docs/embedding.md tells."""

"""The dev server: the page's files, and a portal backend that runs demo flows for real."""

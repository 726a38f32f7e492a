"""flowglow: a live-run page for node flows and AI agents, in Python that runs in the browser."""

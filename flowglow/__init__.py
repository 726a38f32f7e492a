"""flowglow for a portal: what serves the page, checks a backend, and keeps and hands out the events of runs.

The page itself is `pyapp`; it runs in a browser and knows nothing of this package.
"""

__version__ = "0.1.0"

"""Watching runs without a browser: the page's own logs, records and connection, in a terminal or a load test."""

"""Where events are kept: one port, and what stands behind it: memory, a SQLite file, Redis Streams."""

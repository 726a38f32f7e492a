"""Connection, notices, log, inspector."""

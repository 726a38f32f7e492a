"""Unit tests, mirroring pyapp/live."""

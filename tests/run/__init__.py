"""Unit tests, mirroring pyapp/state."""

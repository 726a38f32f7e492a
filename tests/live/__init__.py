"""Unit tests, mirroring pyapp/core."""

"""Unit tests, mirroring pyapp/transport."""

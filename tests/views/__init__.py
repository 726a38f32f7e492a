"""Unit tests, mirroring pyapp/views."""

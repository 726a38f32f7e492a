"""Unit tests, mirroring pyapp/handlers."""

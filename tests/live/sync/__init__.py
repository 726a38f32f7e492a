"""Unit tests, mirroring pyapp/live/sync."""

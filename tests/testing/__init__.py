"""Unit tests, mirroring pyapp/testing."""

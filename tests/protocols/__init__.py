"""Unit tests, mirroring pyapp/protocols."""

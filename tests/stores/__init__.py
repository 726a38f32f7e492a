"""Unit tests, mirroring pyapp/stores."""

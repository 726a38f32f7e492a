"""Sync: the one place that asks. Everything that a server is asked goes through here."""

from __future__ import annotations

from .sync import Sync

__all__ = ["Sync"]

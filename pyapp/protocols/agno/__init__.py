"""Agno's events into the contract's: one translator for each root run."""

from .translator import AgnoTranslator

__all__ = ["AgnoTranslator"]

"""Runs, their outputs, and the editor."""

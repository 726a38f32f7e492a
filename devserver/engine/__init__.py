"""Executes flows, and keeps what happens in their runs."""

"""Negative controls: each guard against a fault is taken out, and its test must go red."""

"""Measurements: `make bench`. Never part of the tests; figures are for comparing within one run."""

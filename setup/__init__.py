"""The set-up: makes a fresh clone runnable. Standard library only; every step says what it does.

A step is skipped while its inputs are unchanged; everything downloaded is checked against a hash.
"""

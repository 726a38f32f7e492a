"""Schedules of faults between a server in memory and a page on fakes, and what the page must show after the last one.

`play` lets a schedule happen, `compare` holds every region of the document against the oracle.
"""

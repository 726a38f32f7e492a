"""The timeline: what happened in the run in front, as bars on a common axis."""

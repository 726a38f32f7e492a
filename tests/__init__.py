"""The unit tests; they mirror the packages 1:1."""

"""The relay: keeps the events of runs, numbers them, and hands them out to whoever watches."""

"""`make scale`: how many watchers two relays carry on this machine, and what survives when parts of it fail."""

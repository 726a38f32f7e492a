"""Foreign event streams, translated into the contract's events. Pure Python: no browser, no network."""

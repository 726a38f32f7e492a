"""AG-UI 1.0, translated into the contract's events. Pure Python: knows no ag_ui package, no network."""

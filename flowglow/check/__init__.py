"""The conformance test of docs/contract.md: what a backend must do, asked of a backend that runs."""

"""What may be said between the page and a backend, and reading it."""

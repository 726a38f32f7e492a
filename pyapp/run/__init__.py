"""What the page knows of each run: records, the fold that keeps them, the journal, and their bounds."""

"""Browsers that Playwright cannot drive here, over the W3C's own protocols."""

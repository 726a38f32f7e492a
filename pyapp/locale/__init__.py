"""The page's words, one module a language."""

"""The page as a part of another one: who may speak with it, what that one may have done, and what it is told."""

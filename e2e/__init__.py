"""The page in real Chromium, over real sockets."""

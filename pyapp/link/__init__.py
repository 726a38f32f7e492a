"""How the page talks to a backend: the connection, HTTP, and recordings that stand in for both."""

"""AG-UI: every module of pyapp/protocols/agui has its mirror here."""

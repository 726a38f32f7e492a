"""Calls passed through to the backend that the settings name, from below the page, in both directions as they come.

For a backend that lets no page of another origin ask it (CORS), as an AgentOS does as it comes.
"""

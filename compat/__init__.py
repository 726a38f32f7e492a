"""What takes long to set up, or comes from elsewhere: versions, frameworks, servers (`make compat`)."""

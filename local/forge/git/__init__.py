"""Real git underneath: bare repositories driven through the git command."""

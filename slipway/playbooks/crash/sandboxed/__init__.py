"""Programs that run inside the sandbox, beside the repository's code; they use the standard library only."""

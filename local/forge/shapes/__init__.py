"""JSON bodies in GitHub's shapes, one module per kind of thing."""

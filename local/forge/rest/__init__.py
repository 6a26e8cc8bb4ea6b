"""The REST endpoints, one module per area of GitHub's API."""

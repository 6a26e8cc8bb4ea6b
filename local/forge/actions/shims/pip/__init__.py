"""A pip for a runner without a network: `install` checks, and lists local projects as importable."""

"""Which model plays an agent, and what it costs."""

"""The AWS cloud on a laptop: ministack in its own environment, extended in-process by small modules."""

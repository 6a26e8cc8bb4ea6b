"""Workflows on the laptop: triggers, queue, act and its logs."""

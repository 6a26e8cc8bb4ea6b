"""Measurements of the whole platform: each is a scenario with a table and a JSON document."""

"""Limits that the business has set; see the handbook, chapter 4."""

MAX_LINES_PER_ORDER = 50
MAX_PIECES_PER_LINE = 10_000

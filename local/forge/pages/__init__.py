"""Small HTML pages, so that a printed URL opens in a browser."""

"""Reads access logs of web servers and says what is in them."""

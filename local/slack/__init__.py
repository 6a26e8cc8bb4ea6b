"""A stand-in for Slack: Web API subset, signed requests to the app, a page with working buttons."""

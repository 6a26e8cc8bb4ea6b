"""A stand-in for Jira Cloud: REST v3 subset, signed webhooks, and pages for a person."""

"""Every route of the HTTP API: method, path, and the folder of the function that answers."""

from __future__ import annotations

from http import HTTPMethod

ROUTES = (
    (HTTPMethod.POST, "/webhooks/jira", "jira_webhook"),
    (HTTPMethod.POST, "/webhooks/github", "github_webhook"),
    (HTTPMethod.POST, "/webhooks/sentry", "sentry_webhook"),
    (HTTPMethod.POST, "/slack/commands", "slack_webhook"),
    (HTTPMethod.POST, "/slack/interactivity", "slack_webhook"),
    (HTTPMethod.POST, "/slack/events", "slack_webhook"),
    (HTTPMethod.GET, "/health", "health"),
    (HTTPMethod.GET, "/openapi.json", "openapi"),
)
"""What machines call; they sign what they send."""
PEOPLE_ROUTES = (
    (HTTPMethod.GET, "/tasks", "tasks_api"),
    (HTTPMethod.GET, "/tasks/{id}", "tasks_api"),
    (HTTPMethod.GET, "/tasks/{id}/events", "tasks_api"),
    (HTTPMethod.POST, "/tasks/{id}/approval", "tasks_api"),
)
"""What people call, with the token of their sign-in."""

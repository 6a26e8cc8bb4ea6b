"""A stand-in for Sentry: issues grouped from errors, signed webhooks, the part of its API that tools use."""

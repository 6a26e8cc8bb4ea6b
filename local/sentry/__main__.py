"""Run the Sentry double: `python -m local.sentry --port PORT --state DIR`."""

from local import double
from local.sentry.app import build


def main() -> None:
    """Serve until stopped."""
    chosen = double.parse("sentry", "A stand-in for Sentry.")
    double.serve(build(chosen.state, url=chosen.url), chosen)


if __name__ == "__main__":
    main()

"""Run the Slack double: `python -m local.slack --port PORT --state DIR`."""

from local import double
from local.slack.app import build


def main() -> None:
    """Serve until stopped."""
    chosen = double.parse("slack", "A stand-in for Slack.")
    double.serve(build(chosen.state, url=chosen.url), chosen)


if __name__ == "__main__":
    main()

"""Run the Jira double: `python -m local.jira --port PORT --state DIR`."""

from local import double
from local.jira.app import build


def main() -> None:
    """Serve until stopped."""
    chosen = double.parse("jira", "A stand-in for Jira Cloud.")
    double.serve(build(chosen.state, url=chosen.url), chosen)


if __name__ == "__main__":
    main()

"""What an acknowledgement is: a rule that does not hold at one place, and the reason why that is right."""

from __future__ import annotations

from dataclasses import dataclass

EVERYWHERE = ("dev", "staging", "prod")


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """One decision about the findings of `rules` at `place`.

    `place` is a construct path below the environment (`Data/Tasks`), or a file of the checkout.
    `{agent}` and `{function}` stand for the constructs of every registered agent and function,
    `{agent_name}` for the agents' own names, `{...}` with any other word for one part between slashes.
    `resource` is what a finding about IAM names, written as the report prints it.
    A decision that no finding needs, in any of its `environments`, must be removed.
    """

    rules: tuple[str, ...]
    place: str
    reason: str
    resource: str = ""
    environments: tuple[str, ...] = EVERYWHERE


def both(rule: str) -> tuple[str, str]:
    """The same control, as HIPAA Security and as NIST 800-53 count it."""
    return f"HIPAA.Security-{rule}", f"NIST.800.53.R5-{rule}"

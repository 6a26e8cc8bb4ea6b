"""How tools say that something failed, ordered from what is not about the code to what only hints."""

from __future__ import annotations

import re

from slipway.playbooks.ci.signatures.about_code import COMPILE, SECURITY, TESTS
from slipway.playbooks.ci.signatures.about_machine import INFRA
from slipway.playbooks.ci.signatures.dependencies import DEPENDENCIES
from slipway.playbooks.ci.signatures.signature import PLAIN, STRONG, WEAK, Signature, table
from slipway.playbooks.ci.signatures.style import STYLE

__all__ = ["NO_MODULE", "PLAIN", "SIGNATURES", "STRONG", "Signature"]

_LAST_RESORT = table(
    "test_failure",
    WEAK,
    ("something ended with an exception", r"^(?:E +)?(?:\w+\.)*\w+(?:Error|Exception): "),
    ("a check failed", r"^(?:make|gmake): \*\*\* ", r"^error: ", r"^ERROR\b", r"^FAIL(?:ED|URE)?\b"),
    ("the step ended with an error", r"^(?:Error: )?Process completed with exit code [1-9]"),
)

SIGNATURES: tuple[Signature, ...] = (
    *INFRA,
    *SECURITY,
    *COMPILE,
    *TESTS,
    *STYLE,
    *DEPENDENCIES,
    *_LAST_RESORT,
)

NO_MODULE = re.compile(
    r"^(?:E +)?(?:ModuleNotFoundError|ImportError): No module named '?(?P<module>[\w.]+)'?"
    r"|^\S*python[\d.]*: No module named (?P<tool>[\w.]+)$"
)
"""Python's own words for an absent module; which class that is depends on whose module it is."""

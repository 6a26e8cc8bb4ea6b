"""How well a ticket's words describe a place that they do not name."""

from __future__ import annotations

import re
from itertools import pairwise

from slipway.playbooks.constant.claim import ConstantClaim
from slipway.playbooks.constant.places import Place
from slipway.playbooks.localise.words import words

_GENERAL = frozenset(words("default max maximum min minimum limit seconds ms millis number count value"))
_UNITS = frozenset(
    words("bytes kb mb gb kib mib milliseconds seconds secs minutes mins hours days weeks percent")
)
_TOLD = 3
_KINDS = {"variable": 0.5, "default": 0.3, "setting": 0.2, "entry": 0.3}


def describes(claim: ConstantClaim, place: Place) -> float:
    """How much of the place's name the ticket says, then of where it is and what its comment says."""
    said = _joined(claim.about)
    around = set(words(" ".join((*claim.words, *claim.names))))
    own = _own(place.name)
    if not place.name or own & claim.stays:
        return 0.0
    core = own - _GENERAL - _UNITS or own
    known = said | around | claim.elsewhere
    if not core or not core & known:
        return 0.0
    # What the sentence says counts most, then the summary and names, then the rest of the ticket.
    covered = (
        len(core & said)
        + 0.4 * len((core - said) & around)
        + (0.3 * len((core - said - around) & claim.elsewhere))
    ) / len(core)
    full = len(own & known) / len(own)
    where = _own(f"{place.owner} {place.path}")
    near = min(len((where - own) & (said | around)), 3) * 0.4
    near -= 1.0 if where & claim.stays and not where & said else 0.0
    commented = min(len(set(words(place.context)) & said), 3) * 0.2
    kind = _KINDS.get(place.kind, 0.0)
    return (1.2 * covered + 0.8 * full + near + commented + kind) if covered >= 0.5 else 0.0


def is_nearby(claim: ConstantClaim, place: Place) -> bool:
    """Whether the ticket's words say the file, class or function of a place that is called otherwise."""
    where = _own(f"{place.owner} {place.path}")
    own = _own(place.name)
    said = _joined(claim.about) | set(words(" ".join(claim.words)))
    if re.search(r"\bcommand[- ]line\b", claim.text, re.I):
        said.add("cli")
    is_value = place.kind in _KINDS or place.kind == "argument"
    return is_value and bool(where & said) and not (own | where) & claim.stays


def _own(name: str) -> set[str]:
    return {word for word in words(name) if "_" not in word and word != name.lower()} or set(words(name))


def _joined(text: str) -> set[str]:
    """The words of a text; `locked out` is also a lockout."""
    found = list(words(text))
    raw = "".join(each if each.isalnum() else " " for each in text.lower()).split()
    pairs = {f"{next(iter(words(one)), one)}{other}" for one, other in pairwise(raw)}
    return {*found, *pairs}


def is_told(claim: ConstantClaim, place: Place, line: str) -> bool:
    """Whether a sentence of a document is about a place: it has words of its name, or of the ticket."""
    said = _joined(line)
    if said & claim.stays:
        return False
    core = _own(place.name) - _GENERAL - _UNITS
    about = {word for word in words(claim.about) if word.isalpha()}
    return (bool(core) and len(core & said) * 2 >= len(core)) or len(about & said) >= _TOLD

"""Passages in the form in which an agent gets them: sources named, words fenced as somebody else's."""

from __future__ import annotations

from collections.abc import Sequence

from slipway.domain.knowledge import FoundPassage
from slipway.domain.untrusted import RULE, fence

NOTHING = "No passage is near this question. Ask in other words, or without repository and kind."


def quoted(found: Sequence[FoundPassage]) -> dict[str, object]:
    """A document of JSON."""
    return {"note": RULE if found else NOTHING, "passages": [_quoted(each) for each in found]}


def _quoted(found: FoundPassage) -> dict[str, object]:
    passage = found.passage
    return {
        "source": passage.url,
        "repository": passage.repository,
        "kind": str(passage.kind),
        "path": passage.path,
        "sha": passage.sha,
        "score": found.score,
        "text": fence(str(passage.kind), f"{passage.heading}\n\n{passage.text}".strip()),
    }

"""Text as a vector of its words, without a model: near in the words that two texts share, not in meaning.

Each word counts whole and by its runs of four letters, so that `rounding` is near `rounded`. Every feature
has one place and one sign, both from its hash: the same text has the same vector on every machine.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter

_WORD = re.compile(r"[^\W_]+")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FILLER = frozenset(
    re.findall(
        r"\w+",
        """a about all also an and any are as at be been but by can could did do does for from had has have
        how i if in into is it its may me must my no not of on one or our shall should so some such than
        that the their them then there these they this those to too us was we were what when where which
        who whom whose why will with would you your""",
    )
)
RUN = 4
RUNS_WEIGHT = 1.0


def word_vector(text: str, *, dimensions: int) -> list[float]:
    """A vector of length 1; text without a word gets the first axis, for zero has no direction."""
    vector = [0.0] * dimensions
    for feature, weight in _features(text).items():
        place = zlib.crc32(feature.encode())
        vector[place % dimensions] += weight if zlib.adler32(feature.encode()) & 1 else -weight
    length = math.sqrt(sum(value * value for value in vector))
    if not length:
        return [1.0, *[0.0] * (dimensions - 1)]
    return [value / length for value in vector]


def words(text: str) -> list[str]:
    """Lower-case words that carry meaning; identifiers fall into their parts."""
    found = [word.lower() for word in _WORD.findall(_HUMPS.sub(" ", text))]
    return [word for word in found if word not in _FILLER and (len(word) > 1 or word.isdigit())]


def _features(text: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for word, count in Counter(words(text)).items():
        # The tenth mention says less than the first.
        weight = 1 + math.log(count)
        weights[word] = weights.get(word, 0.0) + weight
        padded = f"<{word}>"
        runs = [padded[at : at + RUN] for at in range(len(padded) - RUN + 1)]
        for run in runs:
            weights[run] = weights.get(run, 0.0) + weight * RUNS_WEIGHT / math.sqrt(len(runs))
    return weights

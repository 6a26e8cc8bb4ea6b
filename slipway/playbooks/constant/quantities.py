"""Values as a ticket writes them: numbers with a unit, also in words, quotations and switches."""

from __future__ import annotations

import re
from dataclasses import dataclass

UNIT = (
    r"milliseconds?|millis|ms|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|days?|weeks?|"
    r"bytes?|kb|kib|mb|mib|gb|gib|percent|%"
)
NUMBER = rf"[-+]?(?:\d[\d_]*(?:,\d{{3}})*(?:\.\d+)?|\.\d+)(?:\s?(?:{UNIT})(?!\w))?(?!\w|\.\d)"
QUOTATION = r"\"[^\"\n]+\"|“[^”]+”|`[^`\n]+`|(?<!\w)'[^'\n]+'(?!\w)"
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*(?:\(\))?$")
_QUOTED = re.compile(QUOTATION)
_EMPHASIS = re.compile(r"(?<![\w*_])(\*\*|\*)(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_COUNTS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_SPOKEN = {
    **{word: str(number) for number, word in enumerate(_COUNTS, start=2)},
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "a hundred": "100",
    "one hundred": "100", "a thousand": "1000", "one thousand": "1000",
}  # fmt: skip
_SPOKEN_NUMBER = re.compile(rf"\b(?:{'|'.join(sorted(_SPOKEN, key=len, reverse=True))})\b(?!-)", re.I)
_PHRASES = (
    (re.compile(r"\bhalf an? hour\b", re.I), "30 minutes"),
    (re.compile(r"\b(?:a |one )?quarter of an hour\b", re.I), "15 minutes"),
    (re.compile(r"\ban hour and a half\b", re.I), "90 minutes"),
    (re.compile(r"\bhalf a minute\b", re.I), "30 seconds"),
    (re.compile(r"\b(?:an?|one|(?P<each>every|each|per)) (?P<unit>second|minute|hour|day|week)\b", re.I), ""),
)
_CURRENCY = re.compile(
    r"(?:€|\$|£|\bEUR|\bUSD|\bCHF)\s?(?=\d)|(?<=\d)\s?(?:€|£|EUR\b|USD\b|CHF\b|°[CF]?)", re.I
)


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A value as the ticket writes it; `unit` is lower case and singular where it is one."""

    text: str
    is_quoted: bool
    unit: str = ""

    @property
    def number(self) -> float | None:
        """As a number; None for words and quotations that are not one."""
        try:
            return float(self.text.replace("_", "").replace(",", ""))
        except ValueError:
            return None


def quantity(raw: str) -> Quantity:
    """A value as written in a ticket, without its quotes, its unit apart."""
    raw = raw.strip()
    for opening, closing in (('"', '"'), ("“", "”"), ("`", "`"), ("'", "'")):
        if raw.startswith(opening) and raw.endswith(closing) and len(raw) > 1:
            inner = raw[1:-1].strip() if opening != "`" else raw[1:-1].strip().strip("\"'")
            if opening != "`" or quantity_of_number(inner) is None:
                return Quantity(text=inner, is_quoted=True)
            raw = inner
    return quantity_of_number(raw) or Quantity(text=_word(raw), is_quoted=False)


def quantity_of_number(raw: str) -> Quantity | None:
    """A number with its unit; None for anything else."""
    match = re.fullmatch(rf"([-+]?(?:\d[\d_]*(?:,\d{{3}})*(?:\.\d+)?|\.\d+))\s?({UNIT})?", raw, re.I)
    if match is None:
        return None
    unit = (match[2] or "").lower()
    unit = unit if unit in {"ms", "s", "%"} or len(unit) < 3 else unit.rstrip("s")
    return Quantity(text=match[1].replace(",", ""), is_quoted=False, unit=unit)


def is_name(raw: str) -> bool:
    """Whether a quotation is an identifier in code marks."""
    return (
        raw.startswith("`") and _IDENTIFIER.match(raw.strip("`")) is not None and not raw.strip("`").isdigit()
    )


def alike(one: Quantity, other: Quantity) -> bool:
    """Whether both are numbers or neither is."""
    return (one.number is None) == (other.number is None)


def in_digits(text: str) -> str:
    """Emphasis and currencies are left out and numbers in words become digits; quotations stay."""
    text = _EMPHASIS.sub(r"\2", text)
    found, position = [], 0
    for match in _QUOTED.finditer(text):
        found += [_digits(text[position : match.start()]), match[0]]
        position = match.end()
    return "".join((*found, _digits(text[position:])))


def _digits(text: str) -> str:
    text = _CURRENCY.sub("", text)
    for pattern, instead in _PHRASES:
        text = pattern.sub(lambda match, instead=instead: instead or _one(match), text)  # type: ignore[misc]
    return _SPOKEN_NUMBER.sub(lambda match: _SPOKEN[match[0].lower()], text)


def _one(match: re.Match[str]) -> str:
    """`every minute` is every 1 minute; `per night` is about something else."""
    each = match["each"]
    if each and each.lower() == "per":
        return match[0]
    return f"{each} 1 {match['unit']}" if each else f"1 {match['unit']}"


def _word(raw: str) -> str:
    return {"enabled": "True", "disabled": "False"}.get(raw.lower(), raw.capitalize())

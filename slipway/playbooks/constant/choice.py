"""Chooses the one place that a claim means, and writes its new literal in the old one's style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.constant.claim import ConstantClaim
from slipway.playbooks.constant.fitting import describes, is_nearby
from slipway.playbooks.constant.places import Place
from slipway.playbooks.constant.quantities import Quantity

NAMED, NAMED_LATER, OLD_VALUE, UNNAMED, SHOWN = 10.0, 7.0, 3.0, 1.0, 8
DISTINCTIVE, CLOSE = 10, 0.75
_UNITS = {
    "ms": 0.001, "millisecond": 0.001, "milli": 0.001, "s": 1.0, "sec": 1.0, "second": 1.0, "min": 60.0,
    "minute": 60.0, "h": 3600.0, "hr": 3600.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0,
    "byte": 1.0, "kb": 1024.0, "kib": 1024.0, "mb": 1024.0**2, "mib": 1024.0**2, "gb": 1024.0**3,
    "gib": 1024.0**3,
}  # fmt: skip
_SUFFIX = re.compile(
    r"(?:^|_)(ms|millis|milliseconds?|s|secs?|seconds?|mins?|minutes?|hours?|days?|bytes?|kb|kib|mb|mib|gb)$",
    re.I,
)
_TIMEDELTA = frozenset({"milliseconds", "seconds", "minutes", "hours", "days", "weeks"})
_NUMBER = re.compile(r"[-+]?[\d_]*\.?\d+")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Where to write what; several only when one text stands in several places."""

    places: tuple[Place, ...]
    literals: tuple[str, ...]
    value: str | int | float | bool | None
    claim: ConstantClaim
    is_shared: bool = False
    """Whether something else has the same name and value, so that the name alone does not tell it apart."""

    rivals: tuple[str, ...] = ()
    """Other texts that contain the old one."""

    @property
    def spelled(self) -> tuple[str, ...]:
        """The literals for other files, where the names in `20 * MIB` mean nothing."""
        is_number = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        return tuple(
            repr(self.value) if is_number and re.search(r"[A-Za-z_]{2}", literal) else literal
            for literal in self.literals
        )


def choose(claim: ConstantClaim, found: Iterable[Place], *, relevance: Mapping[str, float]) -> Chosen:
    """The place that fits best; NeedsHuman lists them when several do, or says what was looked for."""
    everything = list(found)
    scored = [(score, place) for place in everything if (score := _score(claim, place)) > 0]
    if not scored:
        raise NeedsHuman(_nothing(claim, everything))
    if exact := [pair for pair in scored if claim.old is not None and pair[1].value == claim.old.text]:
        scored = exact
    best = max(score for score, _ in scored)
    reach = best if claim.is_everywhere and claim.old is not None and UNNAMED < best < NAMED_LATER else CLOSE
    top = [place for score, place in scored if score > best - reach]
    if len({place.repository for place in top}) > 1:
        nearest = max(relevance.get(place.repository, 0.0) for place in top)
        near = [place for place in top if relevance.get(place.repository, 0.0) == nearest]
        top = (
            near
            if nearest
            > 1.5
            * max((relevance.get(place.repository, 0.0) for place in top if place not in near), default=0.0)
            else top
        )
    is_sentence = claim.old is not None and len(claim.old.text) >= 12 and " " in claim.old.text
    is_one_thing = is_sentence or (claim.is_everywhere and claim.old is not None)
    if len(top) > 1 and not (is_one_thing and len({place.repository for place in top}) == 1):
        listed = "; ".join(f"{place.repository}: {place.title}" for place in top[:SHOWN])
        raise NeedsHuman(
            f"{len(top)} places could be what the ticket means: {listed}. Name the one to change to "
            f"{claim.new.text}, with its module or class"
        )
    pairs = [_written(claim, place) for place in top]
    top = [
        _with_keyword(place) if "=" in literal and "timedelta(" in place.wrapper else place
        for place, (literal, _) in zip(top, pairs, strict=True)
    ]
    return Chosen(
        places=tuple(top),
        literals=tuple(literal for literal, _ in pairs),
        value=pairs[0][1],
        claim=claim,
        rivals=tuple(
            {
                each.value
                for each in everything
                if isinstance(each.value, str)
                and each.value != top[0].value
                and str(top[0].value) in each.value
            }
        ),
        is_shared=any(
            (each.repository, each.name, each.value) == (top[0].repository, top[0].name, top[0].value)
            for each in everything
            if each.name and each not in top
        ),
    )


def _score(claim: ConstantClaim, place: Place) -> float:
    if place.value in claim.kept_texts or str(place.value) == claim.new.text:
        return 0.0
    if not _fits(claim, place) or {place.name, *place.owner.split(".")} & set(claim.kept):
        return 0.0
    if place.kind == "text":
        in_it = claim.old is not None and claim.new.is_quoted and claim.old.text in str(place.value)
        return OLD_VALUE + (len(claim.old.text) > 3) if in_it and claim.old is not None else 0.0
    named = _named(claim, place)
    described = describes(claim, place)
    if claim.old is not None:
        if not _is_old(claim.old, place):
            return 0.0
        is_long = claim.new.is_quoted and len(claim.old.text) > 10
        if named or described > 0.6 or is_long:
            return OLD_VALUE + named + described
        # A value that nothing else has may be called what it likes, as long as its surroundings are meant.
        is_rare = claim.is_everywhere or _is_distinctive(claim.old)
        return UNNAMED if is_rare and is_nearby(claim, place) else 0.0
    return named + described if named or described >= 2.0 else 0.0


def _is_distinctive(old: Quantity) -> bool:
    return old.number is not None and (old.unit in _UNITS or abs(old.number) >= DISTINCTIVE)


def _fits(claim: ConstantClaim, place: Place) -> bool:
    value = place.value
    if claim.new.number is not None:
        return (isinstance(value, int | float) and not isinstance(value, bool)) or (
            isinstance(value, str) and _NUMBER.fullmatch(value) is not None
        )
    if claim.new.text in {"True", "False"} and not claim.new.is_quoted:
        return isinstance(value, bool)
    if claim.new.text == "None" and not claim.new.is_quoted:
        return place.kind != "text"
    return isinstance(value, str)


def _named(claim: ConstantClaim, place: Place) -> float:
    names = claim.names
    qualified = f"{place.path.removesuffix('.py').replace('/', '.')}.{place.owner}.{place.name}".replace(
        "..", "."
    )
    for position, name in enumerate(names):
        plain = name.strip("`").replace('["', ".").replace("['", ".").replace('"]', "").replace("']", "")
        plain = plain.replace("-", "_").lstrip("_")
        exact = place.name.replace("-", "_").lstrip("_")
        weight = NAMED if position == 0 else NAMED_LATER
        if "." in plain:
            if f".{qualified.replace('-', '_')}".endswith(f".{plain}"):
                return weight + 2.0
        elif plain == exact:
            others = [other for other in names if other != name and other in qualified.split(".")]
            # What the same sentence names says more than what the rest of the ticket does.
            return weight + min(sum(1.0 if other in claim.near else 0.2 for other in others), 2.0)
        elif plain.lower() == exact.lower():
            return weight - 1.0
    return 0.0


def _is_old(old: Quantity, place: Place) -> bool:
    if old.number is None or isinstance(place.value, bool):
        return str(place.value) == old.text or (
            isinstance(place.value, str) and len(old.text) > 10 and old.text in place.value
        )
    return _factor(old, place) is not None


def _number(place: Place) -> float:
    return float(str(place.value).replace("_", ""))


def _factor(old: Quantity, place: Place) -> float | None:
    """What the ticket's number is multiplied by in the code; None when the old value is not this one."""
    number = old.number
    if number is None:
        return None
    return next((each for each in _factors(old, place) if abs(number * each - _number(place)) < 1e-9), None)


def _factors(quantity: Quantity, place: Place) -> list[float]:
    if quantity.unit in {"%", "percent"}:
        return [1.0, 0.01]
    unit = _UNITS.get(quantity.unit)
    if unit is None:
        return [1.0]
    wrapped = re.search(r"timedelta\((\w+)=", place.wrapper)
    suffix = _SUFFIX.search(place.name) or wrapped
    if suffix is not None:
        own = _UNITS.get(suffix[1].lower().rstrip("s") if len(suffix[1]) > 2 else suffix[1].lower(), 1.0)
        return [unit / own]
    return [1.0, unit, unit * 1000] if unit != 1.0 else [1.0, 1000.0]


def _written(claim: ConstantClaim, place: Place) -> tuple[str, str | int | float | bool | None]:
    """The new literal and its value."""
    if claim.new.number is None:
        return _text(claim, place)
    if claim.old is not None and claim.old.number is not None:
        factor = _factor(claim.old, place) or 1.0
        if claim.old.unit != claim.new.unit and claim.old.unit in _UNITS and claim.new.unit in _UNITS:
            factor *= _UNITS[claim.new.unit] / _UNITS[claim.old.unit]
    else:
        options = _factors(claim.new, place)
        if len(options) > 1 and not (
            claim.new.unit in {"s", "sec", "second"} or claim.new.unit in {"%", "percent"}
        ):
            raise NeedsHuman(
                f"{place.title} does not say its unit; the ticket says {claim.new.text} {claim.new.unit}: "
                f"say the old value too"
            )
        factor = options[0]
        if claim.new.unit in {"%", "percent"} and 0 < abs(_number(place)) < 1:
            factor = 0.01
    number = round(claim.new.number * factor, 9)
    keyword = f"{claim.new.unit}s"
    if number % 1 and keyword in _TIMEDELTA and re.search(r"timedelta\(\w+=$", place.wrapper):
        # `minutes=1` becomes `seconds=15`, not `minutes=0.25`.
        return f"{keyword}={claim.new.text}", claim.new.number
    return _numeral(claim, place, number)


def _with_keyword(place: Place) -> Place:
    keyword = place.wrapper.partition("(")[2]
    return replace(place, start=place.start - len(keyword), source=f"{keyword}{place.source}")


def _numeral(claim: ConstantClaim, place: Place, number: float) -> tuple[str, str | int | float]:
    old = place.source
    if isinstance(place.value, str):
        bare = place.value
        decimals = len(bare.partition(".")[2])
        text = f"{number:.{decimals}f}" if decimals else f"{number:g}" if number % 1 else str(int(number))
        return old.replace(bare, text), text
    first = re.match(r"\d[\d_]*", old)
    if re.search(r"\*(?!\*)", old) and first and claim.new.number is not None and claim.new.number % 1 == 0:
        rest = _number(place) / float(first[0].replace("_", ""))
        if rest and (number / rest) % 1 == 0:
            # `10 * 1024 * 1024` stays a product.
            return f"{int(number / rest)}{old[first.end() :]}", int(number)
    if isinstance(place.value, float):
        return (f"{number:.1f}" if number % 1 == 0 else f"{number:g}"), number
    if number % 1:
        return f"{number:g}", number
    grouped = (
        f"{int(number):_}" if "_" in old or (number >= 10_000 and "_" in claim.new.text) else str(int(number))
    )
    return grouped, int(number)


def _text(claim: ConstantClaim, place: Place) -> tuple[str, str | bool | None]:
    if not claim.new.is_quoted and claim.new.text in {"True", "False", "None"}:
        literal = claim.new.text
        if place.kind == "setting":
            literal = literal.lower() if place.source.islower() else literal
        return literal, {"True": True, "False": False}.get(claim.new.text)
    value = str(place.value)
    new = claim.new.text
    if claim.old is not None and claim.old.text != value:
        new = value.replace(claim.old.text, claim.new.text)
        if claim.old.text in place.source:
            return place.source.replace(claim.old.text, _escaped(claim.new.text, place.source)), new
    if place.kind == "setting":
        quote = place.source[:1] if place.source[:1] in "\"'" else ""
        return f"{quote}{new}{quote}", new
    prefix = re.match(r"[A-Za-z]*", place.source)
    quote = '"""' if '"""' in place.source[:6] else "'" if place.source.lstrip("rRbBfFuU")[:1] == "'" else '"'
    if quote in new or "\\" in new or "\n" in new:
        return repr(new), new
    return f"{(prefix[0] if prefix else '').replace('r', '').replace('R', '')}{quote}{new}{quote}", new


def _escaped(text: str, source: str) -> str:
    quote = source.lstrip("rRbBfFuU")[:1]
    return text.replace("\\", "\\\\").replace(quote, f"\\{quote}") if quote in text else text


def _nothing(claim: ConstantClaim, everything: Sequence[Place]) -> str:
    what = ", ".join(claim.names[:5]) or claim.about
    old = f" with the value {claim.old.text!r}" if claim.old else ""
    like = [place for place in everything if place.name and _named(claim, place)]
    hint = (
        f"; there are {'; '.join(f'{place.repository}: {place.title}' for place in like[:SHOWN])}"
        if like
        else ""
    )
    return (
        f"no place was found for {what}{old} that should become {claim.new.text!r}{hint}. Name the constant, "
        f"default or message as the code does; else this needs a language model: set "
        f"SLIPWAY_MODEL_PROVIDER=bedrock or openai"
    )

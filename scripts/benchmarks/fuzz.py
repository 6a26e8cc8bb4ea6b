"""Mutated deliveries through the real handlers: nothing unproven may have an effect, nothing may break."""

from __future__ import annotations

import importlib
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from unittest import mock

from pydantic import JsonValue

from lambdas.http import Event, Response
from scripts.benchmarks.deliveries import WELL_FORMED
from scripts.benchmarks.fuzzed_platform import NOW, footprint, fuzzed_platform
from scripts.benchmarks.mutations import Mutated, mutate
from scripts.benchmarks.signing import is_proven
from slipway.adapters.memory.platform import MemoryPlatform
from slipway.domain.problem import CONTENT_TYPE, Problem

_PLATFORM_LASTS = 250
"""Deliveries into one platform; then it is made anew, so that there is always something to act on."""
_SHOWN = 20
_REFUSED = range(400, 500)
Handler = Callable[[Event, object], Response]


@dataclass
class Tally:
    """What became of the deliveries of one source."""

    deliveries: int = 0
    proven: int = 0
    effects: int = 0
    tasks: int = 0
    statuses: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, kw_only=True)
class Breach:
    """One delivery that broke a promise; its number and the seed make it again."""

    number: int
    source: str
    mutation: str
    promise: str
    event: str


@dataclass(kw_only=True)
class FuzzReport:
    """Every source's tally, and what went wrong."""

    seed: int
    seconds: float = 0.0
    tallies: dict[str, Tally] = field(default_factory=dict)
    breaches: list[Breach] = field(default_factory=list)

    def document(self) -> dict[str, JsonValue]:
        """Stable keys."""
        return {
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "deliveries": sum(tally.deliveries for tally in self.tallies.values()),
            "breaches": len(self.breaches),
            "first_breaches": [vars(one) for one in self.breaches[:_SHOWN]],
            "sources": {
                source: {
                    "deliveries": tally.deliveries,
                    "proven": tally.proven,
                    "effects": tally.effects,
                    "tasks": tally.tasks,
                    "statuses": {str(status): count for status, count in sorted(tally.statuses.items())},
                }
                for source, tally in sorted(self.tallies.items())
            },
        }


class _Held:
    """The platform that every handler finds."""

    def __init__(self) -> None:
        self.platform = fuzzed_platform()

    def __call__(self) -> MemoryPlatform:
        return self.platform


def fuzz(*, deliveries: int, seed: int) -> FuzzReport:
    """The same seed makes the same deliveries."""
    chance, report, held = Random(seed), FuzzReport(seed=seed), _Held()
    started = time.monotonic()
    with _handlers(held) as handlers, _quiet():
        for number in range(deliveries):
            if number % _PLATFORM_LASTS == 0:
                held.platform = fuzzed_platform()
            mutated = mutate(chance.choice(WELL_FORMED), chance, now=int(NOW.timestamp()))
            tally = report.tallies.setdefault(mutated.source, Tally())
            for promise in _deliver(mutated, handlers[mutated.handler], held.platform, tally):
                report.breaches.append(
                    Breach(
                        number=number,
                        source=mutated.source,
                        mutation=mutated.kind,
                        promise=promise,
                        event=repr(mutated.event)[:2000],
                    )
                )
    report.seconds = time.monotonic() - started
    return report


def _deliver(mutated: Mutated, handler: Handler, platform: MemoryPlatform, tally: Tally) -> Iterator[str]:
    """Deliver it; yields the promises that were broken."""
    proven = is_proven(mutated.event, source=mutated.source, now=int(NOW.timestamp()))
    before, tasks = footprint(platform), len(platform.event_log.tasks)
    tally.deliveries += 1
    tally.proven += proven
    try:
        answer = handler(mutated.event, None)
    except Exception as error:
        yield f"no unhandled exception: {error!r}"
        return
    status = answer["statusCode"]
    effect = footprint(platform) != before
    tally.statuses[status] += 1
    tally.effects += effect
    tally.tasks += len(platform.event_log.tasks) - tasks
    if status >= 500:
        yield f"no 5xx: {status} {answer['body'][:200]}"
    if not proven and effect:
        yield "nothing unproven has an effect"
    if not proven and status not in _REFUSED:
        yield f"what is unproven is refused: {status}"
    if proven and status == 401:
        yield "what is proven is let in"
    if effect and status in _REFUSED:
        yield f"what is refused has no effect: {status}"
    if said := _malformed(answer):
        yield said


def _malformed(answer: Response) -> str:
    if answer["statusCode"] not in range(400, 600):
        return (
            "" if not answer["body"] or isinstance(json.loads(answer["body"]), Mapping) else "a body is JSON"
        )
    problem = Problem.model_validate_json(answer["body"])
    fits = answer["headers"]["content-type"] == CONTENT_TYPE and problem.status == answer["statusCode"]
    return "" if fits else "an error is a problem document"


@contextmanager
def _handlers(held: _Held) -> Iterator[dict[str, Handler]]:
    """The deployed handlers, on the platform that is held."""
    with ExitStack() as stack:
        found: dict[str, Handler] = {}
        for folder in {sent.handler for sent in WELL_FORMED}:
            module = importlib.import_module(f"lambdas.{folder}.handler")
            stack.enter_context(mock.patch.object(module, "platform", held))
            found[folder] = module.handler
        yield found


@contextmanager
def _quiet() -> Iterator[None]:
    """A refusal is a line in the log; a hundred thousand of them are noise."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)

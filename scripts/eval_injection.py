"""`slipway eval injection`: what the platform contains even when its model obeys whatever is injected."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator
from itertools import islice

import typer

from local.sandbox import Executor, open_executor
from local.supervisor.layout import layout
from scripts.injection.agent_attacks import AgentAttacks
from scripts.injection.attack import Control, Verdict, catalogue
from scripts.injection.gate_attacks import gate_attacks
from scripts.injection.gateway_host import gateway_host
from scripts.injection.outside import Outside
from scripts.injection.people_attacks import people_attacks
from scripts.injection.report import Report
from scripts.injection.world import a_platform, surroundings
from scripts.output import Output, OutputOption, emit


def injection(output: OutputOption = Output.TEXT) -> None:
    """Play injected instructions through the real agents with a model that obeys them all.

    Exit 1 when one was not contained, or not by the control that is counted for it.

    Example: slipway eval injection --output json
    """
    report = evaluate(open_executor(layout().toolchain))
    emit(report.document(), output=output, text=report.text)
    if report.missed:
        raise typer.Exit(1)


def evaluate(executor: Executor, *, only: Control | None = None, at_most: int | None = None) -> Report:
    """Play every attack, or at most so many of those that one control is counted for."""
    started = time.monotonic()
    with _quiet():
        verdicts = [*islice(_on_agents(executor, only), at_most)]
        for others in (people_attacks(only), gate_attacks(only)):
            verdicts += islice(others, at_most)
    isolated = executor.isolates_network and executor.isolates_files
    left_out = () if isolated else (f"attacks on the sandbox: {executor.description}",)
    return Report(verdicts, time.monotonic() - started, left_out)


def _on_agents(executor: Executor, only: Control | None) -> Iterator[Verdict]:
    goals, attacks = catalogue()
    isolated = executor.isolates_network and executor.isolates_files
    wanted = [
        attack
        for attack in attacks
        if only in {None, goals[attack.goal].stopped_by}
        and (isolated or goals[attack.goal].stopped_by is not Control.SANDBOX)
    ]
    if not wanted:
        return
    platform = a_platform()
    outside = Outside(platform.forge)
    with surroundings() as around, gateway_host(outside, platform) as host:
        playing = AgentAttacks(host, executor, around)
        for attack in wanted:
            yield playing.play(attack, goals[attack.goal])


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Refusals are what is looked for: their log lines are noise here."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)

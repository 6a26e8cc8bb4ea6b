"""From a claim and a plan to a proven commit: reproduce, repair, and see red, green and the whole suite."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import DraftTask, Probe, Trees, WorkItem
from slipway.playbooks.crash.assumptions import Scene, assumed
from slipway.playbooks.crash.case import Case, by_attributes, gives_plain_object
from slipway.playbooks.crash.claim import CrashClaim, Expectation, Wish
from slipway.playbooks.crash.culprit import Site, locate
from slipway.playbooks.crash.formatting import formatted
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.onlookers import fallen
from slipway.playbooks.crash.regression_text import with_test
from slipway.playbooks.crash.repair import Repair, repairs
from slipway.playbooks.crash.reproduction import Calls, Reproduction, entries, observe, reproduce
from slipway.playbooks.crash.sandbox_answers import Asking
from slipway.playbooks.crash.source_index import Function, SourceIndex

_MAX_REPRODUCTIONS = 4
_MAX_PROOFS = 3


def solved(claim: CrashClaim, task: DraftTask, trees: Trees) -> Asking[WorkItem]:
    """The task's commit, or NeedsHuman with what was tried."""
    tree = trees[task.repository]
    layout = Layout(SourceIndex(tree))
    sites = locate(claim, {task.repository: tree})
    functions = entries(claim, sites, layout)
    calls = yield from observe(functions, layout, task.repository)
    search = _Search(claim, task, layout, calls, sites)
    for entry in functions:
        found = yield from reproduce(claim, entry, sites[-1], layout, calls)
        item = yield from search.settled(found)
        if item is not None:
            return item
    raise search.refusal(sites[-1], functions)


class _Search:
    """Goes through reproductions, wishes and repairs until one is proven."""

    def __init__(
        self, claim: CrashClaim, task: DraftTask, layout: Layout, calls: Calls, sites: tuple[Site, ...]
    ) -> None:
        self.claim, self.task, self.layout, self.calls, self.sites = claim, task, layout, calls, sites
        self.reasons: list[str] = []
        self.proofs = 0
        self.assumption = ""
        self.best: Reproduction | None = None

    def settled(self, found: tuple[Reproduction, ...]) -> Asking[WorkItem | None]:
        """The first repair that is proven; None when there is none, or when enough were tried."""
        for reproduction in _different(found):
            self.best = self.best or reproduction
            case = self._case(reproduction)
            cases = (case, by_attributes(case)) if gives_plain_object(case) else (case,)
            for one in cases:
                item = yield from self._first_proven(one)
                if item is not None or self.proofs >= _MAX_PROOFS:
                    return item
        return None

    def _first_proven(self, case: Case) -> Asking[WorkItem | None]:
        for wish in self._wishes(case):
            options = yield from repairs(case, wish)
            if not options:
                self.reasons.append(f"no small guard makes it so that {wish}{_said(wish)}")
            for option in options:
                if self.proofs >= _MAX_PROOFS:
                    return None
                item = yield from self._proven(case, option)
                if item is not None and wish.wish is not Wish.RAISE:
                    changes = {path: text for path, text in item.changes.items() if text is not None}
                    upset = yield from fallen(case, self.claim, self.sites, self.calls, changes)
                    self.reasons += [f"with a guard that {option.phrase} {upset}"] if upset else []
                    item = None if upset else item
                if item is not None:
                    return item
        return None

    def _case(self, reproduction: Reproduction) -> Case:
        place = reproduction.outcome.places[0]
        kinds = tuple(str(call["type"]) for call in self.calls.get(place.qualified, ()) if "type" in call)
        return Case(
            reproduction=reproduction,
            repository=self.task.repository,
            layout=self.layout,
            allowed=frozenset(self.task.source_files),
            observed=kinds,
        )

    def _wishes(self, case: Case) -> tuple[Expectation, ...]:
        """The ticket's own words first; what the code suggests only where the ticket is silent."""
        shown = case.attempt.expected
        asked = [Expectation(wish=Wish.RESULT, value=shown)] if shown is not None else []
        asked += self.claim.expectations[:3]
        if asked:
            return tuple(asked)
        if wanted := [example for example in self.claim.examples if example.expected is not None]:
            self.reasons.append(
                f"the ticket's example with the result {wanted[0].expected} could not be run as it stands"
            )
            return ()
        troubles, entry = case.troubles(), case.entry
        home = self.layout.index.module(entry.path) if entry else None
        if not troubles or entry is None or home is None:
            return ()
        scene = Scene(
            trouble=troubles[0],
            entry=entry,
            home=home,
            layout=self.layout,
            observed=case.observed,
            prose=self.claim.prose,
        )
        found = assumed(scene)
        if len(found) == 1:
            self.assumption = f" Assumed, because the ticket does not say it: {found[0]}."
            return (found[0].expectation,)
        options = " or ".join(str(each) for each in found)
        self.reasons.append(
            f"nothing says what {entry.qualified} should do instead: return a value, raise an "
            "error of its own, or skip the entry; say so in the ticket"
            + (f" (the code suggests that {options})" if options else "")
        )
        return ()

    def _proven(self, case: Case, repair: Repair) -> Asking[WorkItem | None]:
        """Red without the change, green with it, and no other test worse than before."""
        path = self.task.test_files[0]
        entry = case.entry or repair.trouble.function
        text, test = with_test(
            path,
            attempt=case.attempt,
            claimed=repair.claimed,
            function=entry,
            cause=repair.trouble.cause,
            layout=self.layout,
        )
        files = yield from formatted({**repair.files, path: text}, self.layout, self.task.repository)
        tests = {path: files[path]}
        changes: dict[str, str | None] = {name: files[name] for name in repair.files}
        command = f"python -m pytest -q {shlex.quote(f'{path}::{test}')}"
        red = yield Probe(repository=self.task.repository, command=command, files=tests)
        raised = case.reproduction.outcome.raised or ""
        # Where the wanted exception is a base of the raised one, only its message is missing.
        is_base = repair.claimed.exception in case.reproduction.outcome.kinds
        is_shown = raised in red.output or is_base or repair.claimed.is_new
        if red.exit_code != 1 or not is_shown:
            self.reasons.append(f"the test did not fail with {raised} before the change")
            return None
        self.proofs += 1
        green = yield Probe(repository=self.task.repository, command=command, files=files)
        if green.exit_code != 0:
            self.reasons.append(
                f"a guard that {repair.phrase} does not pass the test: {_last_line(green.output)}"
            )
            return None
        worse = yield from self._broken(files)
        if worse:
            self.reasons.append(f"a guard that {repair.phrase} breaks {', '.join(worse[:3])}")
            return None
        function = repair.trouble.function.qualified
        return WorkItem(
            repository=self.task.repository,
            summary=f"{function}: {self._summary(case, repair)}",
            tests=tests,
            changes=changes,
            red_command=command,
            green_command=command,
            rationale=(
                f"`{_one_line(case.attempt.expression)}` raised {raised} in {function}; now {function} "
                f"{repair.phrase}, so that the call {repair.claimed}.{self.assumption}"
            ),
        )

    def _summary(self, case: Case, repair: Repair) -> str:
        raised = case.reproduction.outcome.raised
        cause = repair.trouble.cause.replace("_", " ")
        cause = "the input is invalid" if cause == "invalid" else cause
        return f"no {raised} when {cause}"

    def _broken(self, files: Mapping[str, str]) -> Asking[list[str]]:
        """Tests that fail with the change and did not before."""
        after = yield Probe(
            repository=self.task.repository, command=self.layout.suite, files=files, timeout_seconds=300
        )
        if after.exit_code == 0:
            return []
        before = yield Probe(repository=self.task.repository, command=self.layout.suite, timeout_seconds=300)
        failing = set(_failures(after.output)) - set(_failures(before.output))
        if not failing and before.exit_code == 0:
            return [_last_line(after.output)]
        return sorted(failing)

    def refusal(self, culprit: Site, tried: tuple[Function, ...]) -> NeedsHuman:
        """Why a person is needed: nothing crashed as described, or nothing that was tried helped."""
        if self.best is None:
            names = ", ".join(function.qualified for function in tried)
            return NeedsHuman(
                f"could not reproduce {self.claim.crash.exception} in {culprit.function.qualified} "
                f"({culprit.function.path} of {culprit.repository}): calls of {names} from the ticket, "
                "from the tests and from the signatures were run and none raised it there; add an example "
                "call with its input to the ticket"
            )
        why = "; ".join(dict.fromkeys(self.reasons)) or "no repair was found"
        return NeedsHuman(
            f"reproduced {self.best.outcome.raised} with `{_one_line(self.best.attempt.expression)}` in "
            f"{self.best.place.path}, but could not prove a fix: {why}"
        )


def _said(wish: Expectation) -> str:
    return f" (“{' '.join(wish.sentence.removeprefix('Expected: ').split())[:160]}”)" if wish.sentence else ""


def _different(found: tuple[Reproduction, ...]) -> tuple[Reproduction, ...]:
    """The best program of each kind (another failing place, another entry), then the second best of each."""
    kinds: dict[tuple[object, ...], list[Reproduction]] = {}
    for one in found:
        first, last = one.outcome.places[0], one.place
        kinds.setdefault((first.qualified, last.path, last.line, last.column), []).append(one)
    chosen = [group[rank] for rank in range(2) for group in kinds.values() if rank < len(group)]
    return tuple(chosen)[:_MAX_REPRODUCTIONS]


def _failures(output: str) -> list[str]:
    return re.findall(r"^(?:FAILED|ERROR)\s+(\S+)", output, re.M)


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("E  ")]
    return (errors or lines or ["no output"])[-1][:200]


def _one_line(code: str) -> str:
    code = re.sub(r"_(?:text_)?file\(('[^']*'), .*?\)(?=[,)])", r"\1", code)
    return code if len(code) <= 160 else f"{code[:157]}..."

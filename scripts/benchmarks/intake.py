"""Tickets delivered several times in any order while the laptop breaks: one task each, all of them end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import httpx
from pydantic import JsonValue

from local.sample_org import TicketFile
from local.supervisor.addresses import Addresses
from local.supervisor.emulator_client import checked, emulator_session
from local.supervisor.laptop import read_record, start_detached, take_down
from local.supervisor.layout import layout
from scripts.file_ticket import file_ticket
from scripts.target import resolve
from slipway.bootstrap import AwsPlatform
from slipway.domain import names
from slipway.domain.task import Task, TaskState
from stacks.functions import FUNCTIONS

_WISH = "Make page {} of the handbook feel more delightful and modern; be creative!"
_TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/opt/nowhere/page_{0}.py", line 7, in show_{0}\n    return pages[{0}]\n'
    "IndexError: list index out of range\n"
)
_HASTY = ("preflight", "dispatch_tasks", "invoke_agent")
"""Functions that get too little time for a while."""
_ASK_SECONDS = 1.0
_STATES = tuple(TaskState)
Say = Callable[[str], None]


@dataclass(kw_only=True)
class IntakeReport:
    """What was sent, what was broken, and what became of it."""

    tickets: int
    seed: int
    alerts: int = 0
    sent: int = 0
    agents_killed: int = 0
    timeouts_set: int = 0
    restarts: int = 0
    seconds: float = 0.0
    tasks: int = 0
    states: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Exactly one task for each ticket, and each at its end."""
        return self.tasks == self.tickets and not (self.lost or self.doubled or self.unfinished)

    def document(self) -> dict[str, JsonValue]:
        """Stable keys."""
        return {
            "tickets": self.tickets,
            "seed": self.seed,
            "from_alerts": self.alerts,
            "deliveries": self.sent,
            "agents_killed": self.agents_killed,
            "functions_timed_out": self.timeouts_set,
            "emulator_restarts": self.restarts,
            "seconds": round(self.seconds, 1),
            "tasks": self.tasks,
            "states": {**self.states},
            "lost": [*self.lost],
            "doubled": [*self.doubled],
            "unfinished": [*self.unfinished],
            "held": self.held,
        }


class Scenario:
    """One run; tickets are wishes that no rule fulfils, so each costs one agent and ends with a person."""

    def __init__(self, *, tickets: int, seed: int, deadline_seconds: float, say: Say) -> None:
        self._random = Random(seed)
        self._run = time.time_ns() // 1_000_000
        self._say = say
        self._deadline = time.monotonic() + deadline_seconds
        self._record = read_record(layout()) or start_detached(layout(), say=say)
        self._target = resolve(None)
        self._before = frozenset(task.id for task in self._everything())
        self._keys: dict[int, str] = {}
        self._issues: set[int] = set()
        self._report = IntakeReport(tickets=tickets, seed=seed)

    def run(self) -> IntakeReport:
        """Send everything while things break, wait for the ends, then repeat every delivery once more."""
        began = time.monotonic()
        self._give_enough_time()
        tickets = self._report.tickets
        copies = [number for number in range(tickets) for _ in range(self._random.randint(1, 5))]
        self._random.shuffle(copies)
        breaks = {
            len(copies) // 4: self._give_too_little_time,
            len(copies) // 2: self._restart,
            len(copies) // 4 + len(copies) // 8: self._give_enough_time,
        }
        for index, number in enumerate(copies):
            self._send(number)
            if index in breaks:
                breaks[index]()
            if self._random.random() < 0.1:
                self._kill_agents()
        self._give_enough_time()
        self._wait(kill=True)
        self._say("every task ended, or time is up; every delivery comes once more")
        for number in sorted(self._keys | dict.fromkeys(self._issues, "")):
            self._send(number)
        self._wait(kill=False)
        report = self._judge(began)
        self._close()
        return report

    def _send(self, number: int) -> None:
        """The first time a ticket is filed or an application fails; then the delivery is repeated."""
        self._report.sent += 1
        if number % 10 == 9:
            self._issues.add(number)
            self._post(self._addresses.sentry, "/_admin/alerts", self._error(number))
        elif number not in self._keys:
            wish = TicketFile(summary=_WISH.format(number), labels=("AI",))
            self._keys[number] = file_ticket(self._addresses.jira, wish)
        self._repeat(self._keys.get(number, ""))

    def _repeat(self, key: str) -> None:
        """Each of Jira's own deliveries about a ticket, as it was."""
        if not key:
            return
        for kept in self._deliveries():
            if kept["issue_key"] == key:
                self._report.sent += 1
                self._post(self._addresses.jira, f"/_admin/deliveries/{kept['id']}/redeliver", {})

    def _deliveries(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = httpx.get(
            f"{self._addresses.jira}/_admin/deliveries", timeout=60, trust_env=False
        ).json()
        return found

    def _kill_agents(self) -> None:
        """Every agent process that runs, in the middle of whatever it does."""
        running = httpx.get(f"{self._addresses.emulator}/_slipway/agents", timeout=60, trust_env=False).json()
        for name in sorted({one["agent"] for one in running}):
            self._post(self._addresses.emulator, f"/_slipway/agents/{name}/kill", {}, missing=404)
            self._report.agents_killed += 1

    def _give_too_little_time(self) -> None:
        self._say("functions get one second")
        self._timeouts(dict.fromkeys(_HASTY, 1))
        self._report.timeouts_set += len(_HASTY)

    def _give_enough_time(self) -> None:
        self._timeouts({name: FUNCTIONS[name].timeout_seconds for name in _HASTY})

    def _timeouts(self, seconds: dict[str, int]) -> None:
        functions = emulator_session().client("lambda", endpoint_url=checked(self._addresses.emulator))
        for folder, limit in seconds.items():
            name = names.function("dev", folder)
            functions.update_function_configuration(FunctionName=name, Timeout=limit)
        functions.close()

    def _restart(self) -> None:
        self._say("the emulator and everything beside it restarts")
        self._close()
        take_down(layout())
        self._record = start_detached(layout(), say=lambda _: None)
        self._target = resolve(None)
        self._report.restarts += 1

    def _close(self) -> None:
        """Give the connections back, which end with the emulator anyway."""
        if isinstance(self._target.platform, AwsPlatform):
            self._target.platform.close()

    def _wait(self, *, kill: bool) -> None:
        """Until every ticket has an ended task, or the deadline."""
        while time.monotonic() < self._deadline:
            tasks = self._tasks()
            ended = sum(task.state.is_terminal for task in tasks)
            if ended == len(tasks) >= self._report.tickets:
                return
            if kill and self._random.random() < 0.05:
                self._kill_agents()
            time.sleep(_ASK_SECONDS)

    def _judge(self, began: float) -> IntakeReport:
        report = self._report
        tasks = self._tasks()
        by_ticket = Counter(task.ticket_key for task in tasks)
        report.alerts = len(self._issues)
        report.tasks = len(tasks)
        report.states.update(str(task.state) for task in tasks)
        report.lost = sorted(key for key in self._keys.values() if key not in by_ticket)
        report.doubled = sorted(key for key, count in by_ticket.items() if count > 1)
        report.unfinished = sorted(task.id for task in tasks if not task.state.is_terminal)
        report.seconds = time.monotonic() - began
        return report

    def _tasks(self) -> list[Task]:
        return [task for task in self._everything() if task.id not in self._before]

    def _everything(self) -> list[Task]:
        """Each once, though it may move while the states are read."""
        tasks = self._target.platform.tasks
        return list({task.id: task for state in _STATES for task in tasks.in_state(state)}.values())

    @property
    def _addresses(self) -> Addresses:
        return self._record.addresses

    def _post(self, base: str, path: str, body: dict[str, str], *, missing: int = 0) -> None:
        answer = httpx.post(f"{base}{path}", json=body, timeout=60, trust_env=False)
        if answer.status_code != missing:
            answer.raise_for_status()

    def _error(self, number: int) -> dict[str, str]:
        """An error that Sentry has not seen in an earlier run."""
        return {"project": "nowhere", "traceback": _TRACEBACK.format(f"{self._run}_{number}")}

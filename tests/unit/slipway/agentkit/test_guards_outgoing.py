"""The last look at what an agent sends, and the scan at the edge of adapters."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from pydantic import JsonValue

from slipway.adapters.memory.chat import MemoryChat
from slipway.adapters.memory.forge import MemoryForge
from slipway.adapters.memory.tracker import MemoryTracker
from slipway.agentkit.gateway import Reply
from slipway.agentkit.guards_outgoing import GuardedGateway
from slipway.domain.errors import PolicyRefused
from slipway.domain.ticket import Priority
from slipway.ports.tracker import NewTicket

SECRET = "ghp_" + "Zk7Qw9Xr2Tn5Vb8Ym3Lc6Hd1Jf4Gs0Pa"


@dataclass
class Recorder:
    """A gateway that answers with its script and keeps what it was asked."""

    answer: str = "{}"
    calls: list[str] = field(default_factory=list)

    def described(self):
        return {}

    def call(self, name: str, arguments: dict[str, JsonValue]) -> Reply:
        self.calls.append(name)
        return Reply((self.answer,))

    def close(self) -> None: ...


def push(branch: str = "feature/x", path: str = "src/a.py", content: str = "x = 1\n") -> dict[str, JsonValue]:
    files: JsonValue = [{"path": path, "content": content}]
    return {"owner": "acme", "repo": "shop", "branch": branch, "files": files, "message": "m"}


def test_a_push_to_the_plans_branch_goes_on() -> None:
    recorder = Recorder()
    GuardedGateway(recorder, run_id="r").call("github___push_files", push())
    assert recorder.calls == ["github___push_files"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (push(branch="main"), "default branch"),
        (push(branch="refs/heads/master"), "default branch"),
        (push(path=".github/workflows/ci.yml"), "only people change workflows"),
        (push(path=".slipway.yml"), "only people change workflows"),
        (push(content=f"TOKEN = '{SECRET}'\n"), "holds a credential"),
    ],
)
def test_what_no_agent_may_send_is_refused_before_it_leaves(
    arguments: dict[str, JsonValue], why: str
) -> None:
    recorder = Recorder()
    with pytest.raises(PolicyRefused, match=why) as refused:
        GuardedGateway(recorder, run_id="r").call("github___push_files", arguments)
    assert recorder.calls == []
    assert SECRET not in str(refused.value)


def test_a_default_branch_of_another_name_is_learned_from_the_snapshot() -> None:
    recorder = Recorder('{"key": "k", "sha": "s", "default_branch": "develop"}')
    gateway = GuardedGateway(recorder, run_id="r")
    gateway.call("repositories___snapshot", {"repository": "Acme/Shop"})
    with pytest.raises(PolicyRefused, match="its default branch"):
        gateway.call("github___push_files", push(branch="develop"))


def test_reading_a_workflow_on_the_default_branch_is_fine() -> None:
    recorder = Recorder()
    arguments: dict[str, JsonValue] = {"owner": "acme", "repo": "shop", "branch": "main"}
    GuardedGateway(recorder, run_id="r").call(
        "github___get_file_contents", {**arguments, "path": ".github/workflows/ci.yml"}
    )
    assert recorder.calls == ["github___get_file_contents"]


def test_no_adapter_sends_a_credential_and_the_refusal_does_not_show_it() -> None:
    ticket = NewTicket(project="ENG", summary="Leak", description=SECRET, labels=(), priority=Priority.MEDIUM)
    for send in (
        lambda: MemoryChat().say(f"see {SECRET}"),
        lambda: MemoryForge().comment("acme/shop", 1, f"see {SECRET}", marker="<!-- m -->"),
        lambda: MemoryTracker().write_comment("ENG-1", f"see {SECRET}", comment_id=None),
        lambda: MemoryTracker().create(ticket),
    ):
        with pytest.raises(PolicyRefused, match="holds a credential") as refused:
            send()
        assert SECRET not in str(refused.value)


def test_everyday_messages_go_out() -> None:
    assert MemoryChat().say("ENG-1: the plan was approved by Ada").ts == "1.0"

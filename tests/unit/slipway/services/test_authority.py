"""Who may command what, on every path; whoever is denied learns what is missing."""

from __future__ import annotations

from typing import Literal

import pytest

from slipway.adapters.memory.forge import MemoryForge
from slipway.domain.errors import PolicyRefused
from slipway.domain.task import PullRequest, TaskPatch, TaskState
from slipway.services.authority import Person
from slipway.services.carry_out_command import carry_out_command
from slipway.services.decide_approval import DecisionOrder, decide_approval
from tests.builders import REPOSITORY, a_task, accepted_event
from tests.world import BOT, World

DECIDING = ["approve", "reject no", "stop", "retry"]
READING = ["status", "explain", "logs"]


def say(
    world: World,
    text: str,
    *,
    channel: Literal["slack", "github", "jira"],
    name: str = "mallory",
    may_decide: bool = False,
    home: str | None = None,
) -> str:
    verb, _, argument = text.partition(" ")
    person = Person(name=name, channel=channel, may_decide=may_decide)
    return carry_out_command(
        verb, argument, person=person, platform=world.platform, default_task=home or world.task_id
    )


def elsewhere(world: World) -> str:
    """A task with a pull request in a repository where only heidi may write."""
    task = a_task("oth-1-00000001")
    world.platform.tasks.accept(task, delivery_id="o", event=accepted_event(task))
    world.platform.tasks.patch(
        task.id,
        TaskPatch(pull_requests=(PullRequest(repository="acme/secret", number=1, url="u", branch="b"),)),
    )
    return task.id


@pytest.mark.parametrize("text", DECIDING)
@pytest.mark.parametrize("channel", ["slack", "github", "jira"])
def test_a_stranger_decides_nothing_and_is_told_what_is_missing(
    text: str, channel: Literal["slack", "github", "jira"]
) -> None:
    world = World()
    token = world.awaiting_approval()
    answer = say(world, text, channel=channel)
    assert answer.startswith("mallory is not an approver here, so")
    assert answer.endswith(".")
    assert token in world.platform.step_tokens.open
    assert world.task.state is TaskState.AWAITING_APPROVAL


@pytest.mark.parametrize("text", READING)
def test_members_of_the_chat_and_the_tracker_may_read(text: str) -> None:
    world = World()
    world.awaiting_approval()
    assert "not an approver" not in say(world, text, channel="slack")
    assert "not an approver" not in say(world, text, channel="jira")


@pytest.mark.parametrize("text", [*READING, "list"])
def test_a_commenter_without_write_permission_reads_nothing_but_help(text: str) -> None:
    world = World()
    world.awaiting_approval()
    assert "needs write permission" in say(world, text, channel="github")
    assert "`approve [task]`" in say(world, "help", channel="github")


def test_writing_in_one_repository_is_no_right_over_a_task_in_another() -> None:
    class Separate(MemoryForge):
        """Grace writes in one repository, heidi in the other."""

        def can_write(self, repository: str, login: str) -> bool:
            return (repository, login) in {(REPOSITORY, "grace"), ("acme/secret", "heidi")}

    world = World()
    world.awaiting_approval()
    other = elsewhere(world)
    object.__setattr__(world.platform, "forge", Separate())
    refused = say(world, f"stop {other}", channel="github", name="grace", may_decide=True)
    assert "needs write permission" in refused
    assert world.platform.tasks.get(other).state is TaskState.QUEUED
    assert "is stopped" in say(world, f"stop {other}", channel="github", name="heidi")


def test_a_task_without_known_repositories_is_nobodys_on_github() -> None:
    world = World()
    world.awaiting_approval()
    task = a_task("oth-1-00000001")
    world.platform.tasks.accept(task, delivery_id="o", event=accepted_event(task))
    answer = say(world, f"stop {task.id}", channel="github", name="grace", may_decide=True)
    assert "needs write permission" in answer
    assert world.platform.tasks.get(task.id).state is TaskState.QUEUED


def test_the_platform_decides_on_no_plan_of_its_own() -> None:
    world = World()
    token = world.awaiting_approval()
    assert "a person decides" in say(world, "approve", channel="github", name=BOT, may_decide=True)
    with pytest.raises(PolicyRefused, match="a person decides"):
        decide_approval(
            DecisionOrder(task_id=world.task_id, decision="approve", actor=BOT, channel="github"),
            world.platform,
        )
    assert token in world.platform.step_tokens.open


def test_who_may_edit_the_ticket_decides_on_it_by_its_account_whatever_the_name() -> None:
    world = World()
    token = world.awaiting_approval()
    world.platform.tracker.editors.add("account-7")
    for account, allowed in (("", False), ("account-8", False), ("account-7", True)):
        person = Person(name="Grace", channel="jira", may_decide=False, account=account)
        answer = carry_out_command(
            "approve", "", person=person, platform=world.platform, default_task=world.task_id
        )
        assert ("carried out" in answer) is allowed, answer
    assert token in world.platform.step_tokens.outputs


def test_a_comment_on_one_ticket_reads_nothing_of_another_without_the_right() -> None:
    world = World()
    world.awaiting_approval()
    other = elsewhere(world)
    assert "permission to edit OTH-1" in say(world, f"logs {other}", channel="jira")
    assert "is *awaiting approval*" in say(world, "status", channel="jira")


def test_who_may_write_decides_by_comment() -> None:
    world = World()
    token = world.awaiting_approval()
    answer = say(world, "approve", channel="github", name="grace", may_decide=True)
    assert "carried out" in answer
    assert token in world.platform.step_tokens.outputs


def test_the_last_things_that_happened_are_shown_as_many_as_asked() -> None:
    world = World()
    world.awaiting_approval()
    lines = say(world, "logs 2", channel="slack").splitlines()
    assert len(lines) == 2
    assert "awaiting_approval" in lines[-1]
    assert len(say(world, f"logs {world.task_id} 3", channel="slack").splitlines()) == 3
    for wrong in ("logs 0", "logs many", "logs 51"):
        assert "takes a number from 1 to 50" in say(world, wrong, channel="slack")
    assert REPOSITORY in say(world, "status", channel="slack")

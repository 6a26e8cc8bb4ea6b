"""The four agents played by rules, from a ticket to a repaired pull request, with real test runs."""

from __future__ import annotations

import json

from agents.cicd.agent import AGENT as CICD
from agents.cicd.contract import CiFixRequest, CiFixResponse
from agents.discovery.agent import AGENT as DISCOVERY
from agents.discovery.contract import DiscoveryRequest
from agents.execution.agent import AGENT as EXECUTION
from agents.execution.contract import ExecutionRequest, ExecutionResponse
from agents.planning.agent import AGENT as PLANNING
from agents.planning.contract import PlanningRequest, PlanningResponse
from slipway.domain.discovery import DiscoveryResult
from slipway.domain.errors import UpstreamUnavailable
from slipway.domain.evidence import CheckConclusion, CiReport
from slipway.domain.plan import plan_hash
from slipway.domain.run import RunRecord
from slipway.domain.ticket import Ticket
from tests.unit.agents.world import CRASH, SHOP, TASK_ID, World

VAGUE = Ticket(key="SHOP-8", summary="Make checkout nicer", description="It should feel modern.")


async def discover(world: World, ticket: Ticket = CRASH) -> DiscoveryResult:
    record = await world.run(
        DISCOVERY, "discover", DiscoveryRequest(task_id=TASK_ID, ticket=ticket, organization="acme")
    )
    assert record.status == "succeeded", record.error_message
    return DiscoveryResult.model_validate(record.response)


async def plan(world: World, *, ticket: Ticket = CRASH, attempt: int = 1) -> RunRecord:
    request = PlanningRequest(
        task_id=TASK_ID, ticket=ticket, discovery=await discover(world, ticket), jira_cloud_id="cloud"
    )
    return await world.run(PLANNING, "plan", request, attempt=attempt)


async def planned(world: World) -> PlanningResponse:
    record = await plan(world)
    assert record.status == "succeeded", record.error_message
    return PlanningResponse.model_validate(record.response)


def execution_request(published: PlanningResponse) -> ExecutionRequest:
    return ExecutionRequest(
        task_id=TASK_ID,
        ticket=CRASH,
        plan=published.plan,
        plan_hash=plan_hash(published.plan_markdown),
        pull_requests=tuple(each.as_pull_request() for each in published.pull_requests),
    )


async def execute(world: World, published: PlanningResponse, *, attempt: int = 1) -> RunRecord:
    return await world.run(EXECUTION, "execute", execution_request(published), attempt=attempt)


async def test_discovery_finds_the_repository_of_the_traceback(world: World) -> None:
    found = await discover(world)
    assert found.relevant_repos[0].name == "acme/shop"
    assert "src/shop/price.py" in {file.path for file in found.relevant_repos[0].files}
    assert found.estimated_complexity == "Low"


async def test_discovery_without_any_repository_asks_for_a_person(world: World) -> None:
    world.gateway.repositories.clear()
    request = DiscoveryRequest(task_id=TASK_ID, ticket=CRASH, organization="acme")
    record = await world.run(DISCOVERY, "discover", request)
    assert (record.status, record.error) == ("needs_human", "NeedsHuman")
    assert "install the GitHub App" in (record.error_message or "")


async def test_planning_opens_a_draft_with_the_plan_and_tells_the_ticket(world: World) -> None:
    published = await planned(world)
    (pull,) = published.pull_requests
    repository = world.gateway.repositories["acme/shop"]
    assert pull.branch == "feature/shop-7-checkout-crashes-on-an-empty-cart"
    assert repository.branches[pull.branch][-1].files["PLAN.md"] == published.plan_markdown
    assert repository.branches[pull.branch][-1].sha == pull.head_sha
    assert repository.pulls[0]["draft"] is True
    assert f"<!-- slipway:task={TASK_ID} -->" in str(repository.pulls[0]["body"])
    assert pull.url in world.gateway.comments[0]


async def test_planning_again_reuses_branch_pull_request_and_comment(world: World) -> None:
    first = await planned(world)
    again = await plan(world, attempt=2)
    assert PlanningResponse.model_validate(again.response) == first
    assert len(world.gateway.repositories["acme/shop"].pulls) == 1
    assert len(world.gateway.comments) == 1


async def test_a_branch_of_another_task_is_left_alone(world: World) -> None:
    repository = world.gateway.repositories["acme/shop"]
    name = "feature/shop-7-checkout-crashes-on-an-empty-cart"
    repository.branches[name] = list(repository.branches["main"])
    repository.commit(name, {"note.txt": "mine"}, "work of a person")
    published = await planned(world)
    assert published.pull_requests[0].branch == f"{name}-2"


async def test_a_vague_wish_ends_with_a_person_and_without_a_branch(world: World) -> None:
    record = await plan(world, ticket=VAGUE)
    assert record.status == "needs_human"
    assert "language model" in (record.error_message or "")
    assert set(world.gateway.repositories["acme/shop"].branches) == {"main"}


async def test_a_tracker_that_fails_does_not_stop_the_plan(world: World) -> None:
    world.gateway.failing["jira___addOrEditJiraIssueComment"] = UpstreamUnavailable("down")
    assert (await plan(world)).status == "succeeded"
    assert any("was not told" in message for message in world.messages())


async def test_execution_commits_one_proven_change(world: World) -> None:
    published = await planned(world)
    record = await execute(world, published)
    assert record.status == "succeeded", record.error_message
    result = ExecutionResponse.model_validate(record.response)
    branch = published.pull_requests[0].branch
    head = world.gateway.repositories["acme/shop"].branches[branch][-1]
    assert result.head_shas == {"acme/shop": head.sha}
    assert [commit.sha for commit in result.commits] == [head.sha]
    assert head.message.splitlines()[2:] == [
        f"Slipway-Task: {TASK_ID}",
        "Slipway-Agent: execution",
        "Slipway-Model: deterministic",
        "Slipway-Item: 1",
    ]
    red = [check for check in result.evidence if check.phase == "red"]
    green = [check for check in result.evidence if check.phase == "green"]
    assert red[0].exit_code != 0
    assert {check.exit_code for check in green} == {0}
    assert record.usage.cost_usd == 0
    assert record.usage.model_id == "deterministic"


async def test_execution_takes_up_where_a_killed_attempt_ended(world: World) -> None:
    published = await planned(world)
    first = ExecutionResponse.model_validate((await execute(world, published)).response)
    pushes = world.gateway.calls.count("github___push_files")
    again = ExecutionResponse.model_validate((await execute(world, published, attempt=2)).response)
    assert world.gateway.calls.count("github___push_files") == pushes
    assert again.head_shas == first.head_shas
    assert {check.phase for check in again.evidence} == {"red", "green"}


async def failed_ci(world: World, log: str, *, breaking: str) -> RunRecord:
    published = await planned(world)
    (pull,) = execution_request(published).pull_requests
    repository = world.gateway.repositories["acme/shop"]
    head = repository.commit(pull.branch, {"src/shop/price.py": breaking}, "by hand")
    world.gateway.job_logs[5] = log
    report = CiReport(
        repository="acme/shop",
        number=pull.number,
        head_sha=head.sha,
        state="failure",
        checks=(
            CheckConclusion(
                name="test", status="completed", conclusion="failure", url="http://forge.test/job/5", job_id=5
            ),
        ),
    )
    request = CiFixRequest(
        task_id=TASK_ID, ticket=CRASH, plan=published.plan, pull_request=pull, report=report, round=1
    )
    return await world.run(CICD, "fix_ci_1", request)


async def test_a_format_failure_is_fixed_verified_and_committed(world: World) -> None:
    unformatted = SHOP["src/shop/price.py"].replace("sum(prices) /", "sum( prices )/")
    log = "Would reformat: src/shop/price.py\n1 file would be reformatted, 1 file already formatted\n"
    record = await failed_ci(world, log, breaking=unformatted)
    assert record.status == "succeeded", record.error_message
    result = CiFixResponse.model_validate(record.response)
    assert result.fixed
    assert result.diagnosis.ci_class == "format"
    branch = world.gateway.repositories["acme/shop"].branches[result.commits[0].branch]
    assert branch[-1].files["src/shop/price.py"] == SHOP["src/shop/price.py"]
    assert "Slipway-Item: ci-1" in branch[-1].message
    assert {(check.phase, check.exit_code == 0) for check in result.evidence} >= {
        ("red", False),
        ("green", True),
    }


async def test_a_failing_test_goes_to_a_person_with_its_line_and_address(world: World) -> None:
    log = "FAILED tests/test_price.py::test_mean - assert 3 == 2\n=== 1 failed in 0.1s ===\n"
    record = await failed_ci(world, log, breaking=SHOP["src/shop/price.py"])
    assert record.status == "needs_human"
    assert "test_mean" in (record.error_message or "")
    assert "http://forge.test/job/5" in (record.error_message or "")


async def test_every_call_of_a_run_is_in_its_transcript(world: World) -> None:
    await planned(world)
    lines = [json.loads(line) for line in world.transcript("plan").splitlines()]
    names = {block["toolUse"]["name"] for line in lines for block in line["content"] if "toolUse" in block}
    assert names == {"publish_plan", "PlanningAnswer"}

"""Several failed jobs of one head: each cause is repaired once, and all of it is one commit."""

from __future__ import annotations

from collections.abc import Mapping

from agents.cicd.agent import AGENT as CICD
from agents.cicd.contract import CiFixRequest, CiFixResponse
from slipway.domain.evidence import CheckConclusion, CiReport
from slipway.domain.run import RunRecord
from tests.unit.agents.test_players import execution_request, planned
from tests.unit.agents.world import CRASH, SHOP, TASK_ID, World

PRICE = "src/shop/price.py"
TYPED = "src/shop/price.py:4: error: Function is missing a return type annotation  [no-untyped-def]\n"
UNUSED = "src/shop/price.py:3:8: F401 [*] `os` imported but unused\n"


async def repaired(world: World, breaking: str, logs: Mapping[int, str]) -> RunRecord:
    published = await planned(world)
    (pull,) = execution_request(published).pull_requests
    head = world.gateway.repositories["acme/shop"].commit(pull.branch, {PRICE: breaking}, "by hand")
    world.gateway.job_logs.update(logs)
    checks = tuple(
        CheckConclusion(
            name=f"checks {job}",
            status="completed",
            conclusion="failure",
            url=f"http://forge.test/job/{job}",
            job_id=job,
        )
        for job in logs
    )
    report = CiReport(
        repository="acme/shop", number=pull.number, head_sha=head.sha, state="failure", checks=checks
    )
    request = CiFixRequest(
        task_id=TASK_ID, ticket=CRASH, plan=published.plan, pull_request=pull, report=report, round=1
    )
    return await world.run(CICD, "fix_ci_1", request)


async def test_a_matrix_that_fails_in_one_way_is_repaired_once(world: World) -> None:
    breaking = '"""Prices."""\n\n\ndef mean(prices: list[int]):\n    print(sum(prices))\n'
    record = await repaired(world, breaking, {5: TYPED, 6: TYPED, 7: TYPED})
    assert record.status == "succeeded", record.error_message
    commits = CiFixResponse.model_validate(record.response).commits
    assert len(commits) == 1
    text = world.gateway.repositories["acme/shop"].branches[commits[0].branch][-1].files[PRICE]
    assert text == breaking.replace("]):", "]) -> None:")


async def test_jobs_that_fail_in_different_ways_are_repaired_in_one_commit(world: World) -> None:
    breaking = SHOP[PRICE].replace("\n\n\n", "\n\nimport os\n\n\n").replace("sum(prices) / ", "sum(prices)/")
    log = "Would reformat: src/shop/price.py\n1 file would be reformatted\n"
    record = await repaired(world, breaking, {5: UNUSED, 6: log})
    assert record.status == "succeeded", record.error_message
    (commit,) = CiFixResponse.model_validate(record.response).commits
    branch = world.gateway.repositories["acme/shop"].branches[commit.branch]
    assert branch[-1].files[PRICE] == SHOP[PRICE]
    assert "lint and format" in branch[-1].message


async def test_one_job_for_a_person_hands_over_all_of_them(world: World) -> None:
    record = await repaired(world, SHOP[PRICE], {5: UNUSED, 6: ">> Issue: [B602:shell] subprocess call\n"})
    assert record.status == "needs_human"
    assert "http://forge.test/job/6" in (record.error_message or "")
    assert "(security)" in (record.error_message or "")

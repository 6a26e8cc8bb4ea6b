"""The cicd agent in code."""

from __future__ import annotations

from pathlib import Path

from agents.cicd.contract import CiFixRequest, CiFixResponse
from agents.cicd.player import play
from agents.cicd.spec import SPEC
from agents.cicd.tools import CiFixAnswer, CiToolbox
from slipway.agentkit.definition import AgentDefinition
from slipway.agentkit.tickets import ticket_text
from slipway.domain.errors import EvidenceMissing
from slipway.domain.untrusted import fence


def _opening(request: CiFixRequest) -> str:
    pull = request.pull_request
    # Names of branches, jobs and checks are anybody's words.
    where = fence("branch", pull.branch)
    report = fence("report of CI", request.report.model_dump_json(by_alias=True))
    return (
        f"CI failed on {pull.repository}#{pull.number} (round {request.round}) with this branch:\n{where}\n\n"
        f"The report:\n{report}\n\n"
        f"The pull request is for this ticket:\n\n{ticket_text(request.ticket)}"
    )


def _respond(toolbox: CiToolbox, answer: CiFixAnswer) -> CiFixResponse:
    """A round that pushed nothing is not a fix, whatever the model says."""
    commits = toolbox.ledger.commits
    if not commits:
        raise EvidenceMissing(f"run {toolbox.run.run_id} ended without a commit; CI would fail the same way")
    return CiFixResponse(
        repository=toolbox.run.request.pull_request.repository,
        diagnosis=toolbox.primary(),
        fixed=True,
        commits=tuple(commits),
        evidence=tuple(toolbox.ledger.evidence),
        head_sha=commits[-1].sha,
        summary=answer.summary,
    )


AGENT = AgentDefinition(
    spec=SPEC,
    request=CiFixRequest,
    answer=CiFixAnswer,
    prompt=Path(__file__).with_name("prompt.md"),
    opening=_opening,
    toolbox=lambda run: CiToolbox(run=run),
    play=play,
    respond=_respond,
    gateway_tools=tuple(
        tool for tool in SPEC.tools if tool.name in {"get_job_logs", "actions_list", "actions_get"}
    ),
)

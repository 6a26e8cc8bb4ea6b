from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from scripts.deployment.smoke import Smoke
from slipway.adapters.memory.account import MemoryAccount
from slipway.ports.account import HeldStack

WORKFLOW = "arn:aws:states:eu-west-1:111122223333:stateMachine:slipway-dev-ticket"


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def api() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def deployed(api: str) -> MemoryAccount:
    settings = {
        "SLIPWAY_ENVIRONMENT": "dev",
        "SLIPWAY_ENDPOINT_NAME": "live",
        "SLIPWAY_RUNTIME_ARNS": json.dumps({"discovery": "arn:discovery", "planning": "arn:planning"}),
    }
    outputs = {"Settings": json.dumps(settings), "StateMachineArn": WORKFLOW}
    return MemoryAccount(
        stacks={
            "Slipway-dev-Intake": HeldStack(
                name="Slipway-dev-Intake", status="CREATE_COMPLETE", outputs={"ApiUrl": api}
            ),
            "Slipway-dev-Workflow": HeldStack(
                name="Slipway-dev-Workflow", status="CREATE_COMPLETE", outputs=outputs
            ),
        }
    )


def levels(account: MemoryAccount) -> dict[str, str]:
    smoke = Smoke(account=account, environment="dev", api_url=lambda outputs: outputs["ApiUrl"])
    return {finding.check: finding.level for finding in smoke.findings()}


def test_a_working_deployment_passes(api: str) -> None:
    assert set(levels(deployed(api)).values()) == {"ok"}


def test_an_api_that_does_not_answer_is_a_problem(api: str) -> None:
    assert levels(deployed(f"{api}/nowhere"))["API"] == "problem"


def test_a_workflow_that_cannot_start_is_a_problem(api: str) -> None:
    account = deployed(api)
    account.inactive_workflows[WORKFLOW] = "DELETING"
    assert levels(account)["workflow"] == "problem"


def test_an_agent_that_does_not_come_up_is_named(api: str) -> None:
    account = deployed(api)
    account.broken_agents["arn:planning", "live"] = "RuntimeClientError: it did not start"
    found = levels(account)
    assert (found["agent planning"], found["agent discovery"]) == ("problem", "ok")

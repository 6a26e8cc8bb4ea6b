from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.emulator.emulator_process import Emulator
from tests.emulator.functions import ROLE, ensure_function, invoke

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module")
def function(emulator: Emulator) -> str:
    ensure_function(emulator, "worker", Environment={"Variables": {"COLOUR": "blue"}})
    return "worker"


def test_an_error_has_the_name_of_its_exception(emulator: Emulator, function: str) -> None:
    payload, error = invoke(emulator, function, {"do": "raise"})
    assert error == "Unhandled"
    assert payload["errorType"] == "PoisonError"
    assert payload["errorMessage"] == "bad apple"
    assert any("handler" in frame for frame in payload["stackTrace"])


def test_a_worker_survives_the_error_of_its_handler(emulator: Emulator, function: str) -> None:
    before, _ = invoke(emulator, function, {})
    invoke(emulator, function, {"do": "raise"})
    after, _ = invoke(emulator, function, {})
    assert before["pid"] == after["pid"]


def test_a_process_that_exits_is_reported_and_replaced(emulator: Emulator, function: str) -> None:
    payload, error = invoke(emulator, function, {"do": "exit"})
    assert (error, payload["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert "exit status 3" in payload["errorMessage"]
    assert invoke(emulator, function, {})[1] is None


def test_an_overdue_handler_times_out(emulator: Emulator) -> None:
    ensure_function(emulator, "slow", timeout=1)
    payload, error = invoke(emulator, "slow", {"do": "sleep", "seconds": 30})
    assert (error, payload["errorType"]) == ("Unhandled", "Sandbox.Timedout")
    assert "Task timed out after 1.00 seconds" in payload["errorMessage"]


def test_a_module_that_the_asset_lacks_cannot_be_imported(emulator: Emulator) -> None:
    ensure_function(emulator, "incomplete", source="import pydantic\ndef handler(e, c): return 1\n")
    payload, error = invoke(emulator, "incomplete", {})
    assert (error, payload["errorType"]) == ("Unhandled", "Runtime.ImportModuleError")
    assert "pydantic" in payload["errorMessage"]


def test_the_runtime_brings_the_sdk_and_nothing_else(emulator: Emulator, function: str) -> None:
    assert invoke(emulator, function, {"do": "import", "module": "boto3"})[0] == "boto3"
    assert invoke(emulator, function, {"do": "import", "module": "yaml"})[1] == "Unhandled"


def test_a_worker_sees_its_own_environment_and_not_the_callers(emulator: Emulator, function: str) -> None:
    environment, _ = invoke(emulator, function, {"do": "environment"})
    assert environment["COLOUR"] == "blue"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "worker"
    assert environment["AWS_ENDPOINT_URL"] == emulator.url
    assert not [name for name in environment if name.startswith(("SLIPWAY_", "PYTEST", "GATEWAY"))]


def test_a_workers_token_names_its_execution_role(emulator: Emulator, function: str) -> None:
    environment, _ = invoke(emulator, function, {"do": "environment"})
    status, identity = emulator.ask(f"identities/{environment['AWS_SESSION_TOKEN']}")
    assert status == 200
    assert identity == {
        "role_arn": ROLE,
        "principal_arn": "arn:aws:sts::000000000000:assumed-role/worker-role/worker",
    }
    assert emulator.ask("identities/unknown")[0] == 404


def test_a_worker_reaches_no_host_but_this_machine(emulator: Emulator, function: str) -> None:
    payload, _ = invoke(emulator, function, {"do": "remote"})
    assert payload["errorType"] == "RemoteHostRefused"
    assert "local mode refuses to reach example.com" in payload["errorMessage"]


def test_prints_and_log_records_reach_the_log(emulator: Emulator, function: str) -> None:
    reply = emulator.client("lambda").invoke(FunctionName=function, Payload='{"do": "log"}', LogType="Tail")
    tail = base64.b64decode(reply["LogResult"]).decode()
    assert "printed line" in tail
    assert "[WARNING]" in tail
    assert "logged line" in tail
    lines = emulator.ask("logs/worker")[1]["lines"]
    assert any("printed line" in line for line in lines)


def test_the_client_context_reaches_the_handler(emulator: Emulator, function: str) -> None:
    context = base64.b64encode(
        json.dumps({"custom": {"bedrockAgentCoreToolName": "t___x"}}).encode()
    ).decode()
    payload, _ = invoke(emulator, function, {"do": "client_context"}, ClientContext=context)
    assert payload == {"bedrockAgentCoreToolName": "t___x"}


def test_callers_beyond_the_cap_wait_for_a_free_worker(emulator: Emulator, function: str) -> None:
    with ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda n: invoke(emulator, function, {"n": n}), range(36)))
    assert all(error is None for _, error in replies)
    assert len({payload["pid"] for payload, _ in replies}) <= 4


def test_a_warm_invocation_has_no_fixed_delay(emulator: Emulator, function: str) -> None:
    invoke(emulator, function, {})
    durations = []
    for _ in range(20):
        started = time.perf_counter()
        invoke(emulator, function, {})
        durations.append(time.perf_counter() - started)
    print(f"warm invocation p50 {sorted(durations)[10] * 1000:.1f} ms")
    assert len(durations) == 20

"""Small Lambda functions and agents for the tests, packed as assets."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from tests.emulator.emulator_process import Emulator, eventually

ROLE = "arn:aws:iam::000000000000:role/worker-role"

HANDLER = """
import json, logging, os, sys, time
import boto3

class PoisonError(Exception):
    pass

def handler(event, context):
    what = event.get("do") if isinstance(event, dict) else None
    if what == "raise":
        raise PoisonError("bad apple")
    if what == "exit":
        os._exit(3)
    if what == "sleep":
        time.sleep(event["seconds"])
    if what == "log":
        print("printed line")
        logging.getLogger().warning("logged line")
    if what == "environment":
        return dict(os.environ)
    if what == "paths":
        return sys.path
    if what == "client_context":
        return context.client_context.custom
    if what == "remote":
        import urllib.request
        urllib.request.urlopen("http://example.com/", timeout=2)
    if what == "complete":
        output = json.dumps({"by": "lambda"})
        boto3.client("stepfunctions").send_task_success(taskToken=event["token"], output=output)
    if what == "fail":
        failure = {"error": "OwnError", "cause": "told so"}
        boto3.client("stepfunctions").send_task_failure(taskToken=event["token"], **failure)
    if what == "import":
        return __import__(event["module"]).__name__
    if what == "echo_request":
        return {"statusCode": 200, "body": json.dumps(event)}
    return {"pid": os.getpid(), "event": event}
"""


def archive(**files: str) -> bytes:
    """A zip whose members are `name_py="source"`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        for name, source in files.items():
            bundle.writestr(name.replace("_py", ".py"), source)
    return buffer.getvalue()


def ensure_function(
    emulator: Emulator, name: str, *, source: str = HANDLER, timeout: int = 20, **more: Any
) -> str:
    """Create the function and return its ARN."""
    client = emulator.client("lambda")
    code = archive(index_py=source)
    try:
        client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="index.handler",
            Role=ROLE,
            Code={"ZipFile": code},
            Timeout=timeout,
            **more,
        )
    except client.exceptions.ResourceConflictException:
        client.update_function_code(FunctionName=name, ZipFile=code)
    eventually(
        lambda: client.get_function(FunctionName=name)["Configuration"]["State"] == "Active",
        within_seconds=10,
        what=f"function {name} active",
    )
    arn: str = client.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    return arn


def invoke(emulator: Emulator, name: str, event: object, **more: Any) -> tuple[Any, Any]:
    """Invoke a function; return its payload and the function error, if any."""
    reply = emulator.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event), **more)
    return json.loads(reply["Payload"].read()), reply.get("FunctionError")

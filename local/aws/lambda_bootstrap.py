"""The Lambda runtime inside one worker process: import the handler, then answer one event per line.

Started as a script with only the standard library. Requests and answers are JSON lines on standard
input and a private copy of standard output; what the handler prints goes to standard error, and a
marker line there ends the log of each invocation.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

END_OF_LOG = "\x1eend-of-invocation-log"

Json = object
Handler = Callable[[Json, "Context"], Json]


class ClientContext:
    """The client context of a synchronous invocation, as the Lambda runtime shapes it."""

    def __init__(self, document: dict[str, Json]) -> None:
        self.custom = document.get("custom")
        self.env = document.get("env")
        self.client = document.get("client")


class Context:
    """The context object of one invocation."""

    def __init__(self, request: dict[str, Json]) -> None:
        environment = os.environ
        self.aws_request_id = str(request["request_id"])
        self.invoked_function_arn = str(request["arn"])
        self.function_name = environment["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = environment["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = environment["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environment["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        context = request.get("client_context")
        self.client_context = ClientContext(context) if isinstance(context, dict) else None
        self._deadline = time.monotonic() + float(str(request["timeout_seconds"]))

    def get_remaining_time_in_millis(self) -> int:
        """How long the handler may still run."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class InitFailure(Exception):
    """The handler cannot be loaded; carries the name that AWS gives to the failure."""

    def __init__(self, error_type: str, message: str) -> None:
        self.error_type = error_type
        super().__init__(message)


def main() -> None:
    """Serve invocations until standard input closes."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # prints, and whatever a subprocess writes, belong to the log
    sys.stdout = sys.stderr
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except InitFailure as failure:
        answer(answers, {"status": "init_error", "error": error_document(failure, failure.error_type)})
        return
    answer(answers, {"status": "ready"})
    for line in sys.stdin:
        answer(answers, invoke(handler, json.loads(line)))


def load_handler(path: str) -> Handler:
    """Import `package/module.function` and return the function."""
    module_name, _, function_name = path.rpartition(".")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        traceback.print_exc()
        raise InitFailure(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}"
        ) from error
    except SyntaxError as error:
        raise InitFailure(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}"
        ) from error
    except Exception as error:
        traceback.print_exc()
        raise InitFailure(type(error).__name__, str(error)) from error
    handler = getattr(module, function_name, None)
    if not callable(handler):
        raise InitFailure(
            "Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'"
        )
    loaded: Handler = handler
    return loaded


def invoke(handler: Handler, request: dict[str, Json]) -> dict[str, Json]:
    """Run the handler on one event; the answer carries its result or its error under its real name."""
    RequestIdFilter.request_id = str(request["request_id"])
    trace = request.get("trace_id")
    if isinstance(trace, str):
        os.environ["_X_AMZN_TRACE_ID"] = trace
    try:
        result = handler(request["event"], Context(request))
    except Exception as error:
        print_error(error)
        return {"status": "error", "error": error_document(error, type(error).__name__)}
    try:
        json.dumps(result)
    except (TypeError, ValueError) as error:
        return {
            "status": "error",
            "error": {
                "errorType": "Runtime.MarshalError",
                "errorMessage": f"Unable to marshal response: {error}",
                "stackTrace": [],
            },
        }
    return {"status": "ok", "result": result}


def error_document(error: BaseException, error_type: str) -> dict[str, Json]:
    """The error as Lambda reports it."""
    frames = traceback.format_tb(error.__traceback__)[1:] if error.__traceback__ else []
    return {"errorMessage": str(error), "errorType": error_type, "stackTrace": frames}


def print_error(error: BaseException) -> None:
    """Write the error to the log as the managed runtime does."""
    frames = "".join(traceback.format_tb(error.__traceback__)[1:])
    print(f"[ERROR] {type(error).__name__}: {error}\nTraceback (most recent call last):\n{frames}".rstrip())


def answer(answers: TextIO, document: dict[str, Json]) -> None:
    """Send one answer and close the log of this invocation."""
    answers.write(json.dumps(document) + "\n")
    answers.flush()
    sys.stderr.write(f"\n{END_OF_LOG}\n")
    sys.stderr.flush()


class RequestIdFilter(logging.Filter):
    """Adds the request id that the managed runtime's log lines carry."""

    request_id = ""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, with the id."""
        record.aws_request_id = self.request_id
        return True


def log_like_lambda() -> None:
    """Give the root logger the handler that the managed runtime installs."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(RequestIdFilter())
    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)


def bootstrap() -> None:
    """Prepare the process, then serve."""
    path = Path(__file__).with_name("child_bootstrap.py")
    spec = importlib.util.spec_from_file_location("slipway_child_bootstrap", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no child bootstrap at {path}")
    child = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(child)
    child.die_with_emulator()
    child.guard_network()
    code, libraries = os.environ["LAMBDA_TASK_ROOT"], os.environ["LAMBDA_RUNTIME_DIR"]
    layers = [layer for layer in os.environ.pop("_LAMBDA_LAYERS", "").split(os.pathsep) if layer]
    sys.path[0:0] = [code, *layers, libraries]
    log_like_lambda()
    main()


if __name__ == "__main__":
    bootstrap()

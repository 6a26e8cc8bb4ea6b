"""Lambda functions in Python: honest errors, bounded pools, isolated processes with their own identity."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from local.aws import assets, child_processes, patching
from local.aws.lambda_libraries import link_runtime_libraries
from local.aws.lambda_worker import Launch, Outcome, WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.aws.context import Context

SELF_INVOCATION_SECONDS = 5.0
"""How long a caller waits at the cap before one more worker is allowed: it may wait for its own caller."""

Record = dict[str, object]


class PooledWorker(Protocol):
    """What ministack's pool keeps for one execution environment."""

    def run(self, request: Mapping[str, object]) -> Outcome:
        """Run one event."""


def install(context: Context) -> None:
    """Run Python functions in our workers; other runtimes stay ministack's."""
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    libraries = link_runtime_libraries(context.configuration.state_directory / "lambda-libraries")
    worker_class = python_worker_class(context, libraries)
    stock_class_for = lambda_runtime._worker_class_for
    stock_acquire = lambda_runtime.acquire_worker
    stock_release = lambda_runtime.release_worker
    freed = threading.Condition()

    def worker_class_for(config: Record) -> type:
        chosen: type = worker_class if is_python(config) else stock_class_for(config)
        return chosen

    def acquire(
        name: str,
        config: Record,
        code: bytes,
        qualifier: str = "$LATEST",
        max_concurrency: int | None = None,
    ) -> tuple[PooledWorker, str]:
        del max_concurrency
        headroom_at = time.monotonic() + SELF_INVOCATION_SECONDS
        while True:
            now = time.monotonic()
            cap = context.configuration.lambda_workers if now < headroom_at else 0
            worker, reason = stock_acquire(name, config, code, qualifier, max_concurrency=cap)
            if worker is not None:
                return worker, reason
            with freed:
                freed.wait(timeout=min(0.05, max(0.001, headroom_at - now)))

    def release(worker: PooledWorker | None) -> None:
        stock_release(worker)
        with freed:
            freed.notify_all()

    patching.replace([lambda_runtime], "_worker_class_for", worker_class_for)
    patching.replace([lambda_runtime, lambda_svc], "acquire_worker", acquire)
    patching.replace([lambda_runtime, lambda_svc], "release_worker", release)
    context.on_stop(lambda_runtime.reset)


def is_python(config: Record) -> bool:
    """Whether a function's runtime is one of Python's."""
    return str(config.get("Runtime", "")).startswith("python")


def python_worker_class(context: Context, libraries: Path) -> type:
    """The worker class that ministack's pool creates for Python functions."""
    from ministack.core import lambda_runtime

    class PythonWorker(lambda_runtime.Worker):  # type: ignore[misc]  # ministack has no types
        """An execution environment whose process starts with its first event."""

        worker: WorkerProcess | None = None
        token = ""
        # What ministack's pool terminates.
        _proc: subprocess.Popen[bytes] | None = None

        def run(self, request: Mapping[str, object]) -> Outcome:
            """Run one event, starting the process first if there is none."""
            start_log = ""
            if self.worker is None or not self.worker.is_alive:
                outcome = self.start()
                start_log = outcome.log
                if outcome.error is not None:
                    return outcome
            assert self.worker is not None
            outcome = self.worker.invoke(request, timeout_seconds=float(self.config.get("Timeout", 3)))
            if not outcome.is_worker_alive:
                self._proc = None
            log = "\n".join(part for part in (start_log, outcome.log) if part)
            return Outcome(outcome.result, outcome.error, log, outcome.is_worker_alive)

        def start(self) -> Outcome:
            """Unpack the code if it is new and start the process."""
            self._discard_tmpdir()
            self.token, launch = describe_launch(context, self.config, self.code_zip, libraries=libraries)
            self.worker, outcome = WorkerProcess.start(launch, lifeline=context.lifeline)
            self._proc = self.worker.process if outcome.error is None else None
            return outcome

        def _spawn(self) -> None:
            outcome = self.start()
            if outcome.error is not None:
                raise RuntimeError(str(outcome.error))

        def _discard_tmpdir(self) -> None:
            context.identities.revoke(self.token)
            if self.worker is not None and self.worker.process.returncode is not None:
                self.worker.kill()
            self.worker = None

    return PythonWorker


def describe_launch(
    context: Context, config: Record, code_zip: bytes, *, libraries: Path
) -> tuple[str, Launch]:
    """The identity token and the launch of a new worker of this function."""
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    settings = context.configuration
    name = str(config["FunctionName"])
    account, region = lambda_runtime._account_region_from_function_config(config)
    identity = context.identities.issue(str(config.get("Role", "")), session=name)
    code = assets.unpack(code_zip, root=settings.state_directory / "assets" / "lambda")
    layers = [
        assets.unpack(
            lambda_svc._resolve_layer_zip(layer), root=settings.state_directory / "assets" / "layer"
        )
        for layer in as_list(config.get("Layers"))
    ]
    environment = {
        **child_processes.clean_environment(home=context.home),
        **deployed_variables(config),
        **child_processes.aws_environment(
            port=settings.port, region=region, account=account, token=identity.token
        ),
        **runtime_variables(config),
        "LAMBDA_TASK_ROOT": str(code),
        "LAMBDA_RUNTIME_DIR": str(libraries),
        "_LAMBDA_LAYERS": os.pathsep.join(str(layer / "python") for layer in layers),
        **settings.overlay("lambda"),
    }
    launch = Launch(
        function_name=name,
        python=settings.lambda_python,
        code=code,
        bytecode=settings.state_directory / "bytecode",
        environment=environment,
    )
    return identity.token, launch


def deployed_variables(config: Record) -> dict[str, str]:
    """The function's own environment variables."""
    environment = config.get("Environment")
    variables = environment.get("Variables", {}) if isinstance(environment, dict) else {}
    return {str(name): str(value) for name, value in variables.items()}


def runtime_variables(config: Record) -> dict[str, str]:
    """The variables that the Lambda service sets in every environment."""
    name = str(config["FunctionName"])
    logging_config = config.get("LoggingConfig")
    group = logging_config.get("LogGroup") if isinstance(logging_config, dict) else None
    return {
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.get('Runtime', 'python3.13')}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(config.get("Version", "$LATEST")),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": str(group or f"/aws/lambda/{name}"),
        "AWS_LAMBDA_LOG_STREAM_NAME": time.strftime("%Y/%m/%d/[$LATEST]") + os.urandom(16).hex(),
        "_HANDLER": str(config.get("Handler", "index.handler")),
    }


def as_list(value: object) -> list[object]:
    """A list, whatever an optional list field holds."""
    return list(value) if isinstance(value, list) else []

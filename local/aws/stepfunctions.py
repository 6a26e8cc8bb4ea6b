"""Step Functions that keep their promises: stop at once, time out, report honest metrics."""

from __future__ import annotations

import contextvars
import json
import threading
import time
from typing import Any

from local.aws import metrics, patching, stepfunctions_agentcore, stepfunctions_errors, stepfunctions_tasks
from local.aws.context import Context
from local.aws.execution_control import Controls, ExecutionControl, current

# ministack's executions are mutable mappings of mixed values, and this module changes them in place.
Execution = dict[str, Any]

ENDINGS = {
    "ABORTED": "ExecutionsAborted",
    "FAILED": "ExecutionsFailed",
    "SUCCEEDED": "ExecutionsSucceeded",
    "TIMED_OUT": "ExecutionsTimedOut",
}


def install(context: Context) -> None:
    """Replace what stock leaves out of the life of an execution."""
    from ministack.services import stepfunctions as service

    # Stock sleeps before every execution; the record exists before the thread starts, so nothing needs it.
    patching.rewrite(service, "_run_execution", old="    time.sleep(0.15)\n", new="")
    controls = Controls()
    stock_run, stock_stop, stock_fail = (
        service._run_execution,
        service._stop_execution,
        service._fail_execution,
    )
    stock_sub_machine = service._run_sub_machine

    def run_execution(arn: str) -> None:
        execution: Execution | None = service._executions.get(arn)
        if execution is None:
            return
        control = controls.open(arn)
        reset = current.set(control)
        limit = start_time_limit(execution, control)
        started = time.monotonic()
        count("ExecutionsStarted", execution)
        try:
            stock_run(arn)
        finally:
            if limit is not None:
                limit.cancel()
            current.reset(reset)
            controls.close(arn)
            count(ENDINGS.get(execution["status"], "ExecutionsFailed"), execution)
            milliseconds = (time.monotonic() - started) * 1000
            metrics.record(
                "AWS/States",
                "ExecutionTime",
                milliseconds,
                unit="Milliseconds",
                dimensions={"StateMachineArn": execution["stateMachineArn"]},
            )

    def stop_execution(data: dict[str, object]) -> object:
        reply = stock_stop(data)
        if reply[0] < 400:
            controls.end(str(data.get("executionArn")))
        return reply

    def fail_execution(execution: Execution, error: str, cause: str) -> None:
        # A stopped or timed-out execution keeps that ending, whatever its thread runs into.
        if execution["status"] == "RUNNING":
            stock_fail(execution, error, cause)

    def run_sub_machine(
        states: object, start: object, data: object, execution: object, context: dict[str, object]
    ) -> object:
        # Branches run side by side: each needs its own current state and task.
        return stock_sub_machine(states, start, data, execution, dict(context))

    patching.replace([service], "_run_execution", run_execution)
    patching.replace([service], "_stop_execution", stop_execution)
    patching.replace([service], "_fail_execution", fail_execution)
    patching.replace([service], "_run_sub_machine", run_sub_machine)
    patching.replace([service], "_error_matches", stepfunctions_errors.matches)
    patching.replace([service], "_scaled_sleep", interruptible_sleep)
    stepfunctions_tasks.install()
    stepfunctions_agentcore.install(context)


def interruptible_sleep(seconds: float) -> None:
    """Wait as a Wait state or a retry does, unless the execution ends."""
    from ministack.services import stepfunctions as service

    control = current.get()
    if control is None:
        time.sleep(max(0.0, seconds))
        return
    control.sleep(max(0.0, seconds))
    if control.has_ended:
        raise service._ExecutionError(stepfunctions_errors.EXECUTION_ENDED, "")


def start_time_limit(execution: Execution, control: ExecutionControl) -> threading.Timer | None:
    """The timer that ends an execution after the machine's TimeoutSeconds."""
    from ministack.services import stepfunctions as service

    machine = service._state_machines.get(execution["stateMachineArn"]) or {}
    try:
        seconds = json.loads(machine.get("definition", "{}")).get("TimeoutSeconds")
    except (ValueError, AttributeError):
        seconds = None
    if not isinstance(seconds, int | float):
        return None

    def expire() -> None:
        if execution["status"] != "RUNNING":
            return
        execution.update(status="TIMED_OUT", stopDate=service.now_iso(), error="States.Timeout")
        details = {"error": "States.Timeout", "cause": f"the execution ran longer than {seconds} seconds"}
        service._add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": details})
        service._emit_execution_status_event(execution)
        control.end()

    scope = contextvars.copy_context()
    timer = threading.Timer(seconds, lambda: scope.run(expire))
    timer.daemon = True
    timer.start()
    return timer


def count(metric: str, execution: Execution) -> None:
    """Count one execution in AWS/States."""
    machine = {"StateMachineArn": execution["stateMachineArn"]}
    metrics.record("AWS/States", metric, 1, unit="Count", dimensions=machine)

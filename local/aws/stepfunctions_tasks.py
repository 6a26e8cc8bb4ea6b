"""Task states: a fresh token per attempt, heartbeats, timeouts, failing callers, size limits."""

from __future__ import annotations

import contextvars
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from local.aws import patching, stepfunctions_errors
from local.aws.execution_control import current
from local.aws.task_tokens import Completion, TaskTokens

# The States language is JSON, and ministack's interpreter passes it on as plain mappings.
State = dict[str, Any]
Json = Any

CALLBACK = ".waitForTaskToken"
FAILURES = {
    "timed_out": ("States.Timeout", "the task ran longer than its TimeoutSeconds"),
    "heartbeat_timed_out": ("States.HeartbeatTimeout", "the task sent no heartbeat within HeartbeatSeconds"),
    "ended": (stepfunctions_errors.EXECUTION_ENDED, ""),
}


def install() -> None:
    """Replace stock's task states and the three calls that complete them."""
    from ministack.services import stepfunctions as service

    tokens = TaskTokens()
    calls = TokenCalls(tokens)
    stock_execute = service._execute_task

    def execute_task(state: State, raw_input: Json, execution: State, context: State) -> tuple[Json, object]:
        if ":activity:" in state.get("Resource", ""):
            result: tuple[Json, object] = stock_execute(state, raw_input, execution, context)
            return result
        return TaskRun(state, raw_input, execution, context, tokens).run()

    patching.replace([service], "_execute_task", execute_task)
    patching.replace([service], "_send_task_success", calls.succeed)
    patching.replace([service], "_send_task_failure", calls.fail)
    patching.replace([service], "_send_task_heartbeat", calls.beat)


class TokenCalls:
    """SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat; activities' tokens stay with ministack."""

    def __init__(self, tokens: TaskTokens) -> None:
        from ministack.core import responses
        from ministack.services import stepfunctions as service

        self._tokens = tokens
        self._responses = responses
        self._stock_succeed = service._send_task_success
        self._stock_fail = service._send_task_failure
        self._stock_beat = service._send_task_heartbeat

    def succeed(self, data: State) -> object:
        """Complete a task with an output."""
        text = str(data.get("output", "{}"))
        try:
            output = json.loads(text)
        except ValueError:
            return self._refuse("InvalidOutput", "Invalid Output: the output is not valid JSON")
        if len(text.encode()) > stepfunctions_errors.PAYLOAD_LIMIT_BYTES:
            return self._refuse("ValidationException", "output is longer than 262144 bytes")
        return self._send(data, lambda completion: completion.succeed(output), otherwise=self._stock_succeed)

    def fail(self, data: State) -> object:
        """Fail a task by the name of an error."""
        error, cause = str(data.get("error") or ""), str(data.get("cause") or "")
        return self._send(data, lambda completion: completion.fail(error, cause), otherwise=self._stock_fail)

    def beat(self, data: State) -> object:
        """Note that a task is alive."""
        return self._send(data, Completion.beat, otherwise=self._stock_beat)

    def _send(
        self, data: State, act: Callable[[Completion], bool], *, otherwise: Callable[[State], object]
    ) -> object:
        token = str(data.get("taskToken", ""))
        completion = self._tokens.find(token)
        if completion is not None and act(completion):
            return self._responses.json_response({})
        if completion is not None or self._tokens.is_closed(token):
            return self._refuse("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        return otherwise(data)

    def _refuse(self, code: str, message: str) -> object:
        return self._responses.error_response_json(code, message, 400)


class TaskRun:
    """One visit of a Task state, with all its attempts."""

    def __init__(
        self, state: State, raw_input: Json, execution: State, context: State, tokens: TaskTokens
    ) -> None:
        from ministack.services import stepfunctions as service

        self._service = service
        self._state = state
        self._input = raw_input
        self._execution = execution
        self._context = context
        self._tokens = tokens
        self._resource = str(state.get("Resource", ""))
        self._is_jsonata = service._state_query_language(state, context) == "JSONata"

    def run(self) -> tuple[Json, object]:
        """Attempt the task until it succeeds, is caught, or fails; return output and next state."""
        retries: dict[int, int] = {}
        while True:
            self._fail_if_ended()
            completion = self._tokens.issue()
            context = self._attempt_context(completion, retries)
            try:
                return self._attempt(completion, context), self._service._next_or_end(self._state)
            except self._service._ExecutionError as error:
                if error.error == stepfunctions_errors.EXECUTION_ENDED:
                    raise
                self._note("TaskFailed", {"error": error.error, "cause": error.cause})
                retrier, index = self._service._find_matching_retrier(
                    self._state.get("Retry", []), error.error, retries
                )
                if retrier is None:
                    return self._catch(error.error, error.cause, context)
                earlier = retries.get(index, 0)
                self._service._scaled_sleep(
                    stepfunctions_errors.retry_delay(retrier, earlier_retries=earlier)
                )
                retries[index] = earlier + 1
            finally:
                self._tokens.close(completion)

    def _attempt_context(self, completion: Completion, retries: Mapping[int, int]) -> State:
        context = {
            **self._context,
            "State": {**self._context["State"], "RetryCount": sum(retries.values())},
        }
        if CALLBACK in self._resource:
            context["Task"] = {"Token": completion.token}
        return context

    def _attempt(self, completion: Completion, context: State) -> Json:
        service = self._service
        if self._is_jsonata:
            effective = service._apply_jsonata_arguments(self._state, self._input, context)
        else:
            selected = service._apply_input_path(self._state, self._input, context)
            effective = service._apply_parameters(self._state, selected, context)
        self._note("TaskScheduled", {"resourceType": resource_type(self._resource)})
        self._start(completion, effective)
        ending = completion.wait(
            timeout_seconds=self._seconds("TimeoutSeconds", context),
            heartbeat_seconds=self._seconds("HeartbeatSeconds", context),
            control=current.get(),
        )
        if ending == "failed":
            raise service._ExecutionError(completion.error, completion.cause)
        if ending != "succeeded":
            raise service._ExecutionError(*FAILURES[ending])
        self._note("TaskSucceeded", {"output": json.dumps(completion.result)})
        return self._output(completion.result, context)

    def _start(self, completion: Completion, effective: Json) -> None:
        """Call the integration on a thread of its own, so that the wait can be left at any time."""
        service, target = self._service, self._resource.replace(CALLBACK, "")
        is_callback = target != self._resource

        def call() -> None:
            try:
                result = service._invoke_resource(target, effective)
            except service._ExecutionError as error:
                completion.fail(error.error, error.cause)
            except Exception as error:
                completion.fail("States.Runtime", f"{type(error).__name__}: {error}")
            else:
                if not is_callback:
                    completion.succeed(result)

        threading.Thread(
            target=contextvars.copy_context().run, args=(call,), daemon=True, name="workflow-task"
        ).start()

    def _output(self, result: Json, context: State) -> Json:
        service = self._service
        if self._is_jsonata:
            output = service._apply_jsonata_output(
                self._state, self._input, context, result=result, default=result
            )
            service._apply_state_assign(self._state, self._input, context, result=result)
        else:
            selected = service._apply_result_selector(self._state, result)
            output = service._apply_result_path(self._state, self._input, selected)
            output = service._apply_output_path(self._state, output, context)
        size = len(json.dumps(output).encode())
        if size > stepfunctions_errors.PAYLOAD_LIMIT_BYTES:
            name = context["State"]["Name"]
            raise service._ExecutionError(
                "States.DataLimitExceeded",
                f"The state/task '{name}' returned a result with a size exceeding the maximum number of "
                f"bytes service limit: {size} > {stepfunctions_errors.PAYLOAD_LIMIT_BYTES}",
            )
        return output

    def _catch(self, error: str, cause: str, context: State) -> tuple[Json, object]:
        catcher = self._service._find_matching_catcher(self._state.get("Catch", []), error)
        if catcher is None:
            raise self._service._ExecutionError(error, cause)
        language = "JSONata" if self._is_jsonata else "JSONPath"
        output = self._service._apply_catcher(
            catcher, self._input, context, language, {"Error": error, "Cause": cause}
        )
        return output, catcher["Next"]

    def _seconds(self, field: str, context: State) -> float | None:
        path = self._state.get(f"{field}Path")
        if path is not None:
            return float(self._service._resolve_path_or_ctx(path, self._input, context))
        value = self._state.get(field)
        if isinstance(value, str):
            value = self._service._jsonata_state_field(self._state, field, "number", self._input, context)
        return None if value is None else float(value)

    def _note(self, event: str, details: State) -> None:
        name = event[0].lower() + event[1:] + "EventDetails"
        self._service._add_event(self._execution, event, {name: {"resource": self._resource, **details}})

    def _fail_if_ended(self) -> None:
        control = current.get()
        if control is not None and control.has_ended:
            self._end()

    def _end(self) -> NoReturn:
        raise self._service._ExecutionError(stepfunctions_errors.EXECUTION_ENDED, "")


def resource_type(resource: str) -> str:
    """The service that a task's resource belongs to, as the history names it."""
    parts = resource.split(":")
    return parts[5] if len(parts) > 5 and parts[5] else parts[2] if len(parts) > 2 else "states"

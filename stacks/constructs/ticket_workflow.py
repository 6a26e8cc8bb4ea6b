"""The path of a ticket, as Step Functions runs it in AWS and on the laptop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from slipway.domain import names
from slipway.domain.agent_spec import AgentSpec
from slipway.domain.errors import RevisionAsked
from slipway.domain.step import Step
from stacks.config import EnvironmentConfig
from stacks.constructs.alarm import Watch, add_alarm
from stacks.constructs.retention import log_group
from stacks.constructs.workflow_states import States, retry

CI_ROUNDS = 3
"""How often the cicd agent may try to turn a red pull request green."""

_FUNCTION_TIMEOUT = Duration.minutes(6)


@dataclass(frozen=True, kw_only=True)
class WorkflowFunctions:
    """The functions that the states call."""

    preflight: lambda_.IFunction
    invoke_agent: lambda_.IFunction
    request_approval: lambda_.IFunction
    delivery_gate: lambda_.IFunction
    await_ci: lambda_.IFunction
    finish_task: lambda_.IFunction
    end_task: lambda_.IFunction


class TicketWorkflow(Construct):
    """`state_machine`: input `{"task_id", "approval_seconds"}`, execution name = task id."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        functions: WorkflowFunctions,
        agents: Mapping[str, AgentSpec],
    ) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self._functions = functions
        self._agents = agents
        self._end = self._end_state()
        self._states = States(scope=self, on_error=self._end)
        self.state_machine = sfn.StateMachine(
            self,
            "StateMachine",
            state_machine_name=names.state_machine(config.name),
            comment="Ticket to pull request",
            definition_body=sfn.DefinitionBody.from_chainable(self._definition()),
            timeout=Duration.hours(config.workflow_hours),
            tracing_enabled=True,
            logs=sfn.LogOptions(
                destination=log_group(
                    self,
                    "Logs",
                    name=f"/aws/vendedlogs/states/{names.state_machine(config.name)}",
                    config=config,
                ),
                level=sfn.LogLevel.ALL,
                # States pass ids on, yet an error may quote what a person wrote.
                include_execution_data=False,
            ),
        )
        self._alarms()

    def _definition(self) -> sfn.Chain:
        call, functions = self._states.call, self._functions
        deliver = call("DeliveryGate", functions.delivery_gate, timeout=_FUNCTION_TIMEOUT)
        finish = call("Finish", functions.finish_task, timeout=_FUNCTION_TIMEOUT)
        fix = self._agent("FixCI", Step.FIX_CI, {"round": sfn.JsonPath.number_at("$.ci.round")})
        ci = (
            sfn.Choice(self, "CI green?")
            .when(sfn.Condition.string_equals("$.ci.state", "success"), finish)
            .when(sfn.Condition.number_greater_than("$.ci.round", CI_ROUNDS), self._escalate())
            .otherwise(fix.next(deliver))
        )
        plan = self._agent("Plan", Step.PLAN)
        return (
            sfn.Chain.start(call("Preflight", functions.preflight, timeout=_FUNCTION_TIMEOUT))
            .next(self._agent("Discover", Step.DISCOVER))
            .next(plan)
            .next(self._approval(plan))
            .next(self._agent("Execute", Step.EXECUTE))
            .next(deliver)
            .next(self._await_ci())
            .next(ci)
        )

    def _agent(self, name: str, step: Step, extra: Mapping[str, object] | None = None) -> tasks.LambdaInvoke:
        minutes = self._agents[step.agent].timeout_minutes
        return self._states.wait(
            name,
            self._functions.invoke_agent,
            payload={
                "step": step.value,
                "attempt": sfn.JsonPath.math_add(sfn.JsonPath.number_at("$$.State.RetryCount"), 1),
                **(extra or {}),
            },
            timeout=sfn.Timeout.duration(Duration.minutes(minutes)),
            heartbeat=Duration.seconds(self._config.heartbeat_timeout_seconds),
        )

    def _approval(self, plan: sfn.IChainable) -> tasks.LambdaInvoke:
        expired = sfn.Pass(
            self,
            "ApprovalExpired",
            result=sfn.Result.from_object(
                {"Error": "ApprovalExpired", "Cause": "Nobody decided on the plan before it expired."}
            ),
            result_path="$.error",
        )
        expired.next(self._end)
        state = tasks.LambdaInvoke(
            self,
            "RequestApproval",
            lambda_function=self._functions.request_approval,
            integration_pattern=sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
            payload=sfn.TaskInput.from_object(
                {"task_id": sfn.JsonPath.string_at("$.task_id"), "task_token": sfn.JsonPath.task_token}
            ),
            retry_on_service_exceptions=False,
            task_timeout=sfn.Timeout.at("$.approval_seconds"),
            result_path=sfn.JsonPath.DISCARD,
        )
        retry(state)
        state.add_catch(expired, errors=["States.Timeout"], result_path=sfn.JsonPath.DISCARD)
        state.add_catch(plan, errors=[RevisionAsked.__name__], result_path=sfn.JsonPath.DISCARD)
        state.add_catch(self._end, errors=["States.ALL"], result_path="$.error")
        return state

    def _await_ci(self) -> tasks.LambdaInvoke:
        return self._states.wait(
            "AwaitCI",
            self._functions.await_ci,
            timeout=sfn.Timeout.duration(Duration.hours(self._config.ci_hours)),
            result_path="$.ci",
        )

    def _escalate(self) -> sfn.Chain:
        return sfn.Pass(
            self,
            "Escalate",
            result=sfn.Result.from_object(
                {
                    "Error": "NeedsHuman",
                    "Cause": f"CI still fails after {CI_ROUNDS} attempts to fix it; a person must look.",
                }
            ),
            result_path="$.error",
        ).next(self._end)

    def _end_state(self) -> tasks.LambdaInvoke:
        state = tasks.LambdaInvoke(
            self,
            "EndTask",
            comment="The one place where a task that did not finish gets its terminal state",
            lambda_function=self._functions.end_task,
            payload=sfn.TaskInput.from_object(
                {
                    "task_id": sfn.JsonPath.string_at("$.task_id"),
                    "error": sfn.JsonPath.object_at("$.error"),
                }
            ),
            retry_on_service_exceptions=False,
            task_timeout=sfn.Timeout.duration(_FUNCTION_TIMEOUT),
            result_path=sfn.JsonPath.DISCARD,
        )
        retry(state)
        return state

    def _alarms(self) -> None:
        machine, name = self.state_machine, names.state_machine(self._config.name)
        for symptom, metric, says in (
            (
                "failed",
                machine.metric_failed(),
                "An execution failed instead of ending its task; the reconciler ends the task, the "
                "execution's history says why.",
            ),
            (
                "timed-out",
                machine.metric_timed_out(),
                f"An execution was stuck for {self._config.workflow_hours:g} hours and was given up.",
            ),
            (
                "throttled",
                machine.metric_throttled(),
                "Step Functions throttles the workflow's transitions: tasks still move, but slowly.",
            ),
        ):
            watch = Watch(name=f"{name}-{symptom}", says=says, runbook=f"workflow-{symptom}", metric=metric)
            add_alarm(self, f"{names.construct_id(symptom)}Alarm", watch)

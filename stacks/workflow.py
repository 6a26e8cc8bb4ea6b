"""What moves a task from state to state."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from slipway.domain import names
from slipway.domain.agent_spec import AgentSpec
from stacks.agents import AgentsStack
from stacks.config import EnvironmentConfig
from stacks.constructs.alarm import BELOW, FIVE_MINUTES, Watch, add_alarm
from stacks.constructs.function_group import function_group
from stacks.constructs.table_follower import follow
from stacks.constructs.ticket_workflow import TicketWorkflow, WorkflowFunctions
from stacks.data import DataStack
from stacks.packaging.bundles import Bundles
from stacks.settings import with_runtimes


class WorkflowStack(Stack):
    """The ticket workflow, the dispatcher that starts it, and the reconciler that repairs it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        data: DataStack,
        agents: AgentsStack,
        bundles: Bundles,
        specs: Mapping[str, AgentSpec],
    ) -> None:
        super().__init__(scope, construct_id, env={"region": config.region})
        settings = with_runtimes(agents.settings, self, agents.runtime_arns)
        self._functions = function_group(
            self,
            "workflow",
            config=config,
            bundles=bundles,
            settings=settings,
            permissions=data.permissions(self),
            runtime_arns=agents.runtime_arns,
        )
        workflow = TicketWorkflow(
            self,
            "Ticket",
            config=config,
            agents=specs,
            functions=WorkflowFunctions(
                preflight=self._function("preflight"),
                invoke_agent=self._function("invoke_agent"),
                request_approval=self._function("request_approval"),
                delivery_gate=self._function("delivery_gate"),
                await_ci=self._function("await_ci"),
                finish_task=self._function("finish_task"),
                end_task=self._function("end_task"),
            ),
        )
        self._dispatch(data)
        self._reconcile(config.name)
        # An output may not repeat what another stack exports: a parameter holds it, the output reads that.
        known = ssm.StringParameter(
            self,
            "KnownSettings",
            parameter_name=names.settings_parameter(config.name),
            description="What every process of the environment is configured with; the CLI reads it",
            string_value=self.to_json_string(settings.to_env()),
        )
        CfnOutput(self, "Settings", value=known.string_value)
        CfnOutput(self, "StateMachineArn", value=workflow.state_machine.state_machine_arn)

    def _function(self, folder: str) -> lambda_.Function:
        return self._functions[folder].function

    def _dispatch(self, data: DataStack) -> None:
        """Only task rows that were added or changed: events, approvals and locks start nothing."""
        follow(data.table, rows="TASK", by=self._functions["dispatch_tasks"])

    def _reconcile(self, environment: str) -> None:
        reconciler = self._functions["reconcile"]
        add_alarm(
            self,
            "ReconcilerAlarm",
            Watch(
                name=f"{names.function(environment, 'reconcile')}-silence",
                says="The reconciler, which runs every minute, was not called for five: what stops stays so.",
                runbook="reconciler-silence",
                metric=reconciler.function.metric_invocations(period=FIVE_MINUTES),
                when=BELOW,
                missing=cloudwatch.TreatMissingData.BREACHING,
            ),
        )
        events.Rule(
            self,
            "EveryMinute",
            description="Repairs tasks that stopped moving",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[
                targets.LambdaFunction(
                    reconciler.function,
                    dead_letter_queue=reconciler.dead_letters,
                    retry_attempts=2,
                    max_event_age=Duration.minutes(5),
                )
            ],
        )

"""Every environment variable of the deployed system, typed: stacks write them, bootstrap reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, Field


class Settings(BaseModel, frozen=True):
    """Values may be CloudFormation tokens at synth, so strings carry no format checks here."""

    environment: str = Field(description="dev, staging or prod.")
    tasks_table: str = Field(default="", description="Name of the tasks table.")
    chat_table: str = Field(default="", description="Name of the table of conversations.")
    errors_table: str = Field(default="", description="Name of the table that tracks errors.")
    ledger_table: str = Field(default="", description="Name of the table that counts spending.")
    artifacts_bucket: str = Field(default="", description="Name of the artifacts bucket.")
    sessions_bucket: str = Field(default="", description="Name of the bucket of agents' sessions.")
    github_secret: str = Field(default="", description="ARN of the GitHub connection secret.")
    jira_secret: str = Field(default="", description="ARN of the Jira connection secret.")
    sentry_secret: str = Field(default="", description="ARN of the Sentry connection secret.")
    slack_secret: str = Field(default="", description="ARN of the Slack connection secret.")
    edge_secret: str = Field(default="", description="ARN of the secret that only CloudFront sends.")
    approvers: str = Field(default="", description="Who may decide on plans by the API, with commas.")
    readers: str = Field(default="", description="Who else may see tasks by the API, with commas.")
    state_machine_arn: str = Field(default="", description="The ticket workflow.")
    gateway_url: str = Field(default="", description="MCP endpoint of the AgentCore gateway.")
    code_interpreter_id: str = Field(default="", description="AgentCore code interpreter of the sandbox.")
    memory_id: str = Field(default="", description="AgentCore memory of an agent that keeps one.")
    agent: str = Field(default="", description="Name of the agent this process runs (runtimes only).")
    runtime_arns: str = Field(default="{}", description="JSON object: agent name to runtime ARN.")
    endpoint_name: str = Field(default="live", description="Runtime endpoint that tasks use.")
    model_provider: str = Field(default="bedrock", description="bedrock, openai or deterministic.")
    model_base_url: str = Field(default="", description="Base URL of an OpenAI-compatible endpoint.")
    model_id: str = Field(default="", description="Model of every run; empty: each agent's tier decides.")
    model_tiers: str = Field(default="{}", description="JSON object: tier to the model used instead.")
    ai_label: str = Field(default="AI", description="Ticket label that starts work.")
    max_running_tasks: int = Field(default=10, description="Tasks running at once, overall.")
    max_running_per_repository: int = Field(default=2, description="Tasks running at once in one repository.")
    approval_hours: float = Field(default=24.0, description="Hours until an undecided plan expires.")
    task_budget_usd: float = Field(default=15.0, description="Spending limit of one task.")
    heartbeat_seconds: int = Field(default=30, description="How often a running agent reports.")
    event_bus: str = Field(default="", description="EventBridge bus that hears of tasks.")
    alert_channel: str = Field(default="", description="Slack channel of alarms; empty: the team's.")
    runbooks_url: str = Field(default="", description="Where docs/runbooks can be read, for links.")
    dashboard_url: str = Field(default="", description="The dashboard that alarms link to.")
    log_level: str = Field(default="INFO", description="Log level of every process.")

    def to_env(self) -> dict[str, str]:
        """As environment variables; unset fields stay out."""
        return {
            f"SLIPWAY_{name.upper()}": str(value)
            for name, value in self.model_dump(exclude_unset=True).items()
        }

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read what is set; a bad number names its variable."""
        return cls.model_validate(
            {
                name: env[f"SLIPWAY_{name.upper()}"]
                for name in cls.model_fields
                if f"SLIPWAY_{name.upper()}" in env
            }
        )

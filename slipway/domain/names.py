"""Every name that two parts of the system must agree on, derived from the environment and an identifier."""

from __future__ import annotations

import re

PRODUCT = "slipway"
KNOWLEDGE_INDEX = "titan-embed-text-v2-1024"
"""Names the embedding: vectors of another model or length are another index, never mixed with these."""
LIVE = "live"
"""The runtime endpoint that tasks use."""
"""Where a gateway secret's JSON has what the gateway sends to its target."""
CANDIDATE = "candidate"
"""The runtime endpoint that always runs the newest version of an agent."""


def stack(environment: str, part: str) -> str:
    """CloudFormation stack: `Slipway-dev-Data`."""
    return f"{PRODUCT.capitalize()}-{environment}-{part}"


def function(environment: str, folder: str) -> str:
    """Lambda function of one folder under `lambdas/`."""
    return f"{PRODUCT}-{environment}-{folder.replace('_', '-')}"


def runtime(environment: str, agent: str) -> str:
    """AgentCore runtime: at most 48 letters, digits and underscores, so an agent's 40 still fit."""
    return f"{environment}_{agent}"


def gateway(environment: str) -> str:
    """AgentCore gateway: AgentCore wants hyphens here."""
    return f"{PRODUCT}-{environment}"


def people_gateway(environment: str) -> str:
    """AgentCore gateway of people's own MCP clients."""
    return f"{PRODUCT}-{environment}-people"


def policy_engine(gateway: str) -> str:
    """Policy engine of a gateway: AgentCore wants underscores here."""
    return gateway.replace("-", "_")


def gateway_policy(agent: str) -> str:
    """Policy that lets one agent call its tools."""
    return f"{agent}_tools"


def code_interpreter(environment: str) -> str:
    """Code interpreter that the sandbox uses."""
    return f"{PRODUCT}_{environment}_sandbox"


def memory(environment: str) -> str:
    """AgentCore memory of the agents that keep one: AgentCore wants underscores here."""
    return f"{PRODUCT}_{environment}"


def workload_identity(environment: str) -> str:
    """Identity under which agents ask AgentCore for people's tokens."""
    return f"{PRODUCT}-{environment}"


def online_evaluation(environment: str, agent: str) -> str:
    """Online evaluation of one agent: at most 48 letters, digits and underscores."""
    return f"{environment}_{agent}"


def vended_logs(environment: str, part: str) -> str:
    """Log group that AWS services deliver to; below this prefix they need no resource policy of ours."""
    return f"/aws/vendedlogs/{PRODUCT}/{environment}/{part}"


def credential_provider(environment: str, target: str) -> str:
    """AgentCore Identity provider of one gateway target's credential."""
    return f"{PRODUCT}-{environment}-{target}"


def oauth_provider(environment: str, service: str) -> str:
    """AgentCore Identity provider with which people sign in to one service."""
    return f"{PRODUCT}-{environment}-{service}-people"


def state_machine(environment: str) -> str:
    """The ticket workflow."""
    return f"{PRODUCT}-{environment}-ticket"


def event_bus(environment: str) -> str:
    """EventBridge bus that hears of every change of a task."""
    return f"{PRODUCT}-{environment}"


def alerts_topic(environment: str) -> str:
    """SNS topic of every alarm."""
    return f"{PRODUCT}-{environment}-alerts"


def dead_letters(environment: str, folder: str) -> str:
    """Queue of what one function could not handle."""
    return f"{function(environment, folder)}-dead-letters"


def dashboard(environment: str) -> str:
    """CloudWatch dashboard of everything."""
    return f"{PRODUCT}-{environment}"


def settings_parameter(environment: str) -> str:
    """SSM parameter with the settings that every process of one environment shares."""
    return f"/{PRODUCT}/{environment}/settings"


def secret(environment: str, service: str) -> str:
    """Connection secret of one outside service."""
    return f"{PRODUCT}/{environment}/{service}"


def key_alias(environment: str, data_class: str) -> str:
    """KMS key of one class of data."""
    return f"alias/{PRODUCT}-{environment}-{data_class}"


def edge_secret(environment: str) -> str:
    """Secret that CloudFront adds to every request it sends on."""
    return f"{PRODUCT}/{environment}/edge"


def web_acl(environment: str) -> str:
    """Web ACL at the edge."""
    return f"{PRODUCT}-{environment}-edge"


def gateway_secret(environment: str) -> str:
    """Secret that holds what the gateway sends to each target as its credential, by target."""
    return f"{PRODUCT}/{environment}/gateway"


def knowledge_bucket(environment: str) -> str:
    """Vector bucket of the knowledge base; unique in one account and region only."""
    return f"{PRODUCT}-{environment}-knowledge"


def construct_id(identifier: str) -> str:
    """PascalCase construct id of a snake_case or hyphenated identifier."""
    return "".join(part.capitalize() for part in re.split(r"[_-]", identifier))

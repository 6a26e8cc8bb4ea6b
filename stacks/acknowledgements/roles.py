"""Rules about what roles may do: every wildcard has its reason."""

from __future__ import annotations

from stacks.acknowledgements.decision import Acknowledgement, both

_IAM_WILDCARD = ("AwsSolutions-IAM5",)
_LOGS = "arn:aws:logs:<region>:<AWS::AccountId>"
_GRADED = ("staging", "prod")
"""Environments whose agents are evaluated."""
_FUNCTION_ROLE = "{stack}/{function}/Role/DefaultPolicy"

ROLES = (
    Acknowledgement(
        rules=both("IAMNoInlinePolicy"),
        place="Agents/Evaluation/Role",
        reason="As for every role of ours: the policy is made for it alone.",
        environments=_GRADED,
    ),
    *(
        Acknowledgement(
            rules=both("IAMNoInlinePolicy"),
            place=place,
            reason="The policy is made for this one role, lives and dies with it, and cannot be attached to "
            "anything else: that is what least privilege wants.",
        )
        for place in (
            _FUNCTION_ROLE,
            "Agents/{agent}/Role",
            "Agents/Tools/Gateway/ServiceRole/DefaultPolicy",
            "Workflow/Ticket/StateMachine/Role/DefaultPolicy",
        )
    ),
    *(
        Acknowledgement(
            rules=_IAM_WILDCARD, place=place, resource="<Artifacts.Arn>/*", reason="Reads any body of a task."
        )
        for place in (_FUNCTION_ROLE, "Agents/{agent}/Role")
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/{agent}/Role",
        resource="<Artifacts.Arn>/tasks/*/runs/*",
        reason="An agent writes what its runs produced, in whichever task, and nothing else.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place=_FUNCTION_ROLE,
        resource="<Artifacts.Arn>/tasks/*",
        reason="Writes bodies below the task that it works on; which task is known at run time only.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/RepositoriesTool/Role/DefaultPolicy",
        resource="<Artifacts.Arn>/snapshots/*",
        reason="Keeps snapshots by repository and commit, which are known at run time only.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place=_FUNCTION_ROLE,
        resource="<{table}.Arn>/index/*",
        reason="Every index of the one table whose rows the function may read anyway.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/{agent}/Role",
        resource="arn:aws:logs:<region>:<AWS::AccountId>:log-group:/aws/bedrock-agentcore/runtimes/"
        "<env>_{agent_name}-*",
        reason="AgentCore appends an id of its own to the runtime's name: these are the agent's own groups.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/{agent}/Role",
        resource="arn:aws:bedrock:{geography}-*::foundation-model/{model}",
        reason="An inference profile sends a call to any region of its geography; the model is exact.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Workflow/InvokeAgent/Role/DefaultPolicy",
        resource="<{agent}Runtime.AgentRuntimeArn>/runtime-endpoint/*",
        reason="Tasks go to the endpoint that the release chose: live or candidate of this one runtime.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place=_FUNCTION_ROLE,
        resource="arn:aws:states:<region>:<AWS::AccountId>:execution:slipway-<env>-ticket:*",
        reason="An execution is named after its task, known at run time only; the workflow is exact.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Workflow/Ticket/StateMachine/Role/DefaultPolicy",
        resource="<{function}Function.Arn>:*",
        reason="CDK's grant for the versions of a function that the workflow calls.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Workflow/Ticket/StateMachine/Role/DefaultPolicy",
        resource="*",
        reason="Log delivery and X-Ray know no resource: their actions can be granted on everything only.",
    ),
    *(
        Acknowledgement(
            rules=_IAM_WILDCARD,
            place=f"{follower}/Role/DefaultPolicy",
            resource="*",
            reason="dynamodb:ListStreams knows no resource; Lambda's poller of the table's stream needs it.",
        )
        for follower in ("Workflow/DispatchTasks", "Intake/FileAlerts", "Operations/PublishTaskChanges")
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/Tools/Gateway/ServiceRole/DefaultPolicy",
        resource="<{function}Function.Arn>:*",
        reason="CDK's grant for the versions of the one function behind a target.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/Tools/Gateway/ServiceRole/DefaultPolicy",
        resource="arn:aws:bedrock-agentcore:<region>:<AWS::AccountId>:workload-identity-directory/default/"
        "workload-identity/slipway-<env>-*",
        reason="AgentCore appends an id of its own to the gateway's name: this is its own identity.",
    ),
    Acknowledgement(
        rules=_IAM_WILDCARD,
        place="Agents/Tools/Gateway/ServiceRole/DefaultPolicy",
        resource="arn:aws:secretsmanager:<region>:<AWS::AccountId>:secret:bedrock-agentcore-identity!*",
        reason="Secrets that AgentCore Identity creates and owns; no other secret can have this prefix.",
    ),
    *(
        Acknowledgement(
            rules=_IAM_WILDCARD,
            place="Agents/Evaluation/Role",
            resource=resource,
            reason=reason,
            environments=_GRADED,
        )
        for resource, reason in (
            (
                f"{_LOGS}:log-group:*",
                "Finding a log group by its name asks for all of them; nothing in them is read.",
            ),
            (
                f"{_LOGS}:log-group:/aws/bedrock-agentcore/runtimes/<env>_*",
                "AgentCore appends an id of its own to each runtime's name: these are our agents' groups.",
            ),
            (f"{_LOGS}:log-group:aws/spans:*", "The streams of the one group that holds spans."),
            (
                f"{_LOGS}:log-group:/aws/bedrock-agentcore/evaluations/*",
                "AgentCore names the group of an evaluation's results by an id of its own.",
            ),
            (
                "arn:aws:bedrock:*::foundation-model/*",
                "AgentCore chooses the model that judges; a built-in judge cannot be told which.",
            ),
            (
                "arn:aws:bedrock:*:<AWS::AccountId>:inference-profile/*",
                "AgentCore chooses the profile that carries its judge's calls.",
            ),
        )
    ),
)

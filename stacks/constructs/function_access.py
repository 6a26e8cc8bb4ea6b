"""What each `Access` of a function means in IAM."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aws_cdk import aws_iam as iam

from stacks.constructs.permissions import Permissions, invoke_runtimes
from stacks.functions import Access


def statements(
    access: frozenset[Access], *, permissions: Permissions, runtime_arns: Sequence[str]
) -> list[iam.PolicyStatement]:
    """Exactly what `access` allows, in a stable order."""
    meaning: Mapping[Access, Callable[[], Sequence[iam.PolicyStatement]]] = {
        Access.TASKS: lambda: (permissions.read_tasks(), permissions.write_tasks()),
        Access.CHAT: lambda: (permissions.read_rows("chat"), permissions.write_rows("chat")),
        Access.ERRORS: lambda: (permissions.read_rows("errors"), permissions.write_rows("errors")),
        Access.LEDGER: lambda: (permissions.read_rows("ledger"), permissions.write_rows("ledger")),
        Access.ARTIFACTS: lambda: (*permissions.read_artifacts(), permissions.write_artifacts("tasks/*")),
        Access.SNAPSHOTS: lambda: (*permissions.read_artifacts(), permissions.write_artifacts("snapshots/*")),
        Access.GITHUB: lambda: (permissions.read_secret("github"),),
        Access.JIRA: lambda: (permissions.read_secret("jira"),),
        Access.SENTRY: lambda: (permissions.read_secret("sentry"),),
        Access.SLACK: lambda: (permissions.read_secret("slack"),),
        Access.START_TASKS: lambda: (permissions.start_executions(),),
        Access.STEER_TASKS: lambda: (permissions.steer_executions(),),
        Access.COMPLETE_STEPS: lambda: (permissions.complete_steps(),),
        Access.EDGE: lambda: (permissions.read_secret("edge"),) if "edge" in permissions.secrets else (),
        Access.RUN_AGENTS: lambda: (invoke_runtimes(runtime_arns),),
    }
    return [statement for each in Access if each in access for statement in meaning[each]()]

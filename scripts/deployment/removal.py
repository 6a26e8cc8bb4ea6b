"""Removes an environment: what stacks hold, what they keep, and what services left beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.registry import AGENTS
from scripts.deployment.assembly import Assembly, Stack, Template
from scripts.deployment.cdk_run import run_cdk
from scripts.deployment.destination import Destination, account, teardown
from scripts.deployment.naming import footprint
from slipway.domain.errors import Permanent
from slipway.ports.account import HeldResource, Remainder

_KEPT = {"Retain", "RetainExceptOnCreate", "Snapshot"}


class NotEmpty(Permanent):
    """Something of the environment is still there; the message names it."""


@dataclass(frozen=True)
class Removal:
    """One environment in one place. Reading it changes nothing."""

    place: Destination
    assembly: Assembly

    def held(self) -> Mapping[str, Sequence[HeldResource]]:
        """What each deployed stack holds now."""
        found = {}
        for stack in self.assembly.stacks:
            there = account(self.place, stack.region)
            if there.stack(stack.name) is not None:
                found[stack.name] = there.stack_resources(stack.name)
        return found

    def carry_out(
        self, held: Mapping[str, Sequence[HeldResource]], *, log: Path, say: Callable[[str], None]
    ) -> list[Remainder]:
        """Remove everything; returns what services had left, and fails when anything is still there."""
        deployed = [stack for stack in self.assembly.stacks if stack.name in held]
        # Their templates say what they keep, and are gone afterwards.
        kept = [(stack, resource) for stack in deployed for resource in self._kept(stack, held[stack.name])]
        for stack in deployed:
            self._make_removable(stack, held[stack.name], say=say)
        run_cdk(
            ["destroy", "--all", "--force", "--app", str(self.assembly.folder)],
            environment=self.place.process_environment(),
            log=log,
            say=say,
        )
        for stack, resource in kept:
            say(f"deleting {resource.kind} {resource.physical_id}")
            teardown(self.place, stack.region).delete(resource.kind, resource.physical_id)
        return self._remove_remains(say=say)

    def _kept(self, stack: Stack, contents: Sequence[HeldResource]) -> list[HeldResource]:
        text = account(self.place, stack.region).template(stack.name)
        written = Template.model_validate_json(text).resources
        return [
            resource
            for resource in contents
            if resource.logical_id in written and written[resource.logical_id].deletion_policy in _KEPT
        ]

    def _make_removable(
        self, stack: Stack, contents: Sequence[HeldResource], *, say: Callable[[str], None]
    ) -> None:
        tools = teardown(self.place, stack.region)
        for resource in contents:
            if resource.kind == "AWS::S3::Bucket" and (count := tools.empty_bucket(resource.physical_id)):
                say(f"deleted {count} object versions of {resource.physical_id}")
            if resource.kind == "AWS::DynamoDB::Table" and tools.unprotect_table(resource.physical_id):
                say(f"switched deletion protection of {resource.physical_id} off")

    def _remove_remains(self, *, say: Callable[[str], None]) -> list[Remainder]:
        """Services leave log groups and workload identities; anything else that is left is an error."""
        wanted = footprint(self.place.environment, AGENTS)
        removed = []
        for region in self.assembly.regions:
            tools = teardown(self.place, region)
            for remainder in tools.remains(wanted):
                if remainder.removable:
                    say(f"deleting {remainder}")
                    tools.remove(remainder)
                    removed.append(remainder)
            if left := tools.remains(wanted):
                names = "\n".join(f"  {each}" for each in left)
                raise NotEmpty(f"still there in {region}:\n{names}\nrun this again, or delete them by hand")
        return removed

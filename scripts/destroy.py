"""`slipway destroy`: remove an environment from the account, with all it holds, until nothing is left."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from pydantic import JsonValue

from agents.registry import AGENTS
from scripts.deployment.assembly import Assembly, Template, synthesize
from scripts.deployment.cdk_run import run_cdk
from scripts.deployment.destination import Destination, account, destination, teardown, work_folder
from scripts.deployment.losses import losses, slow_parts
from scripts.deployment.naming import footprint
from scripts.output import Output, OutputOption, emit, progress, say
from slipway.domain.errors import InvalidInput, Permanent, PolicyRefused
from slipway.ports.account import HeldResource, Remainder
from stacks.config import environment_config

_KEPT = {"Retain", "RetainExceptOnCreate", "Snapshot"}


class NotEmpty(Permanent):
    """Something of the environment is still there; the message names it."""


def destroy(
    env: Annotated[str, typer.Option("--env", help="dev, staging or prod.")],
    region: Annotated[str, typer.Option(help="Another region than the environment's.")] = "",
    really: Annotated[
        bool, typer.Option("--really", help="Also an environment that keeps its data: delete the data too.")
    ] = False,
    confirm: Annotated[
        str, typer.Option(help="The environment's name, for programs; people are asked to type it.")
    ] = "",
    laptop: Annotated[
        bool, typer.Option(help="Destroy what the running laptop's emulator holds; never contacts AWS.")
    ] = False,
    output: OutputOption = Output.TEXT,
) -> None:
    """Remove an environment and all its data; says first what will be lost.

    Example: slipway destroy --env dev
    """
    place = destination(env, region=region, laptop=laptop)
    if environment_config(env).keeps_data and not really:
        raise PolicyRefused(
            f"environment {env} keeps its data (stacks/config): its tables refuse deletion and its stores "
            "outlive their stacks. Nothing was changed; to delete everything in it for ever add --really"
        )
    say(f"synthesizing environment {env}")
    assembly = synthesize(env, work_folder(env, "destroy"), region=region)
    held = _held(place, assembly)
    resources = [resource for each in held.values() for resource in each]
    lost = losses(resources)
    for loss in lost:
        ids = ", ".join(loss.ids[:6]) + (f" and {len(loss.ids) - 6} more" if len(loss.ids) > 6 else "")
        progress.print(f"lost: {loss.what}: {ids}", markup=False, style="red")
    for kind, what in slow_parts(resources).items():
        say(f"slow: {kind}: {what}")
    _confirm(place, confirm, stacks=len(held))
    kept = _kept(place, assembly, held)
    for name, contents in held.items():
        _make_removable(place, assembly, name, contents)
    run_cdk(
        ["destroy", "--all", "--force", "--app", str(assembly.folder)],
        environment=place.process_environment(),
        log=work_folder(env, "logs") / "destroy.log",
        say=say,
    )
    for each_region, resource in kept:
        say(f"deleting {resource.kind} {resource.physical_id}")
        teardown(place, each_region).delete(resource.kind, resource.physical_id)
    removed = _remove_remains(place, assembly)
    document: dict[str, JsonValue] = {
        "environment": env,
        "destroyed_stacks": list(held),
        "lost": {loss.kind: list(loss.ids) for loss in lost},
        "removed_beside": [str(each) for each in removed],
    }
    emit(document, output=output, text=lambda: f"nothing of {env} is left in {', '.join(assembly.regions)}")


def _held(place: Destination, assembly: Assembly) -> Mapping[str, Sequence[HeldResource]]:
    held = {}
    for stack in assembly.stacks:
        there = account(place, stack.region)
        if there.stack(stack.name) is not None:
            held[stack.name] = there.stack_resources(stack.name)
    return held


def _confirm(place: Destination, confirmed: str, *, stacks: int) -> None:
    caller = account(place, place.region).caller()
    where = "the laptop's emulator" if place.is_laptop else f"account {caller.account}"
    say(f"{stacks} stacks of {place.environment} in {where}, {place.region}")
    if not confirmed:
        if not sys.stdin.isatty():
            raise InvalidInput(f"nobody is there to confirm; pass --confirm {place.environment}")
        confirmed = typer.prompt(f"Type {place.environment} to destroy it", err=True)
    if confirmed.strip() != place.environment:
        raise InvalidInput(f"{confirmed!r} is not {place.environment!r}; nothing was changed")


def _kept(
    place: Destination, assembly: Assembly, held: Mapping[str, Sequence[HeldResource]]
) -> list[tuple[str, HeldResource]]:
    """What stacks leave behind on purpose, as the deployed templates say."""
    kept = []
    for stack in assembly.stacks:
        if stack.name not in held:
            continue
        template = Template.model_validate_json(account(place, stack.region).template(stack.name))
        for resource in held[stack.name]:
            written = template.resources.get(resource.logical_id)
            if written is not None and written.deletion_policy in _KEPT:
                kept.append((stack.region, resource))
    return kept


def _make_removable(
    place: Destination, assembly: Assembly, stack: str, contents: Sequence[HeldResource]
) -> None:
    [region] = {each.region for each in assembly.stacks if each.name == stack}
    tools = teardown(place, region)
    for resource in contents:
        if resource.kind == "AWS::S3::Bucket" and (count := tools.empty_bucket(resource.physical_id)):
            say(f"deleted {count} object versions of {resource.physical_id}")
        if resource.kind == "AWS::DynamoDB::Table" and tools.unprotect_table(resource.physical_id):
            say(f"switched deletion protection of {resource.physical_id} off")


def _remove_remains(place: Destination, assembly: Assembly) -> list[Remainder]:
    """Services leave log groups and workload identities; anything else that is left is an error."""
    wanted = footprint(place.environment, AGENTS)
    removed = []
    for region in assembly.regions:
        tools = teardown(place, region)
        for remainder in tools.remains(wanted):
            if remainder.removable:
                say(f"deleting {remainder}")
                tools.remove(remainder)
                removed.append(remainder)
        if left := tools.remains(wanted):
            names = "\n".join(f"  {each}" for each in left)
            raise NotEmpty(f"still there in {region}:\n{names}\nrun this again, or delete them by hand")
    return removed

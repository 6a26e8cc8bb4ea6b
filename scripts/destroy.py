"""`slipway destroy`: remove an environment from the account, with all it holds, until nothing is left."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from pydantic import JsonValue

from scripts.deployment.assembly import synthesize
from scripts.deployment.destination import Destination, account, destination, work_folder
from scripts.deployment.losses import losses, slow_parts
from scripts.deployment.removal import Removal
from scripts.output import Output, OutputOption, emit, progress, say
from slipway.domain.errors import InvalidInput, PolicyRefused
from stacks.config import environment_config


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
    removal = Removal(place, assembly)
    held = removal.held()
    resources = [resource for each in held.values() for resource in each]
    lost = losses(resources)
    for loss in lost:
        ids = ", ".join(loss.ids[:6]) + (f" and {len(loss.ids) - 6} more" if len(loss.ids) > 6 else "")
        progress.print(f"lost: {loss.what}: {ids}", markup=False, style="red")
    for kind, what in slow_parts(resources).items():
        say(f"slow: {kind}: {what}")
    _confirm(place, confirm, stacks=len(held))
    removed = removal.carry_out(held, log=work_folder(env, "logs") / "destroy.log", say=say)
    document: dict[str, JsonValue] = {
        "environment": env,
        "destroyed_stacks": list(held),
        "lost": {loss.kind: list(loss.ids) for loss in lost},
        "removed_beside": [str(each) for each in removed],
    }
    emit(document, output=output, text=lambda: f"nothing of {env} is left in {', '.join(assembly.regions)}")


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

"""`slipway deploy`: check, show what changes, ask, deploy, try it, and say what to do next."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from agents.registry import AGENTS
from scripts.deploy_policy import policy
from scripts.deployment.assembly import Assembly, Template, synthesize
from scripts.deployment.cdk_run import run_cdk
from scripts.deployment.connections import SERVICES, Kit, write_kit
from scripts.deployment.destination import Destination, account, destination, work_folder
from scripts.deployment.differences import Change, differences
from scripts.deployment.preflight import Preflight
from scripts.deployment.report import counted, findings_data, show_changes, show_findings
from scripts.deployment.smoke import Smoke
from scripts.deployment.widening import Permission, widened
from scripts.doctor import Finding
from scripts.output import Output, OutputOption, emit, progress, say
from slipway.agentkit.models.tiers import model_id
from slipway.domain.errors import InvalidInput
from stacks.config import environment_config

app = typer.Typer(help="Deploy an environment to AWS.", invoke_without_command=True)
app.command()(policy)


@app.callback()
def deploy(
    context: typer.Context,
    env: Annotated[str, typer.Option("--env", help="dev, staging or prod.")] = "dev",
    region: Annotated[str, typer.Option(help="Another region than the environment's.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Deploy without asking.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Stop after showing what would change.")] = False,
    laptop: Annotated[
        bool, typer.Option(help="Deploy to the running laptop's emulator; never contacts AWS.")
    ] = False,
    output: OutputOption = Output.TEXT,
) -> None:
    """Deploy an environment: preflight, difference, question, deploy, smoke test, next steps.

    Example: slipway deploy --env dev --dry-run
    """
    if context.invoked_subcommand is not None:
        return
    place = destination(env, region=region, laptop=laptop)
    say(f"synthesizing environment {env} for {place.region}")
    assembly = synthesize(env, work_folder(env, "deploy"), region=region, assets=place.assets)
    checks = _preflight(place, assembly)
    show_findings("preflight", checks)
    if any(check.level == "problem" for check in checks):
        say("nothing was changed: mend the problems above and run this again")
        emit({"deployed": False, "preflight": findings_data(checks)}, output=output, text=lambda: None)
        raise typer.Exit(1)
    deployed = _deployed(place, assembly)
    changes = differences(assembly, deployed)
    permissions = widened(assembly, deployed)
    show_changes(changes, permissions)
    document: dict[str, JsonValue] = {
        "environment": env,
        "region": place.region,
        "preflight": findings_data(checks),
        "changes": counted(changes),
        "grave": [str(each) for each in changes if each.is_grave],
        "permissions_added": [str(each) for each in permissions],
    }
    if dry_run:
        emit({**document, "deployed": False}, output=output, text=lambda: None)
        return
    if not yes:
        _ask(place, changes, permissions)
    _run(place, assembly, log=work_folder(env, "logs") / "deploy.log")
    smoke = Smoke(
        account=account(place, place.region), environment=env, api_url=lambda outputs: place.api_url(outputs)
    )
    tried = smoke.findings()
    show_findings("smoke test", tried)
    next_steps = _connect(place, smoke.url())
    emit(
        {**document, "deployed": True, "smoke": findings_data(tried), **next_steps},
        output=output,
        text=lambda: f"deployed; API {smoke.url()}",
    )
    if any(finding.level == "problem" for finding in tried):
        raise typer.Exit(1)


def _preflight(place: Destination, assembly: Assembly) -> list[Finding]:
    return Preflight(
        assembly=assembly,
        environment=place.environment,
        region=place.region,
        accounts={region: account(place, region) for region in {place.region, *assembly.regions}},
        models={} if place.is_laptop else _profiles(place),
        secrets=tuple(SERVICES),
    ).findings()


def _profiles(place: Destination) -> dict[str, str]:
    config = environment_config(place.environment)
    if config.model_provider != "bedrock":
        return {}
    tiers = sorted({spec.model_tier for spec in AGENTS.values()})
    return {
        tier: config.model_tiers.get(tier) or model_id("bedrock", tier, region=place.region) for tier in tiers
    }


def _deployed(place: Destination, assembly: Assembly) -> dict[str, Template]:
    found = {}
    for stack in assembly.stacks:
        there = account(place, stack.region)
        held = there.stack(stack.name)
        if held is not None and held.status != "REVIEW_IN_PROGRESS":
            found[stack.name] = Template.model_validate_json(there.template(stack.name))
    return found


def _ask(place: Destination, changes: Sequence[Change], permissions: Sequence[Permission]) -> None:
    caller = account(place, place.region).caller()
    where = "the laptop's emulator" if place.is_laptop else f"account {caller.account}"
    question = (
        f"Deploy {place.environment} to {where}, {place.region}: {len(changes)} changes, "
        f"{len(permissions)} added permissions?"
    )
    if not sys.stdin.isatty():
        raise InvalidInput(f"{question} Nobody is there to answer; run again with --yes, or with --dry-run")
    if not typer.confirm(question, err=True):
        say("nothing was changed")
        raise typer.Exit(1)


def _run(place: Destination, assembly: Assembly, *, log: Path) -> None:
    say(f"deploying; the whole output is in {log}")
    options = ("--require-approval", "never", "--concurrency", "4", "--progress", "events")
    # The emulator holds no change sets that would be worth the wait.
    method = ("--method=direct",) if place.is_laptop else ()
    run_cdk(
        ["deploy", "--all", "--app", str(assembly.folder), *options, *method],
        environment=place.process_environment(),
        log=log,
        say=say,
    )


def _connect(place: Destination, api_url: str) -> dict[str, JsonValue]:
    """Write the files that connect the outside services, and tell the steps."""
    kit = Kit(
        environment=place.environment,
        api_url=api_url,
        folder=work_folder(place.environment, "connect"),
        agents=tuple(AGENTS.values()),
    )
    files = write_kit(kit)
    for service in SERVICES.values():
        progress.print(f"\nconnect {service.name}", markup=False)
        for number, step in enumerate(service.steps(kit), start=1):
            progress.print(f"  {number}. {step}", markup=False)
    return {
        "api_url": api_url,
        "files": {name: str(path) for name, path in files.items()},
        "next_steps": {service.name: list(service.steps(kit)) for service in SERVICES.values()},
    }

"""`slipway connect`: the steps that connect an outside service, and its connection put into its secret."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from pydantic import JsonValue

from agents.registry import AGENTS
from scripts.deployment.connections import (
    SERVICES,
    Kit,
    Service,
    checked_connection,
    hidden_fields,
    write_kit,
)
from scripts.deployment.destination import Destination, account, destination, work_folder
from scripts.deployment.smoke import Smoke
from scripts.output import Output, OutputOption, emit, say
from slipway.domain import names
from slipway.domain.errors import InvalidInput, NotFound


def connect(
    service: Annotated[str, typer.Argument(help=", ".join(SERVICES))],
    env: Annotated[str, typer.Option("--env", help="dev, staging or prod.")] = "dev",
    region: Annotated[str, typer.Option(help="Another region than the environment's.")] = "",
    store: Annotated[
        bool,
        typer.Option("--store", help="Read the connection (JSON on stdin, or asked for) and put it away."),
    ] = False,
    laptop: Annotated[bool, typer.Option(help="Of the running laptop; never contacts AWS.")] = False,
    output: OutputOption = Output.TEXT,
) -> None:
    """Show how to connect a service, or check its connection and store it; no value is ever printed.

    Example: slipway connect jira --env dev --store < jira.json
    """
    if service not in SERVICES:
        raise InvalidInput(f"{service!r} is no service; choose one of {', '.join(SERVICES)}")
    chosen = SERVICES[service]
    place = destination(env, region=region, laptop=laptop)
    there = account(place, place.region)
    secret = names.secret(env, service)
    state = there.secret_state(secret)
    kit = _kit(place)
    if not store:
        files = write_kit(kit)
        fields: list[JsonValue] = [*sorted(chosen.connection.model_fields)]
        emit(
            {
                "service": service,
                "secret": secret,
                "state": state,
                "file": str(files[service]),
                "fields": fields,
                "steps": list(chosen.steps(kit)),
            },
            output=output,
            text=lambda: "\n".join(
                [
                    f"secret {secret}: {state}",
                    *(f"{number}. {step}" for number, step in enumerate(chosen.steps(kit), start=1)),
                ]
            ),
        )
        return
    if state in {"missing", "being deleted"}:
        raise NotFound(f"secret {secret} is {state} in {place.region}: deploy environment {env} first")
    text = asked_connection(chosen) if sys.stdin.isatty() else sys.stdin.read()
    there.store_secret(secret, checked_connection(chosen, text, webhook_secrets=kit.webhook_secrets))
    emit(
        {"service": service, "secret": secret, "state": "filled"},
        output=output,
        text=lambda: f"secret {secret} is filled; running functions see it within two minutes",
    )


def _kit(place: Destination) -> Kit:
    smoke = Smoke(
        account=account(place, place.region),
        environment=place.environment,
        api_url=lambda outputs: place.api_url(outputs),
    )
    return Kit(
        environment=place.environment,
        api_url=smoke.url(),
        folder=work_folder(place.environment, "connect"),
        agents=tuple(AGENTS.values()),
    )


def asked_connection(service: Service) -> str:
    """Each required field; what is secret does not show while it is typed."""
    hidden = set(hidden_fields(service))
    answers: dict[str, object] = {}
    for name, field in service.connection.model_fields.items():
        if not field.is_required() or (name == "webhook_secrets" and service.signs_with_ours):
            continue
        value = typer.prompt(name.replace("_", " "), hide_input=name in hidden, err=True)
        answers[name] = [value] if name.endswith("secrets") else value
    say("checking")
    return json.dumps(answers)

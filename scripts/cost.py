"""`slipway cost`: what an environment costs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Group

from agents.registry import AGENTS
from scripts.deployment.assembly import synthesize
from scripts.deployment.cost_estimate import Estimate
from scripts.deployment.cost_estimate import estimate as add_up
from scripts.deployment.idle_cost import idle_use
from scripts.deployment.ticket_cost import ticket_lines
from scripts.output import Output, OutputOption, emit, say, table
from slipway.domain.prices import Interval, Prices, TicketUse, prices, ticket_use
from stacks.config import environment_config

app = typer.Typer(help="What an environment costs.", no_args_is_help=True)


@app.callback()
def cost() -> None:
    """What an environment costs."""


@app.command()
def estimate(
    env: Annotated[str, typer.Option("--env", help="dev, staging or prod.")] = "dev",
    tickets_per_month: Annotated[int, typer.Option(help="Tickets that become tasks.", min=0)] = 100,
    region: Annotated[str, typer.Option(help="Another region than the environment's.")] = "",
    price_file: Annotated[
        Path | None,
        typer.Option("--prices", help="TOML with a table [rates] of your own prices.", exists=True),
    ] = None,
    usage: Annotated[
        Path | None,
        typer.Option(help="Your own figures instead of slipway/domain/prices/usage.toml.", exists=True),
    ] = None,
    output: OutputOption = Output.TEXT,
) -> None:
    """Estimate a month from the synthesized templates and the dated price file; contacts nothing.

    Example: slipway cost estimate --env prod --tickets-per-month 100
    """
    listed, use = prices(price_file), ticket_use(usage)
    config = environment_config(env)
    chosen = region or config.region
    say(f"synthesizing environment {env}")
    with tempfile.TemporaryDirectory(prefix="slipway-cost-") as folder:
        assembly = synthesize(env, Path(folder), region=region)
        idle = idle_use(assembly, listed)
        lines = ticket_lines(
            use=use,
            prices=listed,
            config=config,
            region=chosen,
            agents=AGENTS,
            kinds=frozenset(assembly.kinds),
        )
    found = add_up(idle, lines, tickets=tickets_per_month, prices=listed, region=chosen)
    assumed = _assumptions(listed, use, provider=config.model_provider, region=chosen)
    emit(
        _document(found, listed, environment=env, region=chosen, assumed=assumed),
        output=output,
        text=lambda: _text(found, environment=env, region=chosen, assumed=assumed),
    )


def _assumptions(listed: Prices, use: TicketUse, *, provider: str, region: str) -> list[str]:
    return [
        f"list prices of {listed.as_of}, read by hand, before tax and discounts; the source of each is in "
        "slipway/domain/prices/prices.toml",
        "prices of eu-west-1" if not region.startswith("us-") else "prices of us-east-1",
        f"what a ticket uses is assumed (slipway/domain/prices/usage.toml, {use.as_of}), not measured in AWS",
        "low adds up every low end and high every high end, so most tickets are well between",
        "the allowances that AWS gives every account each month are used by nothing else in the account",
        {
            "bedrock": "a run's tokens cost at most the budget of its agent's spec, where the run stops",
            "openai": "tokens of an OpenAI-compatible endpoint are not AWS's to charge and are left out",
            "deterministic": "the deterministic model uses no tokens",
        }[provider],
    ]


def _document(
    found: Estimate, listed: Prices, *, environment: str, region: str, assumed: list[str]
) -> JsonValue:
    return {
        "environment": environment,
        "region": region,
        "prices_as_of": listed.as_of,
        "idle_usd": _cents(found.idle_usd),
        "per_ticket_usd": _pair(found.per_ticket_usd),
        "tickets_per_month": found.tickets,
        "tickets_usd": _pair(found.tickets_usd),
        "month_usd": _pair(found.month_usd),
        "idle": [
            {
                "resource_type": cost.use.resource_type,
                "resources": cost.use.resources,
                "rate": cost.use.rate,
                "quantity": round(cost.use.quantity, 6),
                "free": round(cost.free, 6),
                "unit": cost.unit,
                "usd": round(cost.usd, 4),
                "source": listed.rates[cost.use.rate].source,
            }
            for cost in found.idle
        ],
        "ticket": [
            {
                "what": line.what,
                "rate": line.rate,
                "quantity": list(line.quantity),
                "unit": line.unit,
                "usd": [round(each, 6) for each in line.usd],
                "source": listed.rates[line.rate].source
                if line.rate
                else "slipway/agentkit/models/prices.toml",
            }
            for line in found.ticket
        ],
        "assumptions": list(assumed),
    }


def _text(found: Estimate, *, environment: str, region: str, assumed: list[str]) -> Group:
    by_part: dict[str, Interval] = {}
    for line in found.ticket:
        low, high = by_part.get(line.what, (0.0, 0.0))
        by_part[line.what] = low + line.usd[0], high + line.usd[1]
    idle = table(
        (f"idle, {environment} in {region}", "count", "a month uses", "of it free", "USD"),
        [
            (
                cost.use.resource_type.removeprefix("AWS::"),
                str(cost.use.resources),
                f"{cost.use.quantity:,.6g} {cost.unit}",
                f"{cost.free:,.6g}",
                f"{cost.usd:.2f}",
            )
            for cost in found.idle
        ],
    )
    ticket = table(
        ("one ticket, at list price", "USD"),
        [
            (what, _range(usd, places=3))
            for what, usd in sorted(by_part.items(), key=lambda item: -item[1][1])
        ],
    )
    totals = table(
        ("a month", "USD"),
        [
            ("idle", f"{found.idle_usd:.2f}"),
            (f"{found.tickets} tickets of {_range(found.per_ticket_usd)}", _range(found.tickets_usd)),
            ("total", _range(found.month_usd)),
        ],
    )
    return Group(idle, "", ticket, "", totals, "", *(f"- {line}" for line in assumed))


def _range(usd: Interval, *, places: int = 2) -> str:
    return f"{usd[0]:.{places}f} to {usd[1]:.{places}f}"


def _pair(usd: Interval) -> list[JsonValue]:
    return [_cents(each) for each in usd]


def _cents(usd: float) -> float:
    return round(usd, 2)

"""`Fn::GetStackOutput` reads a stack in the region that it names; stock looks in the reader's region only."""

from __future__ import annotations

from collections.abc import Callable

from local.aws import patching
from local.aws.context import Context

FUNCTION = "Fn::GetStackOutput"
Resolve = Callable[..., object]


def install(context: Context) -> None:
    """Put our resolver in the place of stock's, wherever it has been imported."""
    del context
    from ministack.services.cloudformation import changesets, engine, handlers, stacks

    resolver = across_regions(engine._resolve_refs)
    patching.replace([engine, changesets, handlers, stacks], "_resolve_refs", resolver)


def across_regions(stock: Resolve) -> Resolve:
    """Stock's resolver, but for the one function; stock's recursion comes back here by its module."""

    def resolve(value: object, *surroundings: object) -> object:
        if not isinstance(value, dict) or set(value) != {FUNCTION} or not isinstance(value[FUNCTION], dict):
            return stock(value, *surroundings)
        wanted = {name: str(resolve(part, *surroundings)) for name, part in value[FUNCTION].items()}
        return output(wanted["StackName"], wanted["OutputName"], region=wanted.get("Region"))

    return resolve


def output(stack: str, name: str, *, region: str | None) -> str:
    """The value of a stack's output in the caller's account."""
    from ministack.core.responses import get_account_id, get_region
    from ministack.services.cloudformation import _stacks

    where = region or get_region()
    found = _stacks.get_scoped(get_account_id(), where, stack) or {}
    for each in found.get("Outputs", []):
        if each.get("OutputKey") == name:
            return str(each.get("OutputValue", ""))
    raise ValueError(f"stack {stack} in {where} has no output {name}")

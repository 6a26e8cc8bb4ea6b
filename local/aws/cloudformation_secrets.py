"""A secret's Ref is its ARN, as in AWS; stock ministack gives its name."""

from __future__ import annotations

import re

from local.aws.cloudformation import Properties, Provisioned, handlers
from local.aws.context import Context

SECRET = "AWS::SecretsManager::Secret"
SUFFIX = re.compile(r"-[0-9A-Za-z]{6}$")


def install(context: Context) -> None:
    """Wrap stock's handler so that the physical id is the ARN."""
    del context
    table = handlers()
    stock = table[SECRET]
    stock_create, stock_update, stock_delete = stock["create"], stock["update"], stock["delete"]
    if not (callable(stock_create) and callable(stock_update) and callable(stock_delete)):
        raise TypeError(f"ministack's handler of {SECRET} has changed")

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        _, attributes = stock_create(logical_id, properties, stack)
        return str(attributes["Id"]), attributes

    def update(
        physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
    ) -> Provisioned:
        _, attributes = stock_update(secret_name(physical_id), old, new, stack, logical_id)
        return str(attributes["Id"]), attributes

    def delete(physical_id: str, properties: Properties) -> None:
        stock_delete(secret_name(physical_id), properties)

    table[SECRET] = {
        **stock,
        "create": create,
        "update": update,
        "update_with_logical_id": True,
        "delete": delete,
    }


def secret_name(physical_id: str) -> str:
    """The name in a secret's ARN; a name stays as it is."""
    _, separator, name = physical_id.partition(":secret:")
    return SUFFIX.sub("", name) if separator else physical_id

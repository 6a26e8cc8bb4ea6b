"""A secret's Ref is its ARN, as in AWS; stock ministack gives its name."""

from __future__ import annotations

import re
import string

from local.aws.cloudformation import Properties, Provisioned, handlers
from local.aws.context import Context

SECRET = "AWS::SecretsManager::Secret"
EXCLUDABLE = {
    "ExcludeLowercase": string.ascii_lowercase,
    "ExcludeNumbers": string.digits,
    "ExcludePunctuation": string.punctuation,
    "ExcludeUppercase": string.ascii_uppercase,
}
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
        _, attributes = stock_create(logical_id, complete(properties), stack)
        return str(attributes["Id"]), attributes

    def update(
        physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
    ) -> Provisioned:
        name = secret_name(physical_id)
        _, attributes = stock_update(name, complete(old), complete(new), stack, logical_id)
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


def complete(properties: Properties) -> Properties:
    """The properties with the defaults of a generated secret, which stock takes for no secret at all."""
    wanted = properties.get("GenerateSecretString")
    if not isinstance(wanted, dict):
        return properties
    excluded = str(wanted.get("ExcludeCharacters", ""))
    for option, characters in EXCLUDABLE.items():
        if str(wanted.get(option, False)).lower() == "true":
            excluded += characters
    length = int(wanted.get("PasswordLength", 32))
    generated = {**wanted, "PasswordLength": length, "ExcludeCharacters": excluded}
    return {**properties, "GenerateSecretString": generated}


def secret_name(physical_id: str) -> str:
    """The name in a secret's ARN; a name stays as it is."""
    _, separator, name = physical_id.partition(":secret:")
    return SUFFIX.sub("", name) if separator else physical_id

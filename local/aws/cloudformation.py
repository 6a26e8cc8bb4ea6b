"""CloudFormation's resource types: ours beside ministack's, and a record of what nothing emulates."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from local.aws.context import Context

logger = logging.getLogger(__name__)

Properties = dict[str, object]
Attributes = dict[str, object]
Provisioned = tuple[str, Attributes]
Create = Callable[[str, Properties, str], Provisioned]
Update = Callable[[str, Properties, Properties, str], Provisioned]
Delete = Callable[[str, Properties], object]
Status = Literal["emulated", "recorded"]

RESOURCE_TYPE = re.compile(r"AWS::(?!CloudFormation::)[A-Za-z0-9]+::[A-Za-z0-9]+")


@dataclass(frozen=True)
class ResourceHandler:
    """How one resource type is provisioned: (logical id, properties, stack) -> (Ref, attributes)."""

    create: Create
    update: Update
    delete: Delete
    status: Status = "emulated"

    def entry(self) -> dict[str, object]:
        """The shape that ministack's provisioner calls."""
        return {"create": self.create, "update": self.update, "delete": self.delete, "status": self.status}


class ResourceHandlers(dict[str, dict[str, object]]):
    """ministack's table of handlers, in which every other AWS type is recorded instead of refused."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (
            isinstance(name, str) and RESOURCE_TYPE.fullmatch(name) is not None
        )

    def __missing__(self, name: str) -> dict[str, object]:
        if name not in self:
            raise KeyError(name)
        logger.warning("type=<%s> | recorded, not emulated", name)
        self[name] = recorded(name).entry()
        return self[name]

    def get(self, name: str, default: object = None) -> dict[str, object] | None:  # type: ignore[override]
        """The handler of a type; a recording one for a type that nothing emulates."""
        del default  # ministack gives none
        try:
            return self[name]
        except KeyError:
            return None

    def status(self, name: str) -> Status:
        """Whether a type works here or is only written down."""
        handler = self.get(name)
        return "recorded" if handler is not None and handler.get("status") == "recorded" else "emulated"


class RecordedAttributes(dict[str, object]):
    """Attributes of a recorded resource: each one that a template asks for gets a plausible value."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> object:
        self[name] = super().get("Arn") if name.endswith("Arn") else super().get("Id")
        return self[name]


def recorded(resource_type: str) -> ResourceHandler:
    """A handler that only writes the resource down."""

    def attributes(physical_id: str) -> Attributes:
        from ministack.core.responses import get_account_id, get_region

        _, service, kind = resource_type.split("::")
        arn = f"arn:aws:{service.lower()}:{get_region()}:{get_account_id()}:{kind.lower()}/{physical_id}"
        return RecordedAttributes(Arn=arn, Id=physical_id, Status="ACTIVE")

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        physical_id = str(properties.get("Name") or physical_name(stack, logical_id, limit=60))
        return physical_id, attributes(physical_id)

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        del old, new, stack
        return physical_id, attributes(physical_id)

    return ResourceHandler(create, update, keep_nothing, status="recorded")


def keep_nothing(physical_id: str, properties: Properties) -> None:
    """Delete a resource that exists in its stack only."""
    del physical_id, properties


def physical_name(stack: str, logical_id: str, *, limit: int) -> str:
    """The name that CloudFormation generates for a resource without one."""
    from ministack.services.cloudformation import provisioners

    return str(provisioners._physical_name(stack, logical_id, max_len=limit))


def install(context: Context) -> None:
    """Put our table of handlers in ministack's place."""
    del context
    from ministack.services.cloudformation import changesets, provisioners

    table = ResourceHandlers(provisioners._RESOURCE_HANDLERS)
    provisioners._RESOURCE_HANDLERS = table
    changesets._RESOURCE_HANDLERS = table
    _keep_recorded_attributes()


def handlers() -> ResourceHandlers:
    """The table that CloudFormation uses now."""
    from ministack.services.cloudformation import provisioners

    table = provisioners._RESOURCE_HANDLERS
    if not isinstance(table, ResourceHandlers):
        raise RuntimeError("local.aws.cloudformation is not installed")
    return table


def register(resource_type: str, handler: ResourceHandler) -> None:
    """Emulate one more resource type."""
    handlers()[resource_type] = handler.entry()


def extend(resource_type: str, apply: Callable[[str, Properties], object]) -> None:
    """After stock's create and update of a type, apply what stock drops: apply(physical id, properties)."""
    table = handlers()
    stock = dict(table[resource_type])
    steps: dict[str, object] = {
        step: _then(stock[step], step, apply) for step in ("create", "update") if step in stock
    }
    table[resource_type] = {**stock, **steps}


def _then(stock: object, step: str, apply: Callable[[str, Properties], object]) -> Callable[..., Provisioned]:
    if not callable(stock):
        raise TypeError(f"ministack's {step} handler is not callable")

    def provision(*arguments: object) -> Provisioned:
        result: Provisioned = stock(*arguments)
        # create(logical id, properties, stack); update(physical id, old, new, stack)
        properties = arguments[1] if step == "create" else arguments[2]
        if isinstance(properties, dict):
            apply(result[0], properties)
        return result

    return provision


@dataclass(frozen=True)
class DeployedResource:
    """One resource of a stack that exists now."""

    stack: str
    logical_id: str
    resource_type: str
    physical_id: str
    properties: Properties
    attributes: Attributes


def deployed_resources() -> Iterator[DeployedResource]:
    """Every resource of every stack, in all accounts and regions."""
    from ministack.services import cloudformation

    for stack in list(cloudformation._stacks._data.values()):
        if stack.get("StackStatus") == "DELETE_COMPLETE":
            continue
        for logical_id, resource in list(stack.get("_resources", {}).items()):
            yield DeployedResource(
                stack=str(stack.get("StackName", "")),
                logical_id=logical_id,
                resource_type=str(resource.get("ResourceType", "")),
                physical_id=str(resource.get("PhysicalResourceId", "")),
                properties=resource.get("Properties") or {},
                attributes=resource.get("Attributes") or {},
            )


def _keep_recorded_attributes() -> None:
    """After a restart, attributes of recorded resources answer every question again."""
    from ministack.services import cloudformation

    stock_load = cloudformation.load_persisted_state

    def load(data: object) -> None:
        stock_load(data)
        table = handlers()
        for stack in cloudformation._stacks._data.values():
            for resource in stack.get("_resources", {}).values():
                if table.status(str(resource.get("ResourceType"))) == "recorded":
                    resource["Attributes"] = RecordedAttributes(resource.get("Attributes") or {})

    cloudformation.load_persisted_state = load

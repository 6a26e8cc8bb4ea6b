"""CloudFormation's event archives: ministack's EventBridge keeps them, its CloudFormation does not."""

from __future__ import annotations

import json

from local.aws.cloudformation import Properties, Provisioned, ResourceHandler, physical_name, register
from local.aws.cloudformation_runtimes import accepted
from local.aws.context import Context

_RENAMED = {"SourceArn": "EventSourceArn"}
"""CloudFormation's word for a field of CreateArchive."""


def install(context: Context) -> None:
    """Register the type."""
    del context
    register("AWS::Events::Archive", archive_handler())


def archive_handler() -> ResourceHandler:
    """An archive of one event bus."""
    from ministack.core.responses import get_account_id, get_region
    from ministack.services import eventbridge

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        name = str(properties.get("ArchiveName") or physical_name(stack, logical_id, limit=48))
        accepted(eventbridge._create_archive(request(name, properties)))
        return name, {"Arn": f"arn:aws:events:{get_region()}:{get_account_id()}:archive/{name}"}

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        del stack
        if old.get("SourceArn") != new.get("SourceArn"):
            raise ValueError(f"archive {physical_id} cannot change its SourceArn; give it another name")
        accepted(eventbridge._update_archive(request(physical_id, new)))
        return physical_id, {"Arn": eventbridge._archives[physical_id]["ArchiveArn"]}

    def delete(physical_id: str, properties: Properties) -> None:
        del properties
        if physical_id in eventbridge._archives:
            accepted(eventbridge._delete_archive({"ArchiveName": physical_id}))

    return ResourceHandler(create, update, delete)


def request(name: str, properties: Properties) -> Properties:
    """The template's properties as EventBridge's API takes them."""
    given = {_RENAMED.get(key, key): value for key, value in properties.items()}
    pattern = given.get("EventPattern")
    return {
        **given,
        "ArchiveName": name,
        "EventPattern": pattern if isinstance(pattern, str) else json.dumps(pattern) if pattern else "",
    }

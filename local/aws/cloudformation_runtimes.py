"""CloudFormation's AgentCore Runtime, RuntimeEndpoint and Memory, over ministack's control plane."""

from __future__ import annotations

import json

from local.aws.cloudformation import (
    Attributes,
    Properties,
    Provisioned,
    ResourceHandler,
    physical_name,
    register,
)
from local.aws.context import Context
from local.aws.property_names import to_api_mapping

PREFIX = "AWS::BedrockAgentCore::"


class ProvisioningFailed(ValueError):
    """The service refused a resource of a template."""


def install(context: Context) -> None:
    """Register the three types."""
    register(f"{PREFIX}Runtime", runtime_handler(context))
    register(f"{PREFIX}RuntimeEndpoint", endpoint_handler())
    register(f"{PREFIX}Memory", memory_handler())


def runtime_handler(context: Context) -> ResourceHandler:
    """A runtime: every change makes a new immutable version."""
    from ministack.services import bedrock_agentcore as service

    def attributes(runtime_id: str) -> Attributes:
        record = service._runtimes[runtime_id]
        return {
            "AgentRuntimeArn": record["agentRuntimeArn"],
            "AgentRuntimeId": runtime_id,
            "AgentRuntimeVersion": record["agentRuntimeVersion"],
            "CreatedAt": str(record["createdAt"]),
            "LastUpdatedAt": str(record["lastUpdatedAt"]),
            "Status": "READY",
            "WorkloadIdentityDetails": record["workloadIdentityDetails"],
            "WorkloadIdentityDetails.WorkloadIdentityArn": record["workloadIdentityDetails"][
                "workloadIdentityArn"
            ],
        }

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        request = runtime_request(properties)
        request.setdefault("agentRuntimeName", physical_name(stack, logical_id, limit=48).replace("-", "_"))
        runtime_id = str(accepted(service._create_agent_runtime(json.dumps(request)))["agentRuntimeId"])
        return runtime_id, attributes(runtime_id)

    def update(runtime_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        if old.get("AgentRuntimeName") != new.get("AgentRuntimeName"):
            return create("", new, stack)
        forget_removed_options(service._runtimes[runtime_id], new)
        accepted(service._update_agent_runtime(runtime_id, json.dumps(runtime_request(new))))
        return runtime_id, attributes(runtime_id)

    def delete(runtime_id: str, properties: Properties) -> None:
        del properties
        if context.runtime_host is not None:
            context.runtime_host.pool.stop_runtime(runtime_id)
        service._delete_agent_runtime(runtime_id)

    return ResourceHandler(create, update, delete)


def runtime_request(properties: Properties) -> dict[str, object]:
    """The control plane's request for a template's properties."""
    request = to_api_mapping(properties)
    protocol = request.get("protocolConfiguration")
    if isinstance(protocol, str):
        request["protocolConfiguration"] = {"serverProtocol": protocol}
    request.setdefault("networkConfiguration", {"networkMode": "PUBLIC"})
    return request


def forget_removed_options(record: dict[str, object], properties: Properties) -> None:
    """Drop optional settings that the new template no longer has: an update sends the whole runtime."""
    kept = runtime_request(properties)
    for option in (
        "environmentVariables",
        "lifecycleConfiguration",
        "requestHeaderConfiguration",
        "description",
    ):
        if option not in kept:
            record.pop(option, None)


def endpoint_handler() -> ResourceHandler:
    """A named endpoint, pinned to the version that the template says."""
    from ministack.services import bedrock_agentcore as service

    def attributes(record: dict[str, object]) -> Attributes:
        return {
            "AgentRuntimeArn": record["agentRuntimeArn"],
            "AgentRuntimeEndpointArn": record["agentRuntimeEndpointArn"],
            "CreatedAt": str(record["createdAt"]),
            "Id": record["id"],
            "LastUpdatedAt": str(record["lastUpdatedAt"]),
            "LiveVersion": record["liveVersion"],
            "Status": "READY",
            "TargetVersion": record["targetVersion"],
        }

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        del logical_id, stack
        runtime_id, name = str(properties["AgentRuntimeId"]), str(properties["Name"])
        request = to_api_mapping(properties)
        # A standalone endpoint without a version stays on the first one, as in AWS.
        request.setdefault("agentRuntimeVersion", "1")
        accepted(service._create_agent_runtime_endpoint(runtime_id, json.dumps(request)))
        record = service._endpoints[runtime_id][name]
        return str(record["agentRuntimeEndpointArn"]), attributes(record)

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        runtime_id, name = str(new["AgentRuntimeId"]), str(new["Name"])
        if (old.get("AgentRuntimeId"), old.get("Name")) != (runtime_id, name):
            return create("", new, stack)
        request = {**to_api_mapping(new), "agentRuntimeVersion": str(new.get("AgentRuntimeVersion", "1"))}
        accepted(service._update_agent_runtime_endpoint(runtime_id, name, json.dumps(request)))
        return physical_id, attributes(service._endpoints[runtime_id][name])

    def delete(physical_id: str, properties: Properties) -> None:
        del physical_id
        service._delete_agent_runtime_endpoint(properties["AgentRuntimeId"], properties["Name"])

    return ResourceHandler(create, update, delete)


def memory_handler() -> ResourceHandler:
    """A memory with its strategies."""
    from ministack.services import bedrock_agentcore as service

    def attributes(arn: str) -> Attributes:
        return {"MemoryArn": arn, "MemoryId": arn.rpartition("/")[2], "Status": "ACTIVE"}

    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        request = to_api_mapping(properties)
        request.setdefault("name", physical_name(stack, logical_id, limit=48).replace("-", "_"))
        request["eventExpiryDuration"] = int(str(request.get("eventExpiryDuration", 90)))
        memory = accepted(service._create_memory(json.dumps(request)))["memory"]
        arn = str(memory["arn"]) if isinstance(memory, dict) else ""
        return arn, attributes(arn)

    def update(arn: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        del old, stack
        changes: Properties = {
            name: new[name] for name in ("Description", "EventExpiryDuration") if name in new
        }
        request = to_api_mapping(changes)
        if "eventExpiryDuration" in request:
            request["eventExpiryDuration"] = int(str(request["eventExpiryDuration"]))
        accepted(service._update_memory(arn.rpartition("/")[2], json.dumps(request)))
        return arn, attributes(arn)

    def delete(arn: str, properties: Properties) -> None:
        del properties
        service._delete_memory(arn.rpartition("/")[2])

    return ResourceHandler(create, update, delete)


def accepted(reply: tuple[int, object, bytes]) -> dict[str, object]:
    """The document of a service's reply, or the reason why a resource fails."""
    document = json.loads(reply[2] or b"{}")
    if reply[0] >= 400:
        raise ProvisioningFailed(str(document.get("message") or document.get("Message") or document))
    answer: dict[str, object] = document
    return answer

"""What is left of an environment when its stacks are gone, and its removal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from botocore.exceptions import ClientError

from slipway.adapters.aws.failures import code, mapped
from slipway.adapters.aws.operator_clients import OperatorClients
from slipway.domain.errors import InvalidInput, NotFound
from slipway.ports.account import Footprint, Remainder

_BATCH = 1000
_SHORTEST_KEY_WAIT_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class AwsTeardown:
    """One region."""

    operator: OperatorClients

    @property
    def region(self) -> str:
        """The clients' region."""
        return self.operator.region

    def empty_bucket(self, name: str) -> int:
        """Versions and delete markers, page by page."""
        s3 = self.operator.clients.s3
        deleted = 0
        try:
            with mapped(f"emptying bucket {name}"):
                for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
                    found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                    for start in range(0, len(found), _BATCH):
                        batch = found[start : start + _BATCH]
                        s3.delete_objects(
                            Bucket=name,
                            Delete={
                                "Objects": [
                                    {"Key": each["Key"], "VersionId": each["VersionId"]} for each in batch
                                ],
                                "Quiet": True,
                            },
                        )
                        deleted += len(batch)
        except NotFound:
            return 0
        return deleted

    def unprotect_table(self, name: str) -> bool:
        """Only when it is protected."""
        tables = self.operator.clients.dynamodb
        with mapped(f"unprotecting table {name}"):
            if not tables.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled"):
                return False
            tables.update_table(TableName=name, DeletionProtectionEnabled=False)
        return True

    def delete(self, kind: str, physical_id: str) -> None:
        """Each type by its own service."""
        if kind not in self._deleters:
            raise InvalidInput(f"{kind} {physical_id} was kept by its stack; delete it by hand")
        try:
            with mapped(f"deleting {kind} {physical_id}"):
                self._deleters[kind](physical_id)
        except NotFound:
            return

    def remains(self, footprint: Footprint) -> Sequence[Remainder]:
        """Everything that carries a name of the footprint."""
        with mapped(f"looking for what remains of {footprint.environment}"):
            return list(self._remains(footprint))

    def _remains(self, footprint: Footprint) -> Iterator[Remainder]:
        clients, stack = self.operator.clients, footprint.stack_prefix
        for stacks in clients.cloudformation.get_paginator("describe_stacks").paginate():
            for each in stacks["Stacks"]:
                if each["StackName"].startswith(stack) and each["StackStatus"] != "DELETE_COMPLETE":
                    yield Remainder(kind="stack", name=each["StackName"])
        for tables in clients.dynamodb.get_paginator("list_tables").paginate():
            yield from _named("table", tables["TableNames"], stack)
        buckets = [each["Name"] for each in clients.s3.list_buckets()["Buckets"]]
        yield from _named("bucket", buckets, stack.lower())
        for functions in self.operator.functions.get_paginator("list_functions").paginate():
            names = [each["FunctionName"] for each in functions["Functions"]]
            yield from _named("function", names, stack, stack.lower())
        yield from self._log_groups(footprint)
        yield from self._secrets(footprint)
        yield from self._agentcore(footprint)
        yield from self._keys(footprint)

    def _log_groups(self, footprint: Footprint) -> Iterator[Remainder]:
        for prefix in (*footprint.log_groups, *footprint.log_group_names):
            for page in self.operator.logs.get_paginator("describe_log_groups").paginate(
                logGroupNamePrefix=prefix
            ):
                for group in page["logGroups"]:
                    if prefix in footprint.log_group_names and group["logGroupName"] != prefix:
                        continue
                    yield Remainder(kind="log group", name=group["logGroupName"], removable=True)

    def _secrets(self, footprint: Footprint) -> Iterator[Remainder]:
        secrets = self.operator.clients.secretsmanager
        for page in secrets.get_paginator("list_secrets").paginate(IncludePlannedDeletion=True):
            for each in page["SecretList"]:
                if each["Name"].startswith(footprint.secret_prefix):
                    # A secret in its recovery window would block the next deploy of the same name.
                    waits = each.get("DeletedDate") is not None
                    yield Remainder(kind="secret", name=each["Name"], removable=waits)

    def _agentcore(self, footprint: Footprint) -> Iterator[Remainder]:
        control = self.operator.agentcore_control
        for runtimes in control.get_paginator("list_agent_runtimes").paginate():
            for runtime in runtimes["agentRuntimes"]:
                if runtime["agentRuntimeName"] in footprint.runtimes:
                    yield Remainder(kind="agent runtime", name=runtime["agentRuntimeName"])
        for identities in control.get_paginator("list_workload_identities").paginate():
            for identity in identities["workloadIdentities"]:
                if identity["name"].startswith(footprint.identities):
                    yield Remainder(kind="workload identity", name=identity["name"], removable=True)

    def _keys(self, footprint: Footprint) -> Iterator[Remainder]:
        for page in self.operator.kms.get_paginator("list_aliases").paginate():
            for alias in page["Aliases"]:
                if alias["AliasName"].startswith(footprint.key_alias_prefix):
                    yield Remainder(kind="key alias", name=alias["AliasName"])

    def remove(self, remainder: Remainder) -> None:
        """What services made on the side; a secret's recovery window is ended."""
        removers: Mapping[str, Callable[[str], object]] = {
            "log group": lambda name: self.operator.logs.delete_log_group(logGroupName=name),
            "secret": self._deleters["AWS::SecretsManager::Secret"],
            "workload identity": lambda name: self.operator.agentcore_control.delete_workload_identity(
                name=name
            ),
        }
        try:
            with mapped(f"deleting {remainder}"):
                removers[remainder.kind](remainder.name)
        except NotFound:
            return

    @cached_property
    def _deleters(self) -> Mapping[str, Callable[[str], object]]:
        clients = self.operator.clients
        return {
            "AWS::DynamoDB::Table": lambda name: clients.dynamodb.delete_table(TableName=name),
            "AWS::KMS::Key": self._schedule_key,
            "AWS::Logs::LogGroup": lambda name: self.operator.logs.delete_log_group(logGroupName=name),
            "AWS::S3::Bucket": self._delete_bucket,
            "AWS::SecretsManager::Secret": lambda name: clients.secretsmanager.delete_secret(
                SecretId=name, ForceDeleteWithoutRecovery=True
            ),
        }

    def _delete_bucket(self, name: str) -> None:
        self.empty_bucket(name)
        self.operator.clients.s3.delete_bucket(Bucket=name)

    def _schedule_key(self, key: str) -> None:
        try:
            self.operator.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=_SHORTEST_KEY_WAIT_DAYS)
        except ClientError as error:
            # Its stack did it already.
            if code(error) != "KMSInvalidStateException":
                raise


def _named(kind: str, names: Sequence[str], *prefixes: str) -> Iterator[Remainder]:
    yield from (Remainder(kind=kind, name=name) for name in names if name.startswith(prefixes))

"""What must outlive every deploy: tables, buckets, keys, connections."""

from __future__ import annotations

from collections.abc import Iterable

from aws_cdk import SecretValue, Stack
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from slipway.domain import names
from stacks.config import EnvironmentConfig
from stacks.constructs.data_buckets import BUCKETS, data_bucket
from stacks.constructs.data_keys import DataClass, DataKeys
from stacks.constructs.data_tables import TABLES, data_table
from stacks.constructs.permissions import Permissions
from stacks.constructs.retention import removal_policy

CONNECTIONS = ("github", "jira", "sentry", "slack")
_OWN: DataClass = "internal"


class DataStack(Stack):
    """Tables, buckets and a secret for each outside service, under the key of their class of data.

    Conversations may be with any agent, so they get the strictest class among the `classes` of the agents.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        classes: Iterable[DataClass] = (),
    ) -> None:
        super().__init__(scope, construct_id, env={"region": config.region})
        self._config = config
        conversations: DataClass = "health" if "health" in classes else _OWN
        keys = DataKeys(self, "Keys", config=config, classes=(_OWN, conversations))
        class_of: dict[bool, DataClass] = {False: _OWN, True: conversations}
        self._keys = {
            **{each.name: keys.of(class_of[each.holds_conversations]) for each in (*TABLES, *BUCKETS)},
            **dict.fromkeys(CONNECTIONS, keys.of(_OWN)),
        }
        self.tables = {
            each.name: data_table(self, spec=each, config=config, key=self._keys[each.name])
            for each in TABLES
        }
        self.buckets = {
            each.name: data_bucket(self, spec=each, config=config, key=self._keys[each.name])
            for each in BUCKETS
        }
        self.table = self.tables["tasks"]
        self.bucket = self.buckets["artifacts"]
        wanted = (*CONNECTIONS, *(("google",) if config.google else ()))
        self.secrets: dict[str, secretsmanager.ISecret] = {
            service: self._secret(service) for service in wanted
        }
        self.edge_secret = self._edge_secret() if config.edge else None
        if self.edge_secret:
            self.secrets["edge"] = self.edge_secret

    def permissions(self, stack: Stack) -> Permissions:
        """Statements over these stores, for roles in `stack`."""
        return Permissions(
            environment=self._config.name,
            stack=stack,
            tables=self.tables,
            buckets=self.buckets,
            secrets=self.secrets,
            keys={store: key for store, key in self._keys.items() if key is not None},
        )

    def _secret(self, service: str) -> secretsmanager.Secret:
        """Empty until an operator fills it: the template never changes, so no deploy overwrites the value."""
        return secretsmanager.Secret(
            self,
            names.construct_id(service),
            secret_name=names.secret(self._config.name, service),
            description=f"Connection to {service}: JSON of slipway.domain.connections",
            secret_string_value=SecretValue.unsafe_plain_text("{}"),
            encryption_key=self._keys.get(service),
            removal_policy=removal_policy(self._config),
        )

    def _edge_secret(self) -> secretsmanager.Secret:
        """Made up by AWS: CloudFront sends it, and the API answers nobody without it."""
        return secretsmanager.Secret(
            self,
            "Edge",
            secret_name=names.edge_secret(self._config.name),
            description="What CloudFront adds to each request to the API",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=48, exclude_punctuation=True
            ),
            removal_policy=removal_policy(self._config),
        )

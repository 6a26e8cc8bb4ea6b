"""What would stop a deploy, found before it starts, all of it at once, each with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scripts.deployment.assembly import Assembly
from scripts.doctor import Finding
from slipway.domain import names
from slipway.domain.errors import SlipwayError
from slipway.ports.account import Account, HeldStack

NAMED = {
    "AWS::BedrockAgentCore::Runtime": "AgentRuntimeName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}
"""Types whose names we choose, and the property that holds it."""
_LAMBDA_CONCURRENCY = ("lambda", "L-B99A9384", "concurrent executions of Lambda", 100.0)
_STUCK = {
    "ROLLBACK_COMPLETE": "its creation failed: delete it with `slipway destroy`, then deploy again",
    "DELETE_FAILED": "finish its removal with `slipway destroy`",
    "UPDATE_ROLLBACK_FAILED": "continue the rollback in the CloudFormation console",
    "ROLLBACK_FAILED": "delete it with `slipway destroy`",
}


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """`models` maps a tier to its inference profile; empty where no model of Bedrock is used."""

    assembly: Assembly
    environment: str
    region: str
    accounts: Mapping[str, Account]
    models: Mapping[str, str]
    secrets: Sequence[str]

    def findings(self) -> list[Finding]:
        """Every check; a check that cannot be made is a note that says why."""
        caller = self._credentials()
        if caller.level == "problem":
            return [caller]
        checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
            ("bootstrap", self._bootstrap),
            ("stacks", self._stacks),
            ("names", self._names),
            ("quotas", self._quotas),
            ("models", self._models),
            ("secrets", self._secrets),
        )
        found = [caller]
        for name, check in checks:
            try:
                found += check()
            except SlipwayError as error:
                found.append(Finding(name, "note", f"could not be checked: {error}", "check it by hand"))
        return found

    @property
    def _home(self) -> Account:
        return self.accounts[self.region]

    def _credentials(self) -> Finding:
        try:
            caller = self._home.caller()
        except SlipwayError as error:
            return Finding("credentials", "problem", str(error), "log in to the account")
        return Finding("credentials", "ok", f"{caller.arn} in account {caller.account}")

    def _bootstrap(self) -> Iterator[Finding]:
        needed = self.assembly.bootstrap_version
        for region, account in self.accounts.items():
            version = account.bootstrap_version()
            check = f"bootstrap {region}"
            if version is not None and version >= needed:
                yield Finding(check, "ok", f"version {version}")
                continue
            found = "not bootstrapped" if version is None else f"version {version}, needed {needed}"
            owner = self._home.caller().account
            advice = (
                f"run `python -m scripts.cdk bootstrap aws://{owner}/{region}`; for least privilege first "
                f"`slipway deploy policy --env {self.environment}`"
            )
            yield Finding(check, "problem", found, advice)

    def _stacks(self) -> Iterator[Finding]:
        held = self._held()
        for stack in held:
            if stack.status.endswith("_IN_PROGRESS"):
                yield Finding(
                    f"stack {stack.name}", "problem", stack.status, "another deploy is running: wait for it"
                )
            elif advice := _STUCK.get(stack.status):
                yield Finding(f"stack {stack.name}", "problem", stack.status, advice)
        if not held:
            yield Finding("stacks", "ok", "first deploy into this account and region")
        elif all(stack.status.endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE")) for stack in held):
            yield Finding("stacks", "ok", f"{len(held)} deployed")

    def _names(self) -> Iterator[Finding]:
        ours = {
            (stack.name, resource.logical_id)
            for stack in self._held()
            for resource in self._account_of(stack.name).stack_resources(stack.name)
        }
        taken = []
        for stack, logical_id, resource in self.assembly.resources():
            name = resource.properties.get(NAMED.get(resource.kind, ""))
            if (stack.name, logical_id) in ours or not isinstance(name, str):
                continue
            if self.accounts[stack.region].is_taken(resource.kind, name):
                taken.append((resource.kind, name))
        for kind, name in taken:
            yield Finding(
                f"name {name}",
                "problem",
                f"a {kind} of this name exists outside our stacks",
                "delete or rename it",
            )
        if not taken:
            yield Finding("names", "ok", "free or ours")

    def _quotas(self) -> Iterator[Finding]:
        service, code, what, wanted = _LAMBDA_CONCURRENCY
        value = self._home.quota(service, code)
        if value < wanted:
            advice = f"ask for more in Service Quotas ({code}): webhooks and steps share it"
            yield Finding("quotas", "note", f"{value:g} {what}; new accounts start with 10", advice)
        else:
            yield Finding("quotas", "ok", f"{value:g} {what}")

    def _models(self) -> Iterator[Finding]:
        for tier, profile in self.models.items():
            lacking = self._home.model_access(profile)
            advice = "open Model access in the Bedrock console of this region" if lacking else ""
            # Agents are deployed all the same: access can be granted afterwards.
            found = lacking or f"{profile} can be used"
            yield Finding(f"model {tier}", "note" if lacking else "ok", found, advice)

    def _secrets(self) -> Iterator[Finding]:
        for service in self.secrets:
            name = names.secret(self.environment, service)
            state = self._home.secret_state(name)
            if state == "filled":
                yield Finding(f"secret {name}", "ok", "filled")
            elif state == "being deleted":
                advice = f"restore it: aws secretsmanager restore-secret --secret-id {name}"
                yield Finding(f"secret {name}", "problem", state, advice)
            else:
                found = "empty" if state == "empty" else "created by this deploy"
                advice = f"fill it afterwards: slipway connect {service} --env {self.environment}"
                yield Finding(f"secret {name}", "note", found, advice)

    def _held(self) -> list[HeldStack]:
        found = (self._account_of(stack.name).stack(stack.name) for stack in self.assembly.stacks)
        return [stack for stack in found if stack is not None and stack.status != "DELETE_COMPLETE"]

    def _account_of(self, stack_name: str) -> Account:
        [region] = {stack.region for stack in self.assembly.stacks if stack.name == stack_name}
        return self.accounts[region]

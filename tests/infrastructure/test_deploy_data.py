"""What the deploy tools know about resource types must cover every template, so that it cannot drift."""

from __future__ import annotations

import fnmatch

import pytest
from pydantic import JsonValue

from agents.registry import AGENTS
from scripts.deployment.assembly import Assembly, synthesize
from scripts.deployment.cost_estimate import estimate
from scripts.deployment.idle_cost import idle_use
from scripts.deployment.policy import (
    MANAGED_POLICY_LIMIT,
    Place,
    actions_of,
    execution_policies,
    operator_policy,
    size,
)
from scripts.deployment.policy_scopes import OPERATOR
from scripts.deployment.preflight import NAMED
from scripts.deployment.resource_types import resource_types
from scripts.deployment.ticket_cost import ticket_lines
from slipway.domain.prices import prices, ticket_use
from stacks.config import ENVIRONMENTS

ACCOUNT = "111122223333"
IDLE_USD = {"dev": 5.0, "prod": 30.0}
"""A month without a ticket."""
_RESOURCE = {
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:{region}:{account}:secret:{name}-AbCdEf",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:{region}:{account}:stateMachine:{name}",
}


@pytest.fixture(scope="module", params=["dev", "prod"])
def assembly(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    environment = str(request.param)
    return synthesize(environment, tmp_path_factory.mktemp(environment))


def environment_of(assembly: Assembly) -> str:
    return assembly.stacks[0].name.split("-")[1]


def place(assembly: Assembly) -> Place:
    return Place(environment=environment_of(assembly), account=ACCOUNT, regions=assembly.regions)


def statements(assembly: Assembly) -> list[dict[str, JsonValue]]:
    found: list[dict[str, JsonValue]] = []
    for document in execution_policies(assembly, place(assembly)):
        listed = document["Statement"]
        assert isinstance(listed, list)
        found += [statement for statement in listed if isinstance(statement, dict)]
    return found


def strings(value: JsonValue) -> list[str]:
    assert isinstance(value, list)
    return [each for each in value if isinstance(each, str)]


def test_the_deploy_policy_covers_every_resource_type_of_the_templates(assembly: Assembly) -> None:
    allowed = {action for statement in statements(assembly) for action in strings(statement["Action"])}
    assert actions_of(assembly) <= allowed
    for kind in assembly.kinds:
        if not kind.startswith("Custom::") and kind != "AWS::CloudFormation::CustomResource":
            own = [action for action in resource_types()[kind].actions if action in allowed]
            assert own, f"the policy lets CloudFormation do nothing with {kind}"


def test_no_statement_allows_everything_or_a_whole_service(assembly: Assembly) -> None:
    for statement in statements(assembly):
        for action in strings(statement["Action"]):
            assert "*" not in action


def test_only_actions_that_iam_cannot_scope_reach_every_resource(assembly: Assembly) -> None:
    for statement in statements(assembly):
        if "*" in strings(statement["Resource"]):
            unlimited = {action for action in strings(statement["Action"]) if not action.startswith("xray:")}
            assert unlimited <= resource_types().unscoped


def test_roles_are_passed_only_to_services_that_the_templates_trust(assembly: Assembly) -> None:
    [passing] = [each for each in statements(assembly) if "iam:PassRole" in strings(each["Action"])]
    assert passing["Condition"]
    assert all("role/Slipway-" in arn for arn in strings(passing["Resource"]))


def test_every_policy_fits_into_a_managed_policy(assembly: Assembly) -> None:
    documents = [*execution_policies(assembly, place(assembly)), operator_policy(place(assembly))]
    assert max(size(document) for document in documents) <= MANAGED_POLICY_LIMIT
    assert len(documents) <= 10


def test_every_name_that_we_choose_is_within_the_scope_of_the_policy(assembly: Assembly) -> None:
    patterns = [
        arn for statement in statements(assembly) for arn in strings(statement["Resource"]) if arn != "*"
    ]
    for stack, _, resource in assembly.resources():
        name = resource.properties.get(NAMED.get(resource.kind, ""))
        if resource.kind in _RESOURCE and isinstance(name, str):
            arn = _RESOURCE[resource.kind].format(region=stack.region, account=ACCOUNT, name=name)
            assert any(fnmatch.fnmatchcase(arn, pattern) for pattern in patterns), arn


def test_every_operator_action_has_a_statement(assembly: Assembly) -> None:
    listed = operator_policy(place(assembly))["Statement"]
    assert isinstance(listed, list)
    allowed = {
        action
        for statement in listed
        if isinstance(statement, dict)
        for action in strings(statement["Action"])
    }
    assert set(OPERATOR) <= allowed


def test_every_resource_type_has_a_price_or_says_why_it_has_none(assembly: Assembly) -> None:
    listed = prices()
    assert all(listed.kind(kind) for kind in assembly.kinds)


def test_a_ticket_of_every_environment_has_a_cost_within_its_budget(assembly: Assembly) -> None:
    config = ENVIRONMENTS[environment_of(assembly)]
    lines = ticket_lines(
        use=ticket_use(),
        prices=prices(),
        config=config,
        region=config.region,
        agents=AGENTS,
        kinds=frozenset(assembly.kinds),
    )
    low = sum(line.usd[0] for line in lines)
    high = sum(line.usd[1] for line in lines)
    assert 0 < low < high <= config.budgets.task


def test_an_environment_idles_at_what_it_may_cost(assembly: Assembly) -> None:
    listed = prices()
    use = idle_use(assembly, listed)
    [region] = {stack.region for stack in assembly.stacks if stack.name.endswith("-Data")}
    month = estimate(use, [], tickets=0, prices=listed, region=region).idle_usd
    assert month <= IDLE_USD[environment_of(assembly)]

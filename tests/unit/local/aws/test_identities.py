from __future__ import annotations

from local.aws.identities import Identities, assumed_role_arn

ROLE = "arn:aws:iam::123456789012:role/path/agent-role"


def test_a_token_names_the_role_of_a_running_process() -> None:
    identities = Identities()
    identity = identities.issue(ROLE, session="planning")
    found = identities.find(identity.token)
    assert found is not None
    assert found.document() == {
        "role_arn": ROLE,
        "principal_arn": "arn:aws:sts::123456789012:assumed-role/agent-role/planning",
    }


def test_a_token_ends_with_its_process() -> None:
    identities = Identities()
    identity = identities.issue(ROLE, session="planning")
    identities.revoke(identity.token)
    assert identities.find(identity.token) is None


def test_two_processes_of_one_role_have_two_tokens() -> None:
    identities = Identities()
    assert identities.issue(ROLE, session="a").token != identities.issue(ROLE, session="a").token


def test_what_is_no_role_stays_as_it_is() -> None:
    assert assumed_role_arn("nonsense", session="s") == "nonsense"

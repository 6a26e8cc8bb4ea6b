"""Who may see tasks and who may decide, by the address of a verified token."""

from __future__ import annotations

import pytest

from slipway.domain.errors import PolicyRefused
from slipway.domain.origin_proof import is_proof
from slipway.domain.people import NotSignedIn, People, signed_in

PEOPLE = People.listed(approvers="ada@example.com, @ops.example.com", readers="@example.com")


@pytest.mark.parametrize("address", ["ada@example.com", "bob@example.com", "eve@ops.example.com"])
def test_readers_and_approvers_may_read(address: str) -> None:
    PEOPLE.check_may_read(address)


@pytest.mark.parametrize("address", ["mallory@evil-example.com", "mallory@example.com.evil.org", "", "@"])
def test_others_may_not_read(address: str) -> None:
    with pytest.raises(PolicyRefused, match=r"people\.readers"):
        PEOPLE.check_may_read(address)


def test_only_approvers_may_decide() -> None:
    PEOPLE.check_may_decide("ada@example.com")
    PEOPLE.check_may_decide("eve@ops.example.com")
    with pytest.raises(PolicyRefused, match="nothing was decided"):
        PEOPLE.check_may_decide("bob@example.com")


def test_where_nobody_is_listed_nobody_may() -> None:
    with pytest.raises(PolicyRefused):
        People.listed(approvers="", readers="").check_may_read("ada@example.com")


@pytest.mark.parametrize("verified", [True, "true"])
def test_a_person_is_the_verified_address_in_lower_case(verified: object) -> None:
    assert (
        signed_in({"token_use": "id", "email": "Ada@Example.com", "email_verified": verified})
        == "ada@example.com"
    )


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"token_use": "access", "email": "ada@example.com", "email_verified": "true"},
        {"token_use": "id", "email": "ada@example.com"},
        {"token_use": "id", "email": "ada@example.com", "email_verified": "false"},
        {"token_use": "id", "email": "", "email_verified": "true"},
    ],
)
def test_a_token_that_proves_no_address_is_nobodys(claims: dict[str, object]) -> None:
    with pytest.raises(NotSignedIn):
        signed_in(claims)


def test_two_secrets_prove_the_edge_while_one_replaces_the_other() -> None:
    assert is_proof("new", ("new", "old"))
    assert is_proof("old", ("new", "old"))
    assert not is_proof("other", ("new", "old"))


@pytest.mark.parametrize("sent", ["", "\u00e9"])
def test_nothing_and_noise_prove_nothing(sent: str) -> None:
    assert not is_proof(sent, ("", "new"))

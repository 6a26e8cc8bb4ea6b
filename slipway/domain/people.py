"""Who may see tasks and who may decide on plans, by the e-mail address that they signed in with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from slipway.domain.errors import PolicyRefused


class NotSignedIn(PolicyRefused):
    """The token does not say who the person is."""


@dataclass(frozen=True, kw_only=True)
class People:
    """Entries are addresses, or `@example.com` for everybody there; approvers may see tasks too."""

    approvers: frozenset[str]
    readers: frozenset[str]

    @classmethod
    def listed(cls, *, approvers: str, readers: str) -> Self:
        """From two lists separated by commas."""
        return cls(approvers=_entries(approvers), readers=_entries(readers))

    def check_may_read(self, address: str) -> None:
        """Raise PolicyRefused for whoever may not see tasks."""
        if not (_holds(self.readers, address) or _holds(self.approvers, address)):
            raise PolicyRefused(
                f"{address} may not see tasks here; an administrator adds the address to `people.readers` "
                "of the environment"
            )

    def check_may_decide(self, address: str) -> None:
        """Raise PolicyRefused for whoever may not decide on plans."""
        if not _holds(self.approvers, address):
            raise PolicyRefused(
                f"{address} is not an approver here, so nothing was decided; an administrator adds the "
                "address to `people.approvers` of the environment"
            )


def signed_in(claims: Mapping[str, object]) -> str:
    """The verified address of an identity token, whose signature the API has checked."""
    if claims.get("token_use") != "id":
        raise NotSignedIn("send the identity token as the bearer; this one says nothing about the person")
    address = str(claims.get("email") or "").strip().lower()
    if not address or str(claims.get("email_verified")).lower() != "true":
        raise NotSignedIn("the identity token has no verified e-mail address; verify it, then sign in again")
    return address


def _holds(entries: frozenset[str], address: str) -> bool:
    return address in entries or f"@{address.rpartition('@')[2]}" in entries


def _entries(text: str) -> frozenset[str]:
    return frozenset(entry.strip().lower() for entry in text.split(",") if entry.strip())

"""The addresses that bodies carry: API URLs below /api/v3, pages below the host itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from local.forge.records import Repository


@dataclass(frozen=True)
class Urls:
    """Builds every URL from the forge's own address."""

    base: str

    @property
    def root(self) -> str:
        """Where the REST API starts."""
        return f"{self.base}/api/v3"

    def api(self, repository: Repository, tail: str = "") -> str:
        """An API URL of a repository."""
        return f"{self.root}/repos/{repository.full_name}{quote(tail, safe='/{}?=&:.,')}"

    def page(self, repository: Repository, tail: str = "") -> str:
        """A page of a repository."""
        return f"{self.base}/{repository.full_name}{quote(tail, safe='/#?=&:.-')}"

    def account(self, login: str) -> str:
        """An API URL of a person, organisation or bot."""
        return f"{self.root}/users/{quote(login)}"

"""The arguments that many GitHub tools share, in the official names."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from local.gateway.tools import Arguments


def _one_name(value: str) -> str:
    """Refuse what would change the path of the request: a policy judged this name only."""
    if not re.fullmatch(r"[A-Za-z0-9._-]+", value) or value in {".", ".."}:
        raise ValueError("must be the name of one owner or repository")
    return value


Name = Annotated[str, AfterValidator(_one_name)]


class RepositoryArguments(Arguments):
    """Which repository."""

    owner: Name = Field(description="Repository owner")
    repo: Name = Field(description="Repository name")

    @property
    def path_prefix(self) -> str:
        """The repository's path in the REST API."""
        return f"/repos/{self.owner}/{self.repo}"


class Paged(Arguments):
    """Which page of a list."""

    page: int | None = Field(default=None, ge=1, description="Page number for pagination (min 1)")
    perPage: int | None = Field(
        default=None, ge=1, le=100, description="Results per page for pagination (min 1, max 100)"
    )

    @property
    def page_parameters(self) -> dict[str, object]:
        """The page as the REST API takes it."""
        return {"page": self.page, "per_page": self.perPage}


class PullRequestArguments(RepositoryArguments):
    """Which pull request."""

    pullNumber: int = Field(description="Pull request number")

    @property
    def pull_path(self) -> str:
        """The pull request's path in the REST API."""
        return f"{self.path_prefix}/pulls/{self.pullNumber}"

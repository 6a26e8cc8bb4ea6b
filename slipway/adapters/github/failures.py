"""GitHub's errors, told apart into the error tree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from github import GithubException, RateLimitExceededException, UnknownObjectException

from slipway.domain.errors import NeedsHuman, NotFound, Permanent, Throttled, UpstreamUnavailable


@contextmanager
def mapped(doing: str) -> Iterator[None]:
    """Raise our error for GitHub's; `doing` says what was attempted, with the id."""
    try:
        yield
    except UnknownObjectException as error:
        raise NotFound(f"{doing}: GitHub knows no such thing, or the App may not see it") from error
    except RateLimitExceededException as error:
        raise Throttled(f"{doing}: GitHub's rate limit is used up for now") from error
    except GithubException as error:
        if error.status == 401:
            raise NeedsHuman(
                f"{doing}: GitHub refused the App's credentials; check the github secret"
            ) from error
        if error.status >= 500 or error.status == 0:
            raise UpstreamUnavailable(f"{doing}: GitHub answered {error.status}") from error
        if error.status == 422 and "No commit found" in str(error.data):
            # So GitHub says of a branch that does not exist.
            raise NotFound(f"{doing}: there is no such branch or commit") from error
        if error.status == 429:
            raise Throttled(f"{doing}: GitHub asked to slow down") from error
        raise Permanent(f"{doing}: GitHub answered {error.status}: {error.message or ''}") from error
    except (httpx.HTTPError, OSError) as error:
        # PyGithub lets the errors of its HTTP library through; they are OSErrors.
        raise UpstreamUnavailable(f"{doing}: GitHub did not answer ({type(error).__name__})") from error

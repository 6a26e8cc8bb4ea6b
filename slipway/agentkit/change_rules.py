"""What a commit must not contain, whoever wrote it: checked by code before anything is pushed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from slipway.domain.errors import PolicyRefused
from slipway.domain.plan import PLAN_FILE
from slipway.domain.repository_config import RepositoryConfig
from slipway.domain.test_strength import decides_tests, strength, weakened


def check_changes(
    edits: Mapping[str, str | None],
    *,
    before: Mapping[str, str],
    allowed: Collection[str] | None,
    config: RepositoryConfig,
    what: str,
) -> None:
    """Raise PolicyRefused naming the file and the rule; `allowed` are the approved plan's paths, None any."""
    for path in edits:
        if path == PLAN_FILE or config.protects(path):
            raise PolicyRefused(f"{what}: {path} is protected and is not changed by agents")
    if allowed is not None and (outside := sorted(set(edits) - set(allowed))):
        raise PolicyRefused(
            f"{what}: the approved plan does not name {', '.join(outside)}; "
            f"it names {', '.join(sorted(allowed))}"
        )
    tests = [path for path in edits if decides_tests(path)]
    weaker = weakened(
        (strength(path, before.get(path)) for path in tests), (strength(path, edits[path]) for path in tests)
    )
    if weaker:
        raise PolicyRefused(f"{what}: the change weakens tests: {weaker}")

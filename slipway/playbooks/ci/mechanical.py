"""Repairs that the failure's own message dictates, written without running anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slipway.domain.errors import NeedsHuman
from slipway.domain.evidence import CiClass
from slipway.playbooks.base import Tree
from slipway.playbooks.ci import dependencies, imports, timeouts, typing_errors
from slipway.playbooks.ci.log_lines import plain_lines
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import SourceIndex

_REPAIRS: Mapping[CiClass, Callable[[str, Layout], Mapping[str, str | None]]] = {
    "import_error": imports.fixed,
    "missing_dependency": dependencies.added,
    "type_error": typing_errors.fixed,
    "test_timeout": lambda text, layout: timeouts.raised(text, layout.tree),
}


def repaired(ci_class: CiClass, log: str, tree: Tree) -> Mapping[str, str | None]:
    """New texts of the files to change; NeedsHuman when the message does not say what to do."""
    repair = _REPAIRS.get(ci_class)
    if repair is None:
        raise NeedsHuman(f"a failure of class {ci_class} is not repaired automatically")
    return repair("\n".join(plain_lines(log)), Layout(SourceIndex(tree)))

"""Formats what was written as the repository formats: only files that were formatted before, or are new."""

from __future__ import annotations

from collections.abc import Mapping

from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.sandbox_answers import Asking, ask


def formatted(files: Mapping[str, str], layout: Layout, repository: str) -> Asking[dict[str, str]]:
    """The same files, formatted, and with the linter's own repairs where the repository configures them."""
    uses_ruff = bool(layout.config.lint or layout.config.format) or "ruff.toml" in layout.tree
    request = {
        "files": dict(files),
        "before": {path: layout.tree[path] for path in files if path in layout.tree},
        "format": [] if uses_ruff else ["--line-length", str(layout.line_length)],
        "lint": ["--unfixable", "F841"] if uses_ruff else [],
    }
    found = yield from ask("tidy", request, layout=layout, repository=repository, timeout_seconds=60)
    return {path: str(found.get(path, text)) for path, text in files.items()}

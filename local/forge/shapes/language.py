"""Which language a file or a repository is in, by extension, for search and repository bodies."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from local.forge.git.repository import GitRepository

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "Python": ("py", "pyi"),
    "JavaScript": ("js", "mjs", "cjs", "jsx"),
    "TypeScript": ("ts", "tsx"),
    "Go": ("go",),
    "Java": ("java",),
    "Kotlin": ("kt",),
    "Ruby": ("rb",),
    "Rust": ("rs",),
    "C": ("c", "h"),
    "C++": ("cc", "cpp", "hpp"),
    "C#": ("cs",),
    "PHP": ("php",),
    "Scala": ("scala",),
    "Swift": ("swift",),
    "Shell": ("sh", "bash"),
    "SQL": ("sql",),
    "HTML": ("html", "htm"),
    "CSS": ("css",),
    "Markdown": ("md",),
    "YAML": ("yml", "yaml"),
    "TOML": ("toml",),
    "JSON": ("json",),
}
_PROSE_AND_DATA = {"Markdown", "YAML", "TOML", "JSON", "SQL"}
_BY_EXTENSION = {extension: name for name, all_of in EXTENSIONS.items() for extension in all_of}


def extensions_of(language: str) -> tuple[str, ...]:
    """Give a language's file extensions, by any spelling of its name."""
    return next((found for name, found in EXTENSIONS.items() if name.lower() == language.lower()), ())


def main_language(repository: GitRepository, branch: str) -> str | None:
    """Say which programming language most of the code is in."""
    commit = repository.resolve(branch)
    totals = _language_bytes(repository.path, commit) if commit else ()
    return totals[0][0] if totals else None


def languages(repository: GitRepository, branch: str) -> dict[str, int]:
    """Count the bytes of code per language."""
    commit = repository.resolve(branch)
    return dict(_language_bytes(repository.path, commit)) if commit else {}


@lru_cache(maxsize=512)
def _language_bytes(path: Path, commit: str) -> tuple[tuple[str, int], ...]:
    totals: Counter[str] = Counter()
    for entry in GitRepository(path).tree(commit, recursive=True):
        language = _BY_EXTENSION.get(entry.path.rsplit(".", 1)[-1])
        if entry.kind == "blob" and language and language not in _PROSE_AND_DATA:
            totals[language] += entry.size or 0
    return tuple(totals.most_common())

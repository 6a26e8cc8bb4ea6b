"""Applies a unified diff to texts: exact context, wherever it now stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from unidiff.errors import UnidiffParseError
from unidiff.patch import Line, PatchedFile, PatchSet

from slipway.domain.errors import InvalidInput

NULL = "/dev/null"


def patched(tree: Mapping[str, str], patch: str) -> dict[str, str | None]:
    """The changed files' new texts; None deletes. A hunk that does not fit is named."""
    try:
        files = list(PatchSet(patch))
    except UnidiffParseError as error:
        raise InvalidInput(f"the patch is not a unified diff: {error}") from error
    if not files:
        raise InvalidInput("the patch holds no file; each needs a --- and a +++ line")
    changed: dict[str, str | None] = {}
    for file in files:
        changed.update(_file({**tree, **{k: v for k, v in changed.items() if v is not None}}, file))
    return changed


def _file(tree: Mapping[str, str], file: PatchedFile) -> dict[str, str | None]:
    source, target = _name(file.source_file), _name(file.target_file)
    if source != NULL and source not in tree:
        raise InvalidInput(f"the patch changes {source}, which does not exist")
    if source == NULL and target in tree:
        raise InvalidInput(f"the patch creates {target}, which exists already")
    lines = tree[source].splitlines(keepends=True) if source != NULL else []
    shift = 0
    for number, hunk in enumerate(file, start=1):
        before = _lines(hunk.source_lines())
        after = _lines(hunk.target_lines())
        at = _find(lines, before, near=max(0, hunk.source_start - 1 + shift))
        if at is None:
            raise InvalidInput(f"hunk {number} of {file.path} does not fit; read the file again")
        lines[at : at + len(before)] = after
        shift += len(after) - len(before)
    if target == NULL:
        return {source: None}
    renamed: dict[str, str | None] = {} if source in {NULL, target} else {source: None}
    return renamed | {target: "".join(lines)}


def _find(lines: list[str], wanted: list[str], *, near: int) -> int | None:
    """Where the lines stand, closest to where the patch saw them."""
    places = [at for at in range(len(lines) - len(wanted) + 1) if lines[at : at + len(wanted)] == wanted]
    return min(places, key=lambda at: abs(at - near), default=None)


def _lines(values: Iterable[Line]) -> list[str]:
    return [line.value for line in values]


def _name(path: str) -> str:
    return path if path == NULL else path.removeprefix("a/").removeprefix("b/")

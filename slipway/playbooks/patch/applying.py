"""Applies a diff to texts: hunks may have moved, context at their ends may have changed a little."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk, PatchedFile, PatchSet

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import Tree

NULL = "/dev/null"
MAX_FUZZ = 2
_HEADER = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$")
# What `diff -N` writes as the time of a file that is not there: the epoch, in the author's time zone.
_NEVER = re.compile(r"^(?:1970-01-01|1969-12-31)\b|\b(?:Jan\s+0?1|Dec\s+31)\b.*\b(?:1970|1969)\b")
_BINARY = re.compile(r"^(?:GIT binary patch|Binary files .* differ)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class FilePatch:
    """One file's part; a path is None on the side where the file does not exist."""

    source: str | None
    target: str | None
    hunks: tuple[Hunk, ...]
    may_be_new: bool = False
    """Whether nothing is said of what was there before: the file is created, or was empty."""

    @property
    def title(self) -> str:
        """The path that people know it by."""
        return self.target or self.source or ""


def parsed(diff: str) -> tuple[FilePatch, ...]:
    """Every file of the diff; NeedsHuman when it is binary, unreadable or leaves the repository."""
    if _BINARY.search(diff):
        raise NeedsHuman("the patch changes a binary file, which is not applied here; a person must do that")
    try:
        files = list(PatchSet(_counted(diff)))
    except UnidiffParseError as error:
        raise NeedsHuman(
            f"the patch is not a readable unified diff ({error}); attach it as `git diff` writes it"
        ) from error
    if not files:
        raise NeedsHuman(
            "the patch names no file; each needs a --- and a +++ line, as `git diff` writes them"
        )
    return tuple(_file_patch(each) for each in files)


def fits(patches: Sequence[FilePatch], tree: Tree) -> int:
    """How many of the files that the patch changes the tree has; -1 when it lacks one."""
    wanted = required(patches)
    return len(wanted) if all(path in tree for path in wanted) else -1


def required(patches: Sequence[FilePatch]) -> list[str]:
    """The files that have to exist for the patch to make sense; what it creates is not among them."""
    created = {each.target for each in patches if each.source is None}
    return [
        each.source
        for each in patches
        if each.source is not None and not each.may_be_new and each.source not in created
    ]


def applied(patches: Sequence[FilePatch], tree: Tree) -> dict[str, str | None]:
    """The changed files' new texts, None for deleted ones."""
    changes: dict[str, str | None] = {}
    for patch in patches:
        now = {**tree, **{path: text for path, text in changes.items() if text is not None}}
        if patch.source is not None and patch.source not in now and not patch.may_be_new:
            raise NeedsHuman(f"the patch changes {patch.source}, which does not exist")
        is_there = now.get(patch.target or "") if patch.source is None or patch.may_be_new else None
        if is_there is not None and (patch.source is None or is_there.strip()):
            raise NeedsHuman(f"the patch creates {patch.target}, which exists already")
        text = _patched(now.get(patch.source, "") if patch.source is not None else "", patch)
        if patch.source is not None and patch.source != patch.target:
            changes[patch.source] = None
        if patch.target is not None:
            changes[patch.target] = text
    return changes


def _counted(diff: str) -> str:
    """Hunk headers with the counts that their lines really have: hand-made and pasted diffs are often off."""
    lines = diff.splitlines()
    fixed: list[str] = []
    at = 0
    while at < len(lines):
        header = _HEADER.match(lines[at])
        if header is None:
            fixed.append(lines[at])
            at += 1
            continue
        body: list[str] = []
        at += 1
        while at < len(lines) and not _ends_hunk(lines, at):
            # Editors and trackers cut the blank that stands for an empty line.
            body.append(lines[at] or " ")
            at += 1
        while body and not body[-1].strip() and at >= len(lines):
            body.pop()
        old = sum(line[0] in " -" for line in body)
        new = sum(line[0] in " +" for line in body)
        start_old, start_new = header[1], header[2]
        fixed += [f"@@ -{start_old},{old} +{start_new},{new} @@{header[3]}", *body]
    return "\n".join(fixed) + "\n"


def _ends_hunk(lines: list[str], at: int) -> bool:
    line = lines[at]
    if line.startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ "):
        return True
    if line == "-- " or (line == "" and at + 1 < len(lines) and lines[at + 1].startswith("diff ")):
        return True
    return line != "" and line[0] not in " +-\\"


def _file_patch(file: PatchedFile) -> FilePatch:
    prefixed = file.source_file.startswith(("a/", NULL)) and file.target_file.startswith(("b/", NULL))
    source, target = (_path(each, prefixed=prefixed) for each in (file.source_file, file.target_file))
    hunks = tuple(file)
    if source is not None and _NEVER.search(file.source_timestamp or "") and _is_empty(hunks, "source"):
        source = None
    if target is not None and _NEVER.search(file.target_timestamp or "") and _is_empty(hunks, "target"):
        target = None
    is_plain = source == target and not prefixed
    return FilePatch(
        source=source,
        target=target,
        hunks=hunks,
        may_be_new=is_plain and source is not None and _is_empty(hunks, "source"),
    )


def _is_empty(hunks: Sequence[Hunk], side: Literal["source", "target"]) -> bool:
    """Whether the file has no line on one side: one hunk, which starts at line 0 there."""
    return len(hunks) == 1 and (
        (hunks[0].source_start, hunks[0].source_length) == (0, 0)
        if side == "source"
        else (hunks[0].target_start, hunks[0].target_length) == (0, 0)
    )


def _path(raw: str, *, prefixed: bool) -> str | None:
    raw = raw.strip('"').partition("\t")[0].strip()
    if raw == NULL:
        return None
    path = raw[2:] if prefixed else raw.removeprefix("./")
    if path.startswith("/") or ".." in path.split("/") or "\\" in path or ".git" in path.split("/"):
        raise NeedsHuman(
            f"the patch names {raw!r}, which is not a path inside a repository; it is not applied"
        )
    return path


def _patched(text: str, patch: FilePatch) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    ends_with_newline = text == "" or lines[-1] == ""
    lines = lines[:-1] if lines and lines[-1] == "" else lines
    shift = 0
    for number, hunk in enumerate(patch.hunks, start=1):
        before = [line.value.rstrip("\n").rstrip("\r") for line in hunk.source_lines()]
        after = [line.value.rstrip("\n").rstrip("\r") for line in hunk.target_lines()]
        near = max(0, hunk.source_start - 1 + shift) if before else min(len(lines), hunk.source_start + shift)
        where = _place(lines, before, near, hunk)
        if where is None:
            if _place(lines, after, near, hunk) is not None:
                raise NeedsHuman(f"hunk {number} of {patch.title} is in the file already")
            raise NeedsHuman(
                f"hunk {number} of {patch.title} (line {hunk.source_start}) does not fit: the file has "
                f"changed there since the patch was made. Make the patch again on the default branch"
            )
        start, head, tail = where
        end = start + len(before) - head - tail
        lines[start:end] = after[head : len(after) - tail]
        # How far the rest of the file is from where the diff believes it.
        shift = start - head - max(0, hunk.source_start - 1) + len(after) - len(before)
    if _no_newline(patch) is not None:
        ends_with_newline = not _no_newline(patch)
    return newline.join(lines) + (newline if ends_with_newline and lines else "")


def _no_newline(patch: FilePatch) -> bool | None:
    """Whether the diff says that the new file ends without a newline; None when it does not say."""
    if not patch.hunks:
        return None
    marks = list(patch.hunks[-1])
    for index, line in enumerate(marks):
        if line.line_type == "\\" and index and marks[index - 1].line_type in {"+", " "}:
            return True
    return False if any(line.line_type == "\\" for line in marks) else None


def _place(lines: list[str], before: list[str], near: int, hunk: Hunk) -> tuple[int, int, int] | None:
    """Where a hunk's lines stand, closest to where they were, and how much context had to be left out."""
    kinds = [line.line_type for line in hunk if line.line_type in {" ", "-", "+"}]
    lead = next((index for index, kind in enumerate(kinds) if kind != " "), len(kinds))
    trail = next((index for index, kind in enumerate(reversed(kinds)) if kind != " "), len(kinds))
    for fuzz in range(MAX_FUZZ + 1):
        head, tail = min(fuzz, lead), min(fuzz, trail)
        if fuzz and (head, tail) == (min(fuzz - 1, lead), min(fuzz - 1, trail)):
            continue
        wanted = before[head : len(before) - tail]
        if not wanted and before:
            continue
        if not before:
            return (min(near, len(lines)), 0, 0)
        for same in (_exactly, _but_for_blanks):
            places = [
                at for at in range(len(lines) - len(wanted) + 1) if same(lines[at : at + len(wanted)], wanted)
            ]
            if places:
                return min(places, key=lambda at: abs(at - near - head)), head, tail
    return None


def _exactly(one: list[str], other: list[str]) -> bool:
    return one == other


def _but_for_blanks(one: list[str], other: list[str]) -> bool:
    """Blanks at the ends of lines are lost by many trackers."""
    return [line.rstrip() for line in one] == [line.rstrip() for line in other]

"""Ranks repositories and their files against a text: BM25 on words, raised by everything named outright."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from slipway.domain.test_strength import is_test_path
from slipway.playbooks.base import Trees
from slipway.playbooks.localise.bm25 import Bm25
from slipway.playbooks.localise.mentions import (
    Mentions,
    definitions,
    mentions,
    module_match,
    same_ending,
)
from slipway.playbooks.localise.words import counted, words
from slipway.playbooks.platform_file import without_plans

FileKind = Literal["source", "test", "config"]

MAX_FILES = 40
MAX_CHARACTERS = 400_000
PATH_WEIGHT = 6
# What a mention adds, in shares of the best word score.
FRAME, PATH, MODULE, DEFINED, QUOTED_DEFINED, NAMED = 1.0, 1.2, 0.6, 0.3, 0.5, 0.5
MIRRORED = 0.4
_CODE = re.compile(
    r"\.(?:py|pyi|pyx|js|jsx|ts|tsx|go|java|kt|rb|rs|c|h|cc|cpp|hpp|cs|php|swift|scala|sh|sql)$"
)
_CONFIG = re.compile(
    r"(?:^|/)(?:Dockerfile|Makefile|Procfile|[^/]*requirements[^/]*\.txt|constraints[^/]*\.txt|\.[\w-]+rc)$"
    r"|\.(?:toml|cfg|ini|ya?ml|json|env|properties|lock|in)$"
)
_DOCUMENT = re.compile(r"\.(?:md|rst|txt|adoc|html)$")
_NOT_OURS = re.compile(r"(?:^|/)(?:node_modules|vendor|\.git|dist|build|\.venv|site-packages)/")

_Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class RankedRepository:
    """`score` is 0 to 1; `files` are (path, kind, score), best first."""

    name: str
    score: float
    reason: str
    files: tuple[tuple[str, FileKind, float], ...]


@dataclass(frozen=True)
class _File:
    kind: FileKind
    score: float
    why: str
    is_named: bool


def kind_of(path: str) -> FileKind:
    """What a file is for."""
    if is_test_path(path) and (_CODE.search(path) or not _CONFIG.search(path)):
        return "test"
    return "source" if _CODE.search(path) else "config"


def rank(text: str, trees: Trees) -> list[RankedRepository]:
    """Every repository with its best files, best first; deterministic for the same input."""
    trees = without_plans(trees)
    named = mentions(text)
    documents = {
        (repository, path): _document(path, source)
        for repository, tree in trees.items()
        for path, source in tree.items()
        if _is_ranked(path, source, named)
    }
    if not documents:
        return [
            RankedRepository(name=name, score=0.0, reason="it holds no code", files=())
            for name in sorted(trees)
        ]
    scores = Bm25(documents).scores(_query(text))
    best = max(scores.values()) or 1.0
    found = {key: _file(key[1], trees[key[0]][key[1]], scores[key] / best, named) for key in documents}
    return _repositories(text, trees, _with_mirrors(found))


def _with_mirrors(found: Mapping[_Key, _File]) -> dict[_Key, _File]:
    """A test of a file that matters, matters: `test_report.py` shares in what `report.py` got."""
    raised = dict(found)
    by_stem: dict[tuple[str, str], float] = {}
    for (repository, path), file in found.items():
        if file.kind == "source":
            stem = PurePosixPath(path).stem.strip("_")
            by_stem[repository, stem] = max(by_stem.get((repository, stem), 0.0), file.score)
    for (repository, path), file in found.items():
        if file.kind == "test":
            stem = PurePosixPath(path).stem.removeprefix("test_").removesuffix("_test").strip("_")
            raised[repository, path] = replace(
                file, score=file.score + MIRRORED * by_stem.get((repository, stem), 0.0)
            )
    return raised


def _is_ranked(path: str, source: str, named: Mentions) -> bool:
    if len(source) > MAX_CHARACTERS or _NOT_OURS.search(path):
        return False
    if _CODE.search(path) or _CONFIG.search(path):
        return True
    return bool(_DOCUMENT.search(path)) and any(
        PurePosixPath(path).name == PurePosixPath(each).name for each in named.paths
    )


def _document(path: str, source: str) -> Counter[str]:
    counts = counted(source)
    for word in words(path):
        counts[word] += PATH_WEIGHT
    return counts


def _query(text: str) -> dict[str, float]:
    """The first line is what the author thought mattered; a word said again adds less each time."""
    first, _, rest = text.strip().partition("\n")
    weights = {word: 1 + math.log(count) for word, count in counted(f"{first}\n{rest}").items()}
    for word in counted(first):
        weights[word] *= 1.5
    return weights


def _file(path: str, source: str, words_score: float, named: Mentions) -> _File:
    kind = kind_of(path)
    reasons: list[tuple[float, str]] = []
    depth = max((same_ending(path, each) for each in named.frames), default=0)
    if depth:
        last = bool(named.frames) and same_ending(path, named.frames[-1]) == depth
        reasons.append(
            (FRAME * min(depth, 3) / 3 + (0.3 if last else 0), f"the traceback runs through {path}")
        )
    mentioned = max((same_ending(path, each) for each in named.paths if each not in named.frames), default=0)
    if mentioned:
        reasons.append((PATH if mentioned > 1 or path.count("/") == 0 else PATH / 2, f"{path} is named"))
    if kind == "source":
        parts = max((module_match(path, each) for each in named.modules), default=0)
        if parts:
            reasons.append((MODULE * min(parts, 3) / 3, f"its module {path} is named"))
    defined = definitions(source) if path.endswith(".py") or _CODE.search(path) else frozenset()
    if quoted := sorted(defined & named.quoted):
        reasons.append((QUOTED_DEFINED, f"{path} defines {quoted[0]}"))
    elif names := sorted(defined & named.names):
        reasons.append((DEFINED, f"{path} defines {names[0]}"))
    elif used := sorted(name for name in named.quoted if len(name) > 3 and re.search(rf"\b{name}\b", source)):
        reasons.append((0.15, f"{path} uses {used[0]}"))
    total = words_score + sum(weight for weight, _ in reasons)
    if kind == "source" and PurePosixPath(path).name == "__init__.py" and len(source) < 2000:
        total *= 0.8
    if kind == "test":
        # A test repeats the words of what it tests.
        total *= 0.8
    why = max(reasons, default=(0.0, f"{path} shares its words"))[1]
    return _File(kind=kind, score=total, why=why, is_named=bool(reasons) and max(reasons)[0] >= DEFINED)


def _repositories(text: str, trees: Trees, found: Mapping[_Key, _File]) -> list[RankedRepository]:
    strengths: dict[str, float] = {}
    sure: dict[str, bool] = {}
    for name in trees:
        own = sorted((file for key, file in found.items() if key[0] == name), key=lambda file: -file.score)
        is_named = _names(text, name)
        strengths[name] = sum(
            file.score * share for file, share in zip(own, (1.0, 0.3, 0.15), strict=False)
        ) + (NAMED if is_named else 0.0)
        sure[name] = is_named or any(file.is_named for file in own)
    best = max(strengths.values()) or 1.0
    top = max((file.score for file in found.values()), default=1.0) or 1.0
    ranked = []
    for name, strength in strengths.items():
        # Words alone are a hint; a name is a reason.
        certainty = 0.95 if sure[name] else 0.6
        files = _files(name, found, top)
        ranked.append(
            RankedRepository(
                name=name,
                score=round(certainty * strength / best, 4),
                reason=_reason(text, name, files, found),
                files=files,
            )
        )
    return sorted(ranked, key=lambda each: (-each.score, each.name))


def _files(name: str, found: Mapping[_Key, _File], top: float) -> tuple[tuple[str, FileKind, float], ...]:
    own = [(key[1], file) for key, file in found.items() if key[0] == name and file.score > 0]
    own.sort(key=lambda pair: (-pair[1].score, pair[0]))
    kept: list[tuple[str, FileKind, float]] = []
    room = Counter({"source": MAX_FILES, "test": MAX_FILES // 2, "config": MAX_FILES // 2})
    for path, file in own:
        if room[file.kind]:
            room[file.kind] -= 1
            kept.append((path, file.kind, round(file.score / top, 4)))
    return tuple(kept)


def _names(text: str, repository: str) -> bool:
    short = repository.rpartition("/")[2]
    return re.search(rf"(?<![\w-]){re.escape(short)}(?![\w-])", text, re.IGNORECASE) is not None


def _reason(
    text: str, name: str, files: Sequence[tuple[str, FileKind, float]], found: Mapping[_Key, _File]
) -> str:
    said = [f"the text names {name.rpartition('/')[2]}"] if _names(text, name) else []
    said += [found[name, path].why for path, _, _ in files[:2]]
    return "; ".join(dict.fromkeys(said)) or "nothing in it matches"

"""A repository's conventions for modules and tests: import names, where tests live, how they are written."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from slipway.domain.errors import InvalidInput
from slipway.domain.repository_config import RepositoryConfig, repository_config
from slipway.playbooks.base import Tree
from slipway.playbooks.crash.source_index import SourceIndex

_ROOTS = ("src", "lib", "python", "app/src")


@dataclass(frozen=True, eq=False)
class Layout:
    """What the files of one repository show about its conventions."""

    index: SourceIndex

    @property
    def tree(self) -> Tree:
        """The repository's files."""
        return self.index.tree

    @cached_property
    def config(self) -> RepositoryConfig:
        """The repository's own configuration; its detected one when that is broken."""
        try:
            return repository_config(self.tree)
        except InvalidInput:
            return RepositoryConfig()

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Folders from which modules are imported, the most specific first."""
        found = [root for root in self.config.import_roots if root != "."]
        found += [root for root in _ROOTS if any(path.startswith(f"{root}/") for path in self.tree)]
        return (*dict.fromkeys(found), ".")

    def module_name(self, path: str) -> str:
        """The name under which tests import a file: as existing code does, else by its packages."""
        parts = PurePosixPath(path).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        names = [".".join(parts[start:]) for start in range(len(parts))]
        used = [name for name in names if name in self._imported]
        if used:
            return used[0]
        for root in self.roots:
            if root != "." and path.startswith(f"{root}/") and f"{root}/__init__.py" not in self.tree:
                return ".".join(PurePosixPath(path).relative_to(root).with_suffix("").parts)
        return self._by_packages(path, parts)

    @cached_property
    def import_paths(self) -> tuple[str, ...]:
        """Every folder that must be on the import path for the modules to have the names that tests use."""
        found = list(self.roots)
        for path in self.index.source_paths:
            name = self.module_name(path).replace(".", "/")
            stem = path.removesuffix(".py").removesuffix("/__init__")
            if stem != name and stem.endswith(f"/{name}"):
                found.append(stem.removesuffix(f"/{name}"))
        return tuple(dict.fromkeys(found))

    def test_path(self, source: str) -> str:
        """The existing test file of a source file, else a new one where the others are."""
        stem = PurePosixPath(source).stem
        stem = PurePosixPath(source).parent.name or "package" if stem in {"__init__", "__main__"} else stem
        named = {f"test_{stem}.py", f"{stem}_test.py", f"test_{stem.lstrip('_')}.py"}
        mirrors = [path for path in self.index.test_paths if PurePosixPath(path).name in named]
        if mirrors:
            wanted = PurePosixPath(source).parts[:-1]
            return max(
                mirrors, key=lambda path: (len(set(PurePosixPath(path).parts) & set(wanted)), -len(path))
            )
        return f"{self._test_folder(source)}test_{stem.lstrip('_')}.py"

    def imports_of(self, test_path: str, module: str) -> tuple[str, ...]:
        """Names that a test file already imports from a module."""
        parsed = self.index.module(test_path)
        names: list[str] = []
        for node in parsed.tree.body if parsed else []:
            if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
                names += [alias.name for alias in node.names if alias.asname is None]
        return tuple(names)

    @cached_property
    def uses_unittest(self) -> bool:
        """Whether the tests are TestCase classes and nothing shows pytest."""
        texts = [self.tree[path] for path in self.index.test_paths]
        cases = sum("TestCase" in text for text in texts)
        plain = sum(bool(re.search(r"^(?:async )?def test_|^import pytest", text, re.M)) for text in texts)
        return cases > plain

    @cached_property
    def annotates_tests(self) -> bool:
        """Whether test functions say `-> None`."""
        texts = [self.tree[path] for path in self.index.test_paths]
        annotated = sum(len(re.findall(r"def test_\w+\([^)]*\)\s*->\s*None", text)) for text in texts)
        bare = sum(len(re.findall(r"def test_\w+\([^)]*\)\s*:", text)) for text in texts)
        return annotated > bare or (not texts and bool(self.config.types))

    @cached_property
    def line_length(self) -> int:
        """The longest line that the formatter's configuration allows."""
        try:
            tools = tomllib.loads(self.tree.get("pyproject.toml", "")).get("tool", {})
            ruff = tomllib.loads(self.tree.get("ruff.toml", self.tree.get(".ruff.toml", "")))
        except tomllib.TOMLDecodeError:
            return 88
        configured = [ruff.get("line-length"), tools.get("ruff", {}).get("line-length")]
        configured.append(tools.get("black", {}).get("line-length"))
        flake8 = re.search(
            r"^max-line-length\s*=\s*(\d+)",
            self.tree.get("setup.cfg", "") + self.tree.get(".flake8", ""),
            re.M,
        )
        found = [value for value in configured if isinstance(value, int)]
        return found[0] if found else int(flake8[1]) if flake8 else 88

    @cached_property
    def suite(self) -> str:
        """The command that runs every test."""
        return " && ".join(self.config.test) or "python -m pytest -q"

    @cached_property
    def _imported(self) -> frozenset[str]:
        """Every absolute module name that some file imports; tests say best how the code is imported."""
        names: set[str] = set()
        for path in (*self.index.test_paths, *self.index.source_paths):
            module = self.index.module(path)
            for node in ast.walk(module.tree) if module else ():
                if isinstance(node, ast.Import):
                    names.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names.add(node.module)
                    names.update(f"{node.module}.{alias.name}" for alias in node.names)
        return frozenset(names)

    def _by_packages(self, path: str, parts: tuple[str, ...]) -> str:
        """As far up as folders have an `__init__.py`; a folder without one is a namespace of the root."""
        top = PurePosixPath(path).parent
        if f"{top}/__init__.py" not in self.tree:
            return ".".join(parts)
        while str(top) != "." and f"{top}/__init__.py" in self.tree:
            top = top.parent
        return ".".join(parts[len(top.parts) :])

    def _test_folder(self, source: str) -> str:
        """With a slash at its end: the folder that mirrors the source's, else the one with most tests."""
        declared = [folder for folder in self.config.tests if folder != "."]
        folders = [str(PurePosixPath(path).parent) for path in self.index.test_paths]
        if folders:
            near = set(PurePosixPath(source).parts[:-1])
            most = max(
                folders,
                key=lambda folder: (
                    len(near & set(PurePosixPath(folder).parts)),
                    folders.count(folder),
                    -len(folder),
                ),
            )
            return "" if most == "." else f"{most}/"
        if declared:
            return f"{declared[0]}/"
        return "tests/"

"""The assets of this checkout: one per agent, one shared by every Lambda function."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from stacks.packaging import archive, dependencies, sources
from stacks.packaging.archive import Entry
from stacks.packaging.dependencies import Extra, Layer
from stacks.packaging.target import Target


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A zip file and the hash that names it: equal hashes are never uploaded twice."""

    path: Path
    digest: str


class Bundles(Protocol):
    """Gives constructs the code they deploy."""

    def agent(self, name: str) -> Bundle:
        """The asset of one agent's runtime."""
        ...

    def functions(self) -> Bundle:
        """The asset that every Lambda function shares."""
        ...


@dataclass(frozen=True)
class LockedBundles:
    """Bundles built from the project's lock and sources, kept between builds."""

    root: Path
    target: Target
    agents: Extra = dependencies.AGENTS

    def agent(self, name: str) -> Bundle:
        """The asset of one agent's runtime."""
        return self._bundle(name, sources.agent_sources(self.root, name), self.agents)

    def functions(self) -> Bundle:
        """The asset that every Lambda function shares."""
        return self._functions

    @cached_property
    def _functions(self) -> Bundle:
        return self._bundle("functions", sources.lambda_sources(self.root), dependencies.LAMBDAS)

    @cached_property
    def _layers(self) -> dict[str, Layer]:
        return {}

    @property
    def _cache(self) -> Path:
        return self.root / ".slipway" / "cache" / "bundles"

    def _bundle(self, name: str, entries: Sequence[Entry], extra: Extra) -> Bundle:
        started = time.monotonic()
        layer = self._layer(extra)
        digest = hashlib.sha256(f"{layer.digest}\0{sources.digest(entries)}".encode()).hexdigest()
        path = self._cache / f"{name}-{self.target.name}-{digest[:16]}.zip"
        built = not path.exists()
        if built:
            self._build(path, layer, entries)
            self._forget_older(name, keep=path)
        _report(name, path, built=built, seconds=time.monotonic() - started)
        return Bundle(path=path, digest=digest)

    def _layer(self, extra: Extra) -> Layer:
        if extra.name not in self._layers:
            self._layers[extra.name] = dependencies.layer(
                self.root, extra, self.target, cache=self._cache / "layers"
            )
        return self._layers[extra.name]

    def _build(self, path: Path, layer: Layer, entries: Sequence[Entry]) -> None:
        with tempfile.TemporaryDirectory(dir=self._cache) as workspace:
            partial = Path(workspace, "bundle.zip")
            shutil.copyfile(layer.path, partial)
            archive.write(partial, self._compiled(entries, Path(workspace, "tree")), mode="a")
            partial.replace(path)

    def _compiled(self, entries: Sequence[Entry], tree: Path) -> Sequence[Entry]:
        if not self.target.compiles:
            return entries
        for entry in entries:
            copy = tree / entry.path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(entry.source, copy)
        dependencies.compile_tree(tree)
        return archive.tree(tree)

    def _forget_older(self, name: str, *, keep: Path) -> None:
        for old in self._cache.glob(f"{name}-{self.target.name}-*.zip"):
            if old != keep:
                old.unlink(missing_ok=True)


@dataclass(frozen=True)
class PlaceholderBundles:
    """An empty file for every asset, for commands and tests that look at templates only."""

    folder: Path

    def agent(self, name: str) -> Bundle:
        """The placeholder named after the agent."""
        return self._placeholder(name)

    def functions(self) -> Bundle:
        """The placeholder of the Lambda functions."""
        return self._placeholder("functions")

    def _placeholder(self, name: str) -> Bundle:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}.zip"
        if not path.exists():
            archive.write(path, ())
        return Bundle(path=path, digest=hashlib.sha256(name.encode()).hexdigest())


def _report(name: str, path: Path, *, built: bool, seconds: float) -> None:
    sizes = f"{path.stat().st_size / 1e6:.1f} MB, {archive.unpacked_bytes(path) / 1e6:.1f} MB unpacked"
    print(f"bundle {name}: {'built' if built else 'unchanged'} in {seconds:.1f} s, {sizes}", file=sys.stderr)

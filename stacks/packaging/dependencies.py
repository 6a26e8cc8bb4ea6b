"""One extra of the project's lock, installed for a target and packed once."""

from __future__ import annotations

import compileall
import hashlib
import os
import py_compile
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from stacks.packaging import archive, pruning
from stacks.packaging.target import Target


class PackagingFailed(RuntimeError):
    """uv could not resolve or install a bundle's dependencies."""


@dataclass(frozen=True, kw_only=True)
class Extra:
    """Extras of pyproject.toml, without what only the CLI needs or the cloud brings itself."""

    names: tuple[str, ...]
    leaves_out: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its layers are called."""
        return "-".join(self.names)

    def extended(self, names: Iterable[str]) -> Extra:
        """The same with more extras."""
        return replace(self, names=(*self.names, *names))


# LibCST reads YAML in its command line only; pycparser builds cffi and is no part of running it.
AGENTS = Extra(names=("agents",), leaves_out=("rich", "typer", "pyyaml-ft", "pycparser"))
LAMBDAS = Extra(names=("lambdas",), leaves_out=("boto3", "rich", "typer", "pycparser"))


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A packed dependency tree; `digest` changes with anything that would change its files."""

    path: Path
    digest: str


def locked_requirements(root: Path, extra: Extra) -> str:
    """The exact, hashed requirements of `extra` as the lock has them."""
    return _uv(
        root,
        *("export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--no-header", "--no-annotate"),
        *(option for name in extra.names for option in ("--extra", name)),
        *(option for package in extra.leaves_out for option in ("--prune", package)),
    )


def layer(root: Path, extra: Extra, target: Target, *, cache: Path) -> Layer:
    """The packed dependencies, installed only when the lock, the target or the pruning changed."""
    requirements = locked_requirements(root, extra)
    rules = Path(pruning.__file__).read_text(encoding="utf-8")
    digest = hashlib.sha256("\0".join((requirements, target.name, rules)).encode()).hexdigest()
    path = cache / f"{extra.name}-{target.name}-{digest[:16]}.zip"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as workspace:
            _pack(root, requirements, target, workspace=Path(workspace), into=path)
        for old in cache.glob(f"{extra.name}-{target.name}-*.zip"):
            if old != path:
                old.unlink(missing_ok=True)
    return Layer(path=path, digest=digest)


def compile_tree(root: Path) -> None:
    """Write bytecode that never looks at its source's time: unpacking an archive does not keep times."""
    compileall.compile_dir(
        root,
        quiet=2,
        workers=min(4, os.cpu_count() or 1),
        stripdir=str(root),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


def _pack(root: Path, requirements: str, target: Target, *, workspace: Path, into: Path) -> None:
    listing = workspace / "requirements.txt"
    listing.write_text(requirements, encoding="utf-8")
    tree = workspace / "tree"
    _uv(
        root,
        *("pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--no-compile-bytecode"),
        *("--target", str(tree), *target.install_options, "--requirement", str(listing)),
    )
    pruning.prune(tree)
    if target.compiles:
        compile_tree(tree)
    partial = workspace / "layer.zip"
    archive.write(partial, archive.tree(tree))
    partial.replace(into)


def _uv(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "uv", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PackagingFailed(
            f"uv {arguments[0]} failed with {done.returncode}:\n{done.stderr.strip()[-2000:]}"
        )
    return done.stdout

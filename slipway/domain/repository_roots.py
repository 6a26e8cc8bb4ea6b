"""From which folders a repository's packages are imported, as its tree and its packaging settings show."""

from __future__ import annotations

import configparser
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath


def import_roots(source: Iterable[str], files: Mapping[str, str]) -> tuple[str, ...]:
    """For each source folder: itself when it holds packages or modules, its parent when it is a package."""
    declared = _declared(files)
    roots: list[str] = []
    for folder in source:
        path = PurePosixPath(folder)
        if folder == "." or folder in declared:
            roots.append(folder)
        elif f"{folder}/__init__.py" in files:
            roots.append(str(_above_packages(path, files)))
        else:
            # Modules in a folder that is no package are imported from it, or through it from its parent.
            roots.append(folder)
            if any(PurePosixPath(name).parent == path and name.endswith(".py") for name in files):
                roots.append(str(path.parent))
    return tuple(dict.fromkeys(roots))


def _above_packages(path: PurePosixPath, files: Mapping[str, str]) -> PurePosixPath:
    """The first folder upwards that is no package."""
    while f"{path}/__init__.py" in files:
        path = path.parent
    return path


def _declared(files: Mapping[str, str]) -> frozenset[str]:
    """Folders that setuptools is told to look for packages in."""
    found: list[object] = []
    try:
        tools = tomllib.loads(files.get("pyproject.toml", "")).get("tool", {})
    except tomllib.TOMLDecodeError:
        tools = {}
    setuptools = tools.get("setuptools", {}) if isinstance(tools, dict) else {}
    if isinstance(setuptools, dict):
        packages, folders = setuptools.get("packages", {}), setuptools.get("package-dir", {})
        where = packages.get("find", {}).get("where", ()) if isinstance(packages, dict) else ()
        found += [where] if isinstance(where, str) else list(where)
        found += [folders[""]] if isinstance(folders, dict) and "" in folders else []
    found += _from_setup_cfg(files.get("setup.cfg", ""))
    return frozenset(str(PurePosixPath(str(folder))) for folder in found)


def _from_setup_cfg(text: str) -> list[str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return []
    where = parser.get("options.packages.find", "where", fallback="").split()
    lines = parser.get("options", "package_dir", fallback="").splitlines()
    pairs = [line.partition("=") for line in lines if line.strip()]
    return where + [folder.strip() for package, _, folder in pairs if not package.strip()]

"""What an installed project says of itself, for repositories whose code asks for its own version or plugins.

The sandbox imports a repository from its files, so nothing was installed; this writes the few metadata files
that `importlib.metadata` reads, from what the manifests declare.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.utils import canonicalize_name

from local.sandbox.manifests import by_project, read_ini, read_toml, table

UNKNOWN_VERSION = "0.0.0"


def write_metadata(root: Path, manifests: Mapping[str, str]) -> Path | None:
    """A folder below `root` with the metadata of every project of these manifests, the same for the same."""
    files = dict(_files(manifests))
    if not files:
        return None
    digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:16]
    folder = root / f"projects-{digest}"
    if folder.is_dir():
        os.utime(folder)
        return folder
    root.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="projects-draft-", dir=root))
    draft.chmod(0o755)
    for path, text in files.items():
        (draft / path).parent.mkdir(exist_ok=True)
        (draft / path).write_text(text)
    try:
        draft.rename(folder)
    except OSError:  # Somebody else was faster.
        shutil.rmtree(draft)
    return folder


def _files(manifests: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for files in by_project(manifests).values():
        document, setup = read_toml(files.get("pyproject.toml", "")), read_ini(files.get("setup.cfg", ""))
        project, poetry = table(document, "project"), table(document, "tool", "poetry")
        known = {**(setup["metadata"] if setup.has_section("metadata") else {}), **poetry, **project}
        name, version = known.get("name"), known.get("version", UNKNOWN_VERSION)
        if not isinstance(name, str) or not name or "\n" in f"{name}{version}" or "/" in f"{name}{version}":
            continue
        about = f"{canonicalize_name(name).replace('-', '_')}-{version}.dist-info"
        yield f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        groups = {**table(project, "entry-points"), "console_scripts": table(project, "scripts")}
        yield f"{about}/entry_points.txt", "".join(_sections(groups))


def _sections(groups: Mapping[str, object]) -> Iterator[str]:
    for group, entries in groups.items():
        if isinstance(entries, dict) and entries:
            yield f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items())

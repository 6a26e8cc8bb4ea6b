"""What a session's commands may import beside the toolchain: decided by the manifests that its caller wrote.

A session does not say which repository it is about. It may hold one at its root, or layers of one in
folders (a tree, and changes over it); of two manifests with the same path in their layers the one written
later counts. Only what the caller wrote counts: a command cannot make this machine fetch anything.
Fetching happens in a process of the checkout's own environment: the emulator's has no uv and no `packaging`.

Settings: SLIPWAY_LIBRARIES (the folder of all libraries), SLIPWAY_LIBRARIES_PYTHON (who fetches),
SLIPWAY_SANDBOX_TOOLCHAIN. Without the first two, there is the toolchain only.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.aws import code_interpreter_tools as tools
from local.sandbox.folder import RefusedPath, SandboxFolder
from local.sandbox.manifest_paths import is_manifest

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 330
_MAX_BYTES = 200_000


@dataclass
class SessionLibraries:
    """One session's manifests, and the folders of what they declare."""

    root: Path | None
    python: str
    toolchain: Path
    _written: dict[str, str] = field(default_factory=dict)
    _known: dict[str, tuple[Path, ...]] = field(default_factory=dict)

    @classmethod
    def of_this_machine(cls) -> SessionLibraries:
        """As the environment says."""
        root = os.environ.get("SLIPWAY_LIBRARIES")
        python = os.environ.get("SLIPWAY_LIBRARIES_PYTHON", "")
        toolchain = Path(os.environ.get("SLIPWAY_SANDBOX_TOOLCHAIN", ""))
        return cls(Path(root) if root and python else None, python, toolchain)

    def note(self, blocks: object) -> None:
        """Take up what the caller writes, when it could be a manifest."""
        for block in blocks if isinstance(blocks, list) else []:
            path = str(block.get("path", "")).removeprefix("./")
            if self.root and (is_manifest(path) or is_manifest(_in_layer(path))):
                content = tools.content(block)
                self._written.pop(path, None)
                if len(content) <= _MAX_BYTES:
                    self._written[path] = content.decode(errors="replace")

    def folders(self, files: SandboxFolder) -> tuple[Path, ...]:
        """The libraries for what is there now, and what the repository's own project says of itself."""
        if self.root is None:
            return ()
        manifests = _merged({path: text for path, text in self._written.items() if _is_there(files, path)})
        if not manifests:
            return ()
        wanted = json.dumps(manifests, sort_keys=True)
        if wanted not in self._known:
            self._known[wanted] = self._ask(wanted)
        return self._known[wanted]

    def _ask(self, manifests: str) -> tuple[Path, ...]:
        command = [self.python, "-m", "local.sandbox.libraries", "--root", str(self.root)]
        try:
            done = subprocess.run(
                [*command, "--toolchain", str(self.toolchain)],
                input=manifests,
                capture_output=True,
                text=True,
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            logger.warning("the libraries of a session were not ready after %s s", PATIENCE_SECONDS)
            return ()
        if done.returncode != 0:
            logger.warning("the libraries of a session could not be prepared: %s", done.stderr[-2000:])
            return ()
        answer = json.loads(done.stdout)
        for remark in answer["remarks"]:
            logger.warning("libraries | %s", remark)
        return tuple(Path(folder) for folder in answer["folders"])


def _in_layer(path: str) -> str:
    """The path below the layer's folder."""
    return path.partition("/")[2]


def _is_there(files: SandboxFolder, path: str) -> bool:
    try:
        files.read(path)
    except (FileNotFoundError, RefusedPath):
        return False
    return True


def _merged(written: Mapping[str, str]) -> dict[str, str]:
    """By path in the repository; written in this order, so that a later layer covers an earlier one."""
    at_root = any(is_manifest(path) for path in written)
    return {path if at_root else _in_layer(path): text for path, text in written.items()}

"""The tools of a code interpreter session: a command, or files in and out."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from collections.abc import Callable, Mapping

from local.sandbox import Completed
from local.sandbox.folder import RefusedPath, SandboxFolder

Arguments = Mapping[str, object]
Result = dict[str, object]


class InvalidArguments(ValueError):
    """The tool does not exist here, or was called in a way that the service refuses."""


def use(name: str, arguments: Arguments, *, folder: SandboxFolder, run: Callable[[str], Completed]) -> Result:
    """The result of one tool; what goes wrong with a file is a result too, marked as an error."""
    if name == "executeCommand":
        return _execute(arguments, run)
    on_files = {"writeFiles": _write, "readFiles": _read, "removeFiles": _remove, "listFiles": _list}
    if name not in on_files:
        raise InvalidArguments(f"tool {name!r} is not served on the laptop")
    try:
        return on_files[name](folder, arguments)
    except FileNotFoundError as error:
        return _failed(f"file not found: {error.filename}")
    except RefusedPath as error:
        return _failed(str(error))


def _execute(arguments: Arguments, run: Callable[[str], Completed]) -> Result:
    command = arguments.get("command")
    if not isinstance(command, str) or not command.strip():
        raise InvalidArguments("executeCommand needs a command")
    done = run(command)
    return {
        "content": [{"type": "text", "text": done.stdout or done.stderr}],
        "structuredContent": {
            "stdout": done.stdout,
            "stderr": done.stderr,
            "exitCode": done.exit_code,
            "executionTime": done.duration_seconds,
            "taskStatus": "completed",
        },
        "isError": done.exit_code != 0,
    }


def _write(folder: SandboxFolder, arguments: Arguments) -> Result:
    blocks = arguments.get("content")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise InvalidArguments("writeFiles needs a list of content blocks")
    for block in blocks:
        folder.write(str(block.get("path", "")), content(block))
    return _said(f"wrote {len(blocks)} files")


def content(block: Mapping[str, object]) -> bytes:
    """What a block of `writeFiles` holds."""
    blob, text = block.get("blob"), block.get("text")
    try:
        return base64.b64decode(blob, validate=True) if isinstance(blob, str) else str(text or "").encode()
    except binascii.Error as error:
        raise InvalidArguments(f"the blob of {block.get('path')!r} is not base64") from error


def _read(folder: SandboxFolder, arguments: Arguments) -> Result:
    return {
        "content": [
            {"type": "resource", "resource": _resource(path, folder.read(path))} for path in _paths(arguments)
        ],
        "isError": False,
    }


def _remove(folder: SandboxFolder, arguments: Arguments) -> Result:
    paths = _paths(arguments)
    for path in paths:
        folder.remove(path)
    return _said(f"removed {len(paths)} files")


def _list(folder: SandboxFolder, arguments: Arguments) -> Result:
    path = str(arguments.get("directoryPath") or arguments.get("path") or "").strip("./")
    prefix = f"file:///{path}/" if path else "file:///"
    links = [
        {
            "type": "resource_link",
            "uri": f"{prefix}{name}",
            "name": name,
            "description": "Directory" if is_folder else "File",
        }
        for name, is_folder in folder.entries(path)
    ]
    return {"content": links, "isError": False}


def _resource(path: str, content: bytes) -> dict[str, str]:
    """Text where it is text, as the service answers; anything else as base64."""
    about = {"uri": f"file:///{path}", "mimeType": mimetypes.guess_type(path)[0] or "text/plain"}
    try:
        return {**about, "type": "text", "text": content.decode()}
    except UnicodeDecodeError:
        return {**about, "type": "blob", "blob": base64.b64encode(content).decode()}


def _paths(arguments: Arguments) -> list[str]:
    paths = arguments.get("paths")
    return [str(path) for path in paths] if isinstance(paths, list) else []


def _said(text: str) -> Result:
    return {"content": [{"type": "text", "text": text}], "isError": False}


def _failed(text: str) -> Result:
    return {"content": [{"type": "text", "text": text}], "isError": True}

"""Runs many small programs against the repository's code and reports what each returned or raised."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pathlib
import signal
import sys
import tempfile
import traceback
import types

from .express import Writer

SECONDS_EACH = 2.0


class TooSlow(BaseException):
    """One program took too long; not an Exception, so that the code under test cannot swallow it."""


def run(program: dict[str, object], root: str) -> dict[str, object]:
    """The outcome of one program: its result as source, or its exception with the repository's frames."""
    # What a program made may be locked or read-only; that must not hide its outcome.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return _outcome(program, root, folder)


def _outcome(program: dict[str, object], root: str, folder: str) -> dict[str, object]:
    namespace: dict[str, object] = {
        "__name__": "attempt",
        "_file": _maker(folder),
        "_text_file": _maker(folder, str),
    }
    out, before, argv, environment = io.StringIO(), sys.stdin, sys.argv, dict(os.environ)
    sys.stdin = io.StringIO(str(program.get("stdin") or ""))
    sys.argv = [str(part) for part in _list(program.get("argv"))] or ["program"]
    for name, value in _dict(program.get("environment")).items():
        os.environ.pop(name, None) if value is None else os.environ.update({name: str(value)})
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()), _limited():
            for statement in _list(program["statements"]):
                exec(str(statement), namespace)
            result = eval(str(program["expression"]), namespace)
    except TooSlow:
        return {"raised": "TooSlow"}
    except BaseException as error:  # whatever the code under test raises is the answer
        return _raised(error, root)
    finally:
        sys.stdin, sys.argv = before, argv
        os.environ.clear()
        os.environ.update(environment)
    return _returned(result, out.getvalue(), namespace)


def _returned(result: object, printed: str, namespace: dict[str, object]) -> dict[str, object]:
    writer = Writer()
    outcome: dict[str, object] = {"type": type(result).__name__, "printed": printed[:4000]}
    try:
        source = writer.source(result)
        imported: dict[str, object] = dict(namespace)
        for name, module in writer.imports.items():
            exec(f"from {module} import {name}" if module else f"import {name}", imported)
        outcome.update(source=source, imports=writer.imports, equal=bool(eval(source, imported) == result))
    except Exception as error:  # a result that cannot be written or compared is reported as such
        outcome["source"] = None
        outcome["why"] = f"{type(error).__name__}: {error}"
    return outcome


def _raised(error: BaseException, root: str) -> dict[str, object]:
    frames = []
    for frame, line in traceback.walk_tb(error.__traceback__):
        path = frame.f_code.co_filename
        if not path.startswith(root + os.sep) or "slipway_probe" in path:
            continue
        frames.append(_place(frame, line, os.path.relpath(path, root), error.__traceback__))
    kinds = [kind.__name__ for kind in type(error).__mro__]
    message = error.code if isinstance(error, SystemExit) else error
    return {
        "raised": type(error).__name__,
        "kinds": kinds,
        "values": {
            name: str(value)
            for name, value in frame.f_locals.items()
            if type(value) in (str, int, float) and 0 < len(str(value)) <= 80
        },
        "module": type(error).__module__,
        "message": str(message)[:400],
        "frames": frames,
    }


def _place(frame: types.FrameType, line: int, path: str, tb: types.TracebackType | None) -> dict[str, object]:
    positions: tuple[int | None, ...] = (line, None, None, None)
    while tb is not None:
        if tb.tb_frame is frame and hasattr(frame.f_code, "co_positions"):
            positions = list(frame.f_code.co_positions())[tb.tb_lasti // 2]
        tb = tb.tb_next
    kinds = {name: type(value).__name__ for name, value in frame.f_locals.items() if name.isidentifier()}
    return {
        "path": path.replace(os.sep, "/"),
        "name": frame.f_code.co_name,
        "qualified": getattr(frame.f_code, "co_qualname", frame.f_code.co_name),
        "position": [positions[0] or line, positions[2], positions[1], positions[3]],
        "kinds": kinds,
        "values": {
            name: str(value)
            for name, value in frame.f_locals.items()
            if type(value) in (str, int, float) and 0 < len(str(value)) <= 80
        },
    }


def _maker(folder: str, kind: type = pathlib.Path) -> object:
    def make(name: str, content: str) -> object:
        path = pathlib.Path(folder) / name
        path.write_text(content, encoding="utf-8")
        return kind(path)

    return make


@contextlib.contextmanager
def _limited():  # type: ignore[no-untyped-def]  # a generator's type needs typing imports that cost start-up
    def stop(_signal: int, _frame: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS_EACH)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _dict(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def main() -> None:
    """Read the request beside this file, run its programs, print the outcomes that matter after a marker."""
    request = json.loads(pathlib.Path(__file__).with_name("request.json").read_text(encoding="utf-8"))
    root = str(pathlib.Path.cwd())
    for path in request["paths"]:
        if (folder := str(pathlib.Path(root, path).resolve())) not in sys.path:
            sys.path.insert(0, folder)
    outcomes: dict[str, object] = {}
    for number, program in enumerate(request["programs"]):
        outcome = run(program, root)
        if request["report"] == "all" or _matters(outcome, request["wanted"]):
            outcomes[str(number)] = outcome
        if len(outcomes) >= request["enough"]:
            break
    print("\n" + request["marker"] + json.dumps(outcomes))


def _matters(outcome: dict[str, object], wanted: dict[str, object]) -> bool:
    """Whether it raised the wanted exception in one of the wanted functions."""
    frames = outcome.get("frames")
    if wanted["exception"] not in _list(outcome.get("kinds")) or not isinstance(frames, list) or not frames:
        return False
    return not wanted["name"] or any(
        frame["path"] == wanted["path"] and wanted["name"] in frame["qualified"].split(".")
        for frame in frames
    )


if __name__ == "__main__":
    main()

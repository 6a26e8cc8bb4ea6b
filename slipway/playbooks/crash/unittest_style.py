"""Writes what pytest has fixtures for with the standard library, for tests in unittest's style."""

from __future__ import annotations

import ast
from collections.abc import Sequence


def surrounded(body: list[str], fixtures: Sequence[str], imports: dict[str, str]) -> list[str]:
    """unittest has no fixtures: its tests use the standard library's context managers."""
    for fixture in fixtures:
        if fixture == "tmp_path":
            imports.update({"tempfile": "", "Path": "pathlib"})
            body = [
                "with tempfile.TemporaryDirectory() as folder:",
                "    tmp_path = Path(folder)",
                *_indented(body),
            ]
        elif fixture == "capsys":
            imports.update({"contextlib": "", "io": ""})
            out = "with contextlib.redirect_stdout(io.StringIO()) as out:"
            body = [out, f"    {body[-2]}", body[-1].replace("capsys.readouterr().out", "out.getvalue()")]
        else:
            imports["mock"] = "unittest"
            body = _patched(body)
    return body


def _patched(body: list[str]) -> list[str]:
    """monkeypatch calls as mock.patch contexts around the rest."""
    rest = [line for line in body if not line.startswith("monkeypatch.")]
    for line in reversed([line for line in body if line.startswith("monkeypatch.")]):
        call = ast.parse(line, mode="eval").body
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        first = ast.unparse(call.args[0])
        second = ast.unparse(call.args[1]) if len(call.args) > 1 else ""
        if call.func.attr == "setattr":
            rest = [f"with mock.patch({first}, {second}):", *_indented(rest)]
        elif call.func.attr == "setenv":
            rest = [f"with mock.patch.dict('os.environ', {{{first}: {second}}}):", *_indented(rest)]
        else:
            rest = ["with mock.patch.dict('os.environ', clear=True):", *_indented(rest)]
    return rest


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]

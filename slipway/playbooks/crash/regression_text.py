"""Writes the test that reproduces a crash, in the style of the repository's tests."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

import libcst as cst
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor

from slipway.playbooks.crash.attempt import Attempt, file_calls
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.placing import bound, free_name, has_tests, import_block, node_id, placed
from slipway.playbooks.crash.quotes import quote_style, requoted
from slipway.playbooks.crash.source_index import Function
from slipway.playbooks.crash.unittest_style import surrounded


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """What the test asserts: a value, an exception, or what is printed.

    `imports` are what `value` needs; `warns` says that the log must hold a warning, `is_new` that the
    exception does not exist before the change.
    """

    value: str | None = None
    exception: str | None = None
    module: str = ""
    message: str = ""
    is_new: bool = False
    warns: bool = False
    printed: str | None = None
    imports: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """For reasons and plans."""
        if self.exception:
            return f"raises {self.exception}" + (f" ({self.message})" if self.message else "")
        done = f"prints {self.printed!r}" if self.printed is not None else f"gives {self.value}"
        return f"{done} and warns" if self.warns else done


def with_test(
    path: str, *, attempt: Attempt, claimed: Claimed, function: Function, cause: str, layout: Layout
) -> tuple[str, str]:
    """The test file's new text, and the test's id within it as pytest spells it."""
    old = layout.tree.get(path, "")
    name = free_name(old, function, cause)
    text = _Writer(path, attempt, claimed, layout, name, old).text(function)
    return text, node_id(text, name)


class _Writer:
    def __init__(
        self, path: str, attempt: Attempt, claimed: Claimed, layout: Layout, name: str, old: str
    ) -> None:
        self.layout, self.attempt, self.claimed, self.name, self.old = layout, attempt, claimed, name, old
        self.path = path
        self.is_unittest = "TestCase" in old if old.strip() else layout.uses_unittest
        self.style = quote_style(old or next((layout.tree[p] for p in layout.index.test_paths), ""))
        self.imports: dict[str, str] = {**attempt.imports, **claimed.imports}
        self.fixtures: list[str] = []

    def text(self, function: Function) -> str:
        expression, setup = self._expression()
        body = [*setup, *self._assertion(expression)]
        if self.is_unittest:
            body = surrounded(body, self.fixtures, self.imports)
            self.fixtures = []
        code = self._definition(requoted("\n".join(body), self.style))
        if not self.old.strip():
            return self._new_file(code, function)
        return self._extended(code, function)

    def _expression(self) -> tuple[str, list[str]]:
        """The call under the names that the test file uses, and the lines before it."""
        setup: list[str] = []
        expression = self.attempt.expression
        for number, call in enumerate(file_calls(expression)):
            variable = "path" if number == 0 else f"path_{number + 1}"
            setup += [
                f"{variable} = tmp_path / {call.name!r}",
                f"{variable}.write_text({call.content!r}, encoding='utf-8')",
            ]
            expression = expression.replace(call.source, f"str({variable})" if call.as_text else variable, 1)
            self._fixture("tmp_path")
        for name, value in self.attempt.environment.items():
            self._fixture("monkeypatch")
            setup.append(
                f"monkeypatch.delenv({name!r}, raising=False)"
                if value is None
                else f"monkeypatch.setenv({name!r}, {value!r})"
            )
        if self.attempt.stdin is not None:
            self._fixture("monkeypatch")
            self.imports["io"] = ""
            setup.append(f"monkeypatch.setattr('sys.stdin', io.StringIO({self.attempt.stdin!r}))")
        if self.attempt.argv:
            self._fixture("monkeypatch")
            setup.append(f"monkeypatch.setattr('sys.argv', {list(self.attempt.argv)!r})")
        statements = [s for s in self.attempt.statements if not re.match(r"(?:import|from)\s", s)]
        for line in self.attempt.statements:
            self._take_import(line)
        renamed = self._module_style()
        return _renamed(expression, renamed), setup + [_renamed(line, renamed) for line in statements]

    def _assertion(self, expression: str) -> list[str]:
        claimed = self.claimed
        if claimed.exception is not None:
            return self._raising(expression, claimed.exception)
        if claimed.printed is not None:
            self._fixture("capsys")
            return [expression, f"assert capsys.readouterr().out == {claimed.printed!r}"]
        value = claimed.value or "None"
        if self.claimed.warns and self.is_unittest:
            logs = ["with self.assertLogs(level='WARNING'):", f"    result = {expression}"]
            return [*logs, f"self.assertEqual(result, {value})"]
        if self.is_unittest:
            method = {"None": "assertIsNone({0})", "True": "assertTrue({0})", "False": "assertFalse({0})"}
            return [f"self.{method.get(value, 'assertEqual({0}, {1})').format(expression, value)}"]
        is_singleton = value in {"None", "True", "False"}
        asserted = [f"assert {expression} {'is' if is_singleton else '=='} {value}"]
        if self.claimed.warns:
            self._fixture("caplog")
            asserted.append("assert 'WARNING' in [record.levelname for record in caplog.records]")
        return asserted

    def _raising(self, expression: str, exception: str) -> list[str]:
        message = self.claimed.message
        if self.claimed.is_new:
            # An import of what is not there yet would keep the whole file from running.
            package, _, module = self.claimed.module.rpartition(".")
            self.imports[module] = package
            exception = f"{module}.{exception}"
        elif self.claimed.module and self.claimed.module != "builtins":
            self.imports[exception] = self.claimed.module
        if exception == "SystemExit":
            context = (
                "self.assertRaises(SystemExit) as stopped"
                if self.is_unittest
                else "pytest.raises(SystemExit) as stopped"
            )
            code = "stopped.exception.code" if self.is_unittest else "stopped.value.code"
            check = (
                f"self.assertEqual({code}, {message or 1})"
                if self.is_unittest
                else f"assert {code} == {message or 1}"
            )
            self._pytest()
            return [f"with {context}:", f"    {expression}", check]
        pattern = ""
        if message:
            is_plain = re.escape(message).replace("\\ ", " ").replace("\\-", "-") == message
            pattern = repr(message) if is_plain else f"re.escape({message!r})"
            self.imports.update({} if is_plain else {"re": ""})
        if self.is_unittest:
            call = f"assertRaisesRegex({exception}, {pattern})" if pattern else f"assertRaises({exception})"
            return [f"with self.{call}:", f"    {expression}"]
        self._pytest()
        return [
            f"with pytest.raises({exception}{', match=' + pattern if pattern else ''}):",
            f"    {expression}",
        ]

    def _pytest(self) -> None:
        if not self.is_unittest:
            self.imports["pytest"] = ""

    def _fixture(self, name: str) -> None:
        if name not in self.fixtures:
            self.fixtures.append(name)

    def _definition(self, body: str) -> str:
        parameters = [*(["self"] if self.is_unittest or self._class() else []), *self.fixtures]
        annotated = " -> None" if self._annotates else ""
        if self._annotates:
            kinds = {
                "tmp_path": "Path",
                "monkeypatch": "pytest.MonkeyPatch",
                "capsys": "pytest.CaptureFixture[str]",
                "caplog": "pytest.LogCaptureFixture",
            }
            needed = {"tmp_path": ("Path", "pathlib")}
            for fixture in self.fixtures:
                name, module = needed.get(fixture, ("pytest", ""))
                self.imports[name] = module
            parameters = [f"{p}: {kinds[p]}" if p in kinds else p for p in parameters]
        return f"def {self.name}({', '.join(parameters)}){annotated}:\n{textwrap.indent(body, '    ')}\n"

    @property
    def _annotates(self) -> bool:
        return self.layout.annotates_tests

    def _class(self) -> str | None:
        """The class that takes the test, where the file's tests are methods."""
        if not self.old.strip():
            return None
        tree = ast.parse(self.old)
        if any(
            isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name.startswith("test")
            for n in tree.body
        ):
            return None
        classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and has_tests(n)]
        wanted = re.findall(r"\w+", self.attempt.expression)
        scored = [(sum(word in ast.unparse(n) for word in wanted if len(word) > 3), n.name) for n in classes]
        return max(scored, key=lambda item: item[0])[1] if scored else None

    def _new_file(self, code: str, function: Function) -> str:
        if self.is_unittest:
            self.imports["unittest"] = ""
            title = "".join(part.title() for part in function.name.strip("_").split("_"))
            code = f"class Test{title}(unittest.TestCase):\n{textwrap.indent(code, '    ')}"
        head = import_block(self.imports)
        return f"{head}\n\n\n{code}"

    def _extended(self, code: str, function: Function) -> str:
        context = CodemodContext()
        taken = bound(self.old)
        for name, module in self.imports.items():
            if name.split(".")[0] in taken:
                continue
            if module:
                AddImportsVisitor.add_needed_import(context, module, name)
            else:
                AddImportsVisitor.add_needed_import(context, name)
        module_node = AddImportsVisitor(context).transform_module(cst.parse_module(self.old))
        owner = self._class()
        if owner is None and self.is_unittest:
            title = "".join(part.title() for part in function.name.strip("_").split("_"))
            code = f"class Test{title}(unittest.TestCase):\n{textwrap.indent(code, '    ')}"
        return placed(module_node, code, owner)

    def _take_import(self, line: str) -> None:
        match ast.parse(line).body:
            case [ast.ImportFrom(module=str() as module, names=names)]:
                self.imports.update({alias.name: module for alias in names if alias.asname is None})
            case [ast.Import(names=names)]:
                self.imports.update({alias.name: "" for alias in names if alias.asname is None})
            case _:
                return

    def _module_style(self) -> dict[str, str]:
        """Names that the file reaches through an imported module: `mean` as `stats.mean`."""
        if not self.old.strip():
            return {}
        through: dict[str, str] = {}
        direct: set[str] = set()
        for node in ast.walk(ast.parse(self.old)):
            if isinstance(node, ast.Import):
                through.update({alias.name: alias.asname or alias.name for alias in node.names})
            elif isinstance(node, ast.ImportFrom) and node.module:
                direct.add(node.module)
                through.update({f"{node.module}.{a.name}": a.asname or a.name for a in node.names})
        renamed = {}
        for name, module in list(self.imports.items()):
            if module and module in through and module not in direct:
                renamed[name] = f"{through[module]}.{name}"
                del self.imports[name]
        return renamed


def _renamed(code: str, names: Mapping[str, str]) -> str:
    for name, longer in names.items():
        code = re.sub(rf"(?<![\w.'\"]){re.escape(name)}(?=[\w(.,)\]]|$)(?!\w)(?!=)", longer, code)
    return code

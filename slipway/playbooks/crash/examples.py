"""Finds the calls that a ticket shows: code blocks, doctests, code spans; and the input files it quotes."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from slipway.playbooks.crash.claim import Example
from slipway.playbooks.crash.example_tables import is_lead, tabled
from slipway.playbooks.crash.tracebacks import without_tracebacks
from slipway.playbooks.crash.values import from_code

_FENCE = re.compile(
    r"^[ \t]*(?P<mark>```+|~~~+)[ \t]*(?P<language>[\w+-]*)[^\n]*\n(?P<body>.*?)^[ \t]*(?P=mark)", re.M | re.S
)
_JIRA = re.compile(
    r"\{(?:code|noformat)(?::(?P<language>\w+))?[^}]*\}\n?(?P<body>.*?)\{(?:code|noformat)\}", re.S
)
_INDENTED = re.compile(r"(?:^(?: {4}|\t)[^\n]*\n?)(?:^(?: {4}|\t)[^\n]*\n?|^[ \t]*\n)*", re.M)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_CALL = re.compile(
    r"(?<![\w.`])(?:await\s+)?[A-Za-z_][\w.]*\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)(?:\.\w+(?:\([^()\n]*\))?)*"
)
_WANTED = re.compile(
    r"(?:should (?:be|return|give|yield)|expect(?:ed|s)?|want(?:ed)?|->|→|=>|==)\s*:?\s*(?P<value>.+)$", re.I
)
_FOLLOWS = re.compile(
    r"\s*(?:->|→|=>|==)\s*(?:`(?P<code>[^`\n]+)`|(?P<value>[^`\n.,;]+))",
    re.IGNORECASE,
)
_SESSION = re.compile(r"^(?P<indent>[ \t]*)>>> .*(?:\n[ \t]*[^\s`~][^\n]*)*", re.M)
_PYTHON = {"", "py", "python", "python3", "pycon", "ipython", "none", "text", "console", "pytb"}


def examples(description: str) -> tuple[Example, ...]:
    """Every runnable example, blocks before spans before calls in plain prose."""
    found: list[Example] = []
    for language, body in blocks(description):
        if language in _PYTHON:
            found.extend(_from_block(body))
    found.extend(_from_sessions(description))
    prose = _without_blocks(description)
    found.extend(tabled(prose))
    for match in _SPAN.finditer(prose):
        found.extend(_from_span(match[1], prose[match.end() : match.end() + 120]))
    found.extend(
        example
        for match in _CALL.finditer(prose)
        for example in _from_span(match.group(), prose[match.end() : match.end() + 120])
    )
    answered = {one.expression for one in found if one.expected is not None and one.expression}
    return tuple(
        dict.fromkeys(one for one in found if one.expected is not None or one.expression not in answered)
    )


def _from_sessions(description: str) -> list[Example]:
    """Python sessions, in a block or not; what they print is wanted where the line before says so."""
    found: list[Example] = []
    for match in _SESSION.finditer(description.replace("\r\n", "\n")):
        lead = [line for line in description[: match.start()].split("\n") if line.strip(" \t`~")]
        if lead and is_lead(lead[-1]):
            found.extend(_from_doctest(match.group(), is_wanted=True))
        elif not match["indent"]:
            found.extend(_from_doctest(match.group()))
    return found


def documents(description: str) -> tuple[str, ...]:
    """Blocks that are neither Python nor a traceback: the content of an input file."""
    found = []
    for language, body in blocks(description):
        text = without_tracebacks(body)
        is_plain = language not in {
            "py",
            "python",
            "python3",
            "pycon",
            "bash",
            "sh",
            "shell",
            "console",
            "pytb",
            "diff",
        }
        is_session = re.match(r"\s*(?:\$|>>>|Traceback)", text) is not None
        is_whole = text.rstrip() == body.rstrip() and bool(text.strip())
        if is_plain and is_whole and not is_session and not _from_block(body):
            found.append(text if text.endswith("\n") else text + "\n")
    return tuple(found)


def blocks(description: str) -> tuple[tuple[str, str], ...]:
    """Language and dedented text of every code block."""
    text = description.replace("\r\n", "\n")
    found = [(m["language"].lower(), _dedented(m["body"])) for m in _FENCE.finditer(text)]
    rest = _FENCE.sub("", text)
    found += [((m["language"] or "").lower(), _dedented(m["body"])) for m in _JIRA.finditer(rest)]
    rest = without_tracebacks(_JIRA.sub("", rest))
    found += [("", _dedented(m.group())) for m in _INDENTED.finditer(rest) if m.group().strip()]
    return tuple(found)


def _without_blocks(description: str) -> str:
    text = _JIRA.sub("", _FENCE.sub("", description.replace("\r\n", "\n")))
    return without_tracebacks(_INDENTED.sub("\n", text))


def _dedented(body: str) -> str:
    lines = body.split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines)


def _from_block(body: str) -> list[Example]:
    if ">>>" in body:
        return _from_doctest(body)
    code = "\n".join(line for line in without_tracebacks(body).split("\n") if not re.match(r"\s*\$ ", line))
    tree = _parsed(code)
    if tree is None:
        return [example for line in code.split("\n") for example in _from_span(line.strip(), "")]
    return _from_statements(tree.body, code.split("\n"))


def _from_doctest(body: str, *, is_wanted: bool = False) -> list[Example]:
    code: list[str] = []
    outputs: dict[int, str] = {}
    previous = False
    for line in body.split("\n"):
        if prompt := re.match(r"\s*(>>>|\.\.\.) ?", line):
            code.append(line[prompt.end() :])
            previous = True
        elif previous and line.strip() and "Traceback" not in line:
            outputs[len(code)] = line.strip()
            previous = False
        else:
            previous = False
    tree = _parsed("\n".join(code))
    # What a ticket's session prints is what happens today, so it is only expected when the comment says so.
    found = _from_statements(tree.body, code) if tree else []
    last = outputs.get(len(code))
    shown = from_code(last) if is_wanted and last is not None else None
    return [replace(one, expected=one.expected or shown) for one in found[:1]] + found[1:]


def _from_statements(body: list[ast.stmt], lines: list[str]) -> list[Example]:
    """One example for each expression with a call; the statements before it come along."""
    found: list[Example] = []
    before: list[str] = []
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return []  # The block shows the project's own code, not a use of it.
        line = lines[(statement.end_lineno or statement.lineno) - 1]
        comment = line.split("#", 1)[1] if "#" in line else ""
        value, expected = _called(statement)
        if value is not None:
            wanted = expected or _wanted(comment)
            found.append(Example(expression=value, statements=tuple(before), expected=wanted))
        if isinstance(statement, ast.Assert) or (
            isinstance(statement, ast.Expr) and _is_print(statement.value)
        ):
            continue
        before.append(ast.unparse(statement))
    return list(reversed(found))


def _called(statement: ast.stmt) -> tuple[str | None, str | None]:
    """The expression with a call, and what it is compared with."""
    match statement:
        case ast.Expr(value=ast.Call() as call) if _is_wrapping(call) and len(call.args) == 1:
            return _called(ast.Expr(value=call.args[0]))
        case ast.Expr(value=value) | ast.Assign(value=value):
            if isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq | ast.Is):
                return _called(ast.Assert(test=value))
            return (ast.unparse(value) if _has_call(value) else None), None
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right])):
            return (ast.unparse(left) if _has_call(left) else None), ast.unparse(right)
        case _:
            return None, None


def _from_span(code: str, after: str) -> list[Example]:
    code = code.strip().removeprefix(">>>").strip()
    arrow = re.match(r"(?P<left>.+?\))\s*(?:->|→|=>)\s*(?P<right>.+)$", code)
    wanted = None
    if arrow:
        code, wanted = arrow["left"], from_code(arrow["right"])
    elif follows := _FOLLOWS.match(after):
        wanted = from_code(follows["code"] or follows["value"] or "")
    tree = _parsed(code)
    if tree is None or len(tree.body) != 1 or _has_ellipsis(tree.body[0]):
        return []
    expression, compared = _called(tree.body[0])
    return [Example(expression=expression, expected=compared or wanted)] if expression else []


def _wanted(comment: str) -> str | None:
    match = _WANTED.search(comment.strip())
    return from_code(match["value"].split(",")[0].strip().strip("`.")) if match else None


def _parsed(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError):
        return None


def _has_call(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Call | ast.Subscript | ast.Attribute) for part in ast.walk(node))


def _is_wrapping(node: ast.Call) -> bool:
    """print(x) and sys.exit(x) only pass on what matters."""
    return _is_print(node) or ast.unparse(node.func) in {"sys.exit", "exit"}


def _is_print(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "pprint"}
    )


def _has_ellipsis(node: ast.stmt) -> bool:
    return any(isinstance(part, ast.Constant) and part.value is ... for part in ast.walk(node))

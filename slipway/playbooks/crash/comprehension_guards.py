"""Guards inside comprehensions, where no statement can stand: a condition, a loop instead, a function."""

from __future__ import annotations

import ast
import builtins

from slipway.playbooks.crash.edits import Edit
from slipway.playbooks.crash.expressions import Comprehension
from slipway.playbooks.crash.guard_parts import Edits, Guard, fresh_name, indent, module_names, segment
from slipway.playbooks.crash.trouble import Trouble


def filtered(trouble: Trouble, comprehension: Comprehension, good: str) -> Edit:
    """One more condition for the entries of a comprehension."""
    text = segment(trouble.module.text, comprehension)
    return Edit(node=comprehension, expression=f"{text[:-1].rstrip()} if {good}{text[-1]}")


def unrolled(trouble: Trouble, comprehension: Comprehension, exceptions: str) -> Edits | None:
    """The comprehension as a loop that can catch; the list it made gets a name."""
    if len(comprehension.generators) != 1 or comprehension.generators[0].is_async:
        return None
    part, step = comprehension.generators[0], indent(trouble)
    element: ast.expr
    if isinstance(comprehension, ast.DictComp):
        element, start = comprehension.value, "{}"
    else:
        element, start = comprehension.elt, "set()" if isinstance(comprehension, ast.SetComp) else "[]"
    match trouble.statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is comprehension:
            tail: Edits = ()
        case _:
            name = fresh_name(trouble, ast.Name(id="kept"))
            name = "kept" if name == "found" else name
            tail = (Edit(node=comprehension, expression=name),)
    add = {
        "{}": f"{name}[{_key(comprehension)}] = {{}}",
        "set()": f"{name}.add({{}})",
        "[]": f"{name}.append({{}})",
    }[start]
    lines = [f"{name} = {start}", f"for {ast.unparse(part.target)} in {ast.unparse(part.iter)}:"]
    body = [f"if {ast.unparse(test)}:" for test in part.ifs]
    depth = 1
    for test in body:
        lines.append(step * depth + test)
        depth += 1
    lines += [
        f"{step * depth}try:",
        f"{step * (depth + 1)}{add.format(ast.unparse(element))}",
        f"{step * depth}except {exceptions}:",
        f"{step * (depth + 1)}continue",
    ]
    code = "\n".join(lines)
    if not tail:
        return (Edit(node=trouble.statement, statements=code),)
    return (Edit(node=trouble.statement, before=code), *tail)


def _key(comprehension: Comprehension) -> str:
    return ast.unparse(comprehension.key) if isinstance(comprehension, ast.DictComp) else ""


def by_function(trouble: Trouble, whole: ast.expr, value: str, exceptions: str) -> Guard:
    """Inside a comprehension a try needs a function of its own; it stands before the one that uses it."""
    inner = sorted(
        {n.id for n in ast.walk(whole) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        - set(dir(builtins))
        - module_names(trouble.module.tree)
    )
    name = f"_{fresh_name(trouble, whole)}_or_default"
    step = indent(trouble)
    text = segment(trouble.module.text, whole)
    parameters = ", ".join(inner)
    code = (
        f"def {name}({parameters}):\n{step}try:\n{step * 2}return {text}\n"
        f"{step}except {exceptions}:\n{step * 2}return {value}\n\n\n"
    )
    top = next(
        node
        for node in trouble.module.tree.body
        if node.lineno <= trouble.statement.lineno <= (node.end_lineno or node.lineno)
    )
    return Guard(
        edits=(Edit(node=top, before=code), Edit(node=whole, expression=f"{name}({parameters})")),
        phrase=f"uses {value} on {exceptions}",
    )

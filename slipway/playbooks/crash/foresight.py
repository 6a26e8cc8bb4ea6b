"""Foresees by reading alone what will be assumed about a crash whose ticket asks for nothing."""

from __future__ import annotations

import ast
import builtins
import re

from slipway.playbooks.crash.assumptions import Assumption, Scene, assumed
from slipway.playbooks.crash.claim import Crash, CrashClaim
from slipway.playbooks.crash.culprit import Site
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.sandbox_answers import Outcome, Place
from slipway.playbooks.crash.source_index import Function
from slipway.playbooks.crash.trouble import understand


def foreseen(claim: CrashClaim, culprit: Site, entry: Function, layout: Layout) -> tuple[Assumption, ...]:
    """What the code suggests, as far as that shows without running it."""
    module, home = layout.index.module(culprit.function.path), layout.index.module(entry.path)
    node = _blamed(claim.crash, culprit) if module else None
    function = module.enclosing(node.lineno) if module and node else None
    called = home.enclosing(entry.node.lineno) if home else None
    if module is None or home is None or node is None or function is None or called is None:
        return ()
    place = Place(
        path=module.path,
        name=function.name,
        qualified=function.qualified,
        line=node.lineno,
        column=node.col_offset,
        end_line=node.end_lineno,
        end_column=node.end_col_offset,
        kinds={},
        values={},
    )
    kind = getattr(builtins, claim.crash.exception, None)
    bases = [base.__name__ for base in kind.__mro__] if isinstance(kind, type) else []
    outcome = Outcome(
        raised=claim.crash.exception,
        kinds=tuple(dict.fromkeys((claim.crash.exception, *bases))),
        message=claim.crash.message,
        places=(place,),
    )
    trouble = understand(module, function, place, outcome)
    if trouble is None:
        return ()
    return assumed(Scene(trouble=trouble, entry=called, home=home, layout=layout, prose=claim.prose))


def _blamed(crash: Crash, culprit: Site) -> ast.expr | None:
    """The expression on the crash's line that its exception fits best; the outermost of several."""
    if culprit.line is None:
        return None
    inside = [
        node
        for node in ast.walk(culprit.function.node)
        if isinstance(node, ast.expr) and node.lineno <= culprit.line <= (node.end_lineno or node.lineno)
    ]
    fitting = [node for node in inside if _fits(node, crash)]
    return fitting[0] if fitting else None


def _fits(node: ast.expr, crash: Crash) -> bool:
    attribute = re.search(r"attribute '(\w+)'", crash.message)
    match crash.exception, node:
        case "KeyError" | "IndexError", ast.Subscript(slice=key, ctx=ast.Load()):
            is_spelled = isinstance(key, ast.Constant) and isinstance(key.value, str)
            return not is_spelled or not crash.message or ast.unparse(key) == crash.message.replace('"', "'")
        case "ZeroDivisionError", ast.BinOp(op=ast.Div() | ast.FloorDiv() | ast.Mod()):
            return True
        case "AttributeError", ast.Attribute(attr=name):
            return attribute is None or attribute[1] == name
        case "ValueError" | "TypeError" | "StopIteration", ast.Call():
            return True
        case _:
            return False

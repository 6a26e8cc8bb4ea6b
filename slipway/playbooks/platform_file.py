"""Sets aside the file that the platform itself keeps in a repository while it works there."""

from __future__ import annotations

from slipway.domain.plan import PLAN_FILE
from slipway.playbooks.base import Tree, Trees


def without_plan(tree: Tree) -> Tree:
    """A tree as its owners know it: the approved plan quotes the ticket and is nobody's code."""
    return {path: text for path, text in tree.items() if path != PLAN_FILE}


def without_plans(trees: Trees) -> Trees:
    """The same for every repository."""
    return {name: without_plan(tree) for name, tree in trees.items()}

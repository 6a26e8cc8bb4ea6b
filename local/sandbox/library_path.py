"""Puts folders on `sys.path` before the toolchain's own packages, whatever a command sets PYTHONPATH to.

The toolchain holds a copy of this file and a `.pth` that imports it. In this order, and after what
PYTHONPATH names: projects that a workflow's step installed in place (the file FORGE_EDITABLES lists them),
what stands in for pip there (FORGE_SHIMS), and the libraries of the repository (SLIPWAY_LIBRARY_PATH).
"""

from __future__ import annotations

import os
import site
import sys

_listed = os.environ.get("FORGE_EDITABLES", "")
_folders: list[str] = []
if _listed and os.path.isfile(_listed):  # noqa: PTH113 - pathlib would cost every start 10 ms
    with open(_listed) as _lines:  # noqa: PTH123
        _folders += _lines.read().splitlines()
_folders += [os.environ.get("FORGE_SHIMS", ""), *os.environ.get("SLIPWAY_LIBRARY_PATH", "").split(os.pathsep)]
_new = [_folder for _folder in dict.fromkeys(_folders) if _folder and _folder not in sys.path]
if _new:
    _own = os.path.dirname(__file__)  # noqa: PTH120
    _place = sys.path.index(_own) if _own in sys.path else len(sys.path)
    sys.path[_place:_place] = _new
    for _folder in _new:
        site.addsitedir(_folder, set(sys.path))  # Only for the `.pth` files in it.

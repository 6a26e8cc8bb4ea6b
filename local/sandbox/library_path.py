"""Puts the folder named by SLIPWAY_LIBRARY_PATH on `sys.path`, before the toolchain's own packages.

The toolchain holds a copy of this file and a `.pth` that imports it, so it works for every Python that starts
there, whatever a command sets PYTHONPATH to: what PYTHONPATH names still comes first.
"""

import os
import site
import sys

_FOLDER = os.environ.get("SLIPWAY_LIBRARY_PATH", "")
if _FOLDER and os.path.isdir(_FOLDER) and _FOLDER not in sys.path:  # noqa: PTH112 - pathlib costs 10 ms
    _own = os.path.dirname(__file__)  # noqa: PTH120
    sys.path.insert(sys.path.index(_own) if _own in sys.path else len(sys.path), _FOLDER)
    site.addsitedir(_FOLDER, set(sys.path))  # Only for the `.pth` files in it.

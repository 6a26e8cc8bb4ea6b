"""Makes projects that a step "installed" in editable mode importable, by a list that the pip shim keeps.

They come before the libraries, which may hold a project of the same name, and after what PYTHONPATH names.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_LIST = os.environ.get("FORGE_EDITABLES")
if _LIST and Path(_LIST).is_file():
    _new = [line for line in Path(_LIST).read_text().splitlines() if line not in sys.path]
    _libraries = (os.environ.get("SLIPWAY_LIBRARY_PATH", ""), "site-packages")
    _place = next(
        (i for i, entry in enumerate(sys.path) if entry == _libraries[0] or entry.endswith(_libraries[1])),
        len(sys.path),
    )
    sys.path[_place:_place] = _new

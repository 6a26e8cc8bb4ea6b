"""Makes projects that a step "installed" in editable mode importable, by a list that the pip shim keeps."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_LIST = os.environ.get("FORGE_EDITABLES")
if _LIST and Path(_LIST).is_file():
    sys.path.extend(line for line in Path(_LIST).read_text().splitlines() if line not in sys.path)

"""What the documents point to exists."""

import re
from pathlib import Path

import pytest

from scripts.render_docs import PAGES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
_CODE = re.compile(r"`((?:slipway|agents|lambdas|stacks|local|scripts|tests|docs)/[\w./-]*)`")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    named = {ROOT / path for path in _CODE.findall(text)}
    linked = {(document.parent / path).resolve() for path in _LINK.findall(text)}
    assert not sorted(str(path) for path in named | linked if not path.exists())


@pytest.mark.parametrize("path", sorted(PAGES))
def test_a_generated_page_is_up_to_date(path: str) -> None:
    assert (ROOT / path).read_text() == PAGES[path](), "run `make docs`"

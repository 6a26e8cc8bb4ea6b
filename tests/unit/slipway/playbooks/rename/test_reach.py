# ruff: noqa: E501  (sources are easier to read on one line)
"""How far a new name reaches: options, representations, documents, calls without annotations."""

from __future__ import annotations

from pathlib import Path

import pytest

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.rename import RenamePlaybook
from tests.unit.slipway.playbooks.workshop import REPOSITORY, Workshop, ticket, tree


def renamed(folder: Path, files: dict[str, str], summary: str, description: str = "") -> dict[str, str]:
    workshop = Workshop(folder, {REPOSITORY: tree(files)})
    workshop.solve(RenamePlaybook(), ticket(summary, description))
    return dict(workshop.trees[REPOSITORY])


RESIZE = (
    "def resize(image, sz=1):\n    return image * sz\n\n\ndef crop(image, sz=1):\n    return image * sz\n"
)


def test_a_parameter_changes_in_written_out_options_and_documents(tmp_path: Path) -> None:
    after = renamed(
        tmp_path,
        {
            "img.py": RESIZE,
            "test_img.py": 'from img import crop, resize\n\nSMALL = {"sz": 3}\n\n\ndef test_img():\n    assert resize(1, **{"sz": 2}) == 2\n    assert crop(1, **{"sz": 2}) == 2\n    assert resize(1, **SMALL) == 3\n',
            "README.md": "```python\nresize(max(1, 2), sz=64)\ncrop(1, sz=3)\n```\n",
        },
        "Rename the parameter `sz` of `resize` to `size`",
    )
    assert 'resize(1, **{"size": 2})' in after["test_img.py"]
    assert 'crop(1, **{"sz": 2})' in after["test_img.py"]
    assert 'SMALL = {"size": 3}' in after["test_img.py"]
    assert after["README.md"] == "```python\nresize(max(1, 2), size=64)\ncrop(1, sz=3)\n```\n"


def test_options_that_two_functions_share_go_to_a_person(tmp_path: Path) -> None:
    files = {
        "img.py": RESIZE
        + '\n\nBOTH = {"sz": 2}\n\n\ndef go():\n    return resize(1, **BOTH) + crop(1, **BOTH)\n'
    }
    with pytest.raises(NeedsHuman, match="BOTH"):
        renamed(tmp_path, files, "Rename the parameter `sz` of `resize` to `size`")


def test_a_representation_follows_the_class_only_where_it_names_it(tmp_path: Path) -> None:
    after = renamed(
        tmp_path,
        {
            "club.py": 'class Mngr:\n    def __repr__(self):\n        return f"Mngr({1})"\n\n    def title(self):\n        return "Mngr of the year"\n',
            "test_club.py": 'from club import Mngr\n\n\ndef test_it():\n    assert repr(Mngr()) == "Mngr(1)"\n    assert Mngr().title() == "Mngr of the year"\n',
        },
        "Rename class Mngr to Manager",
    )
    assert 'f"Manager({1})"' in after["club.py"]
    assert '"Mngr of the year"' in after["club.py"]
    assert '"Manager(1)"' in after["test_club.py"]
    assert "has_replaced" not in after["test_club.py"]


def test_a_parameter_without_annotation_is_what_the_calls_pass(tmp_path: Path) -> None:
    after = renamed(
        tmp_path,
        {
            "prices.py": 'class Prices:\n    def get(self, product):\n        return 1\n\n\ndef line(prices, notes):\n    return prices.get("a"), notes.get("b", 2)\n',
            "test_prices.py": "from prices import Prices, line\n\n\ndef test_line():\n    assert line(Prices(), {}) == (1, 2)\n",
            "README.md": '```python\nprices = Prices()\nprices.get("a")\nnotes.get("a")\n```\n',
        },
        "Prices.get() → price_of()",
        "It behaves unlike `dict.get`. Rename it.",
    )
    assert 'prices.price_of("a"), notes.get("b", 2)' in after["prices.py"]
    assert after["README.md"] == '```python\nprices = Prices()\nprices.price_of("a")\nnotes.get("a")\n```\n'

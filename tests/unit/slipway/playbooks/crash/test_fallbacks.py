"""A missing entry of a table falls back to another entry; an example's input is never a constant."""

from __future__ import annotations

from pathlib import Path

from slipway.playbooks.crash.playbook import CrashPlaybook
from tests.unit.slipway.playbooks.workshop import REPOSITORY, Workshop, ticket, tree

SIGNS = """
    SIGNS = {"paris": "Sortie {gate}", "london": "Doors {gate}"}


    def sign(city: str, gate: str) -> str:
        return SIGNS[city].format(gate=gate)
    """
TESTS = """
    from signs import sign


    def test_sign() -> None:
        assert sign("paris", "B12") == "Sortie B12"
    """
CRASH = """
    Traceback (most recent call last):
      File "/app/board.py", line 3, in <module>
        print(sign("oslo", "Gate7"))
      File "/app/signs.py", line 5, in sign
        return SIGNS[city].format(gate=gate)
    KeyError: 'oslo'

"""


def solved(folder: Path, expectation: str) -> str:
    workshop = Workshop(folder=folder, trees={REPOSITORY: tree({"signs.py": SIGNS, "test_signs.py": TESTS})})
    workshop.solve(CrashPlaybook(), ticket("Signs crash in Oslo", CRASH + expectation))
    return workshop.trees[REPOSITORY]["signs.py"]


def test_an_example_shows_which_entry_a_table_falls_back_to(tmp_path: Path) -> None:
    text = solved(tmp_path, '    `sign("oslo", "Gate7")` should return `"Doors Gate7"`.')
    assert 'SIGNS.get(city, SIGNS["london"])' in text.replace("'", '"')


def test_an_answer_made_of_the_input_is_written_from_the_input(tmp_path: Path) -> None:
    text = solved(tmp_path, '    `sign("oslo", "Gate7")` should return `"Portal Gate7"`.')
    assert "Gate7" not in text
    assert 'return f"Portal {gate}"' in text

"""Libraries are fetched once for each set, outside the sandbox, and what cannot be had is said."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from local.sandbox import Executor
from local.sandbox import libraries as preparing
from local.sandbox.environment import library_environment
from local.sandbox.libraries import Libraries, prepare, remember_organisation
from local.sandbox.wheels import Wheels
from tests.unit.local.sandbox.wheelhouse import add_wheel, serve, unplug


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    house = serve(monkeypatch, tmp_path)
    add_wheel(house, "gizmo", "1.0", needs=("gadget",))
    add_wheel(house, "gizmo", "2.0")
    add_wheel(house, "gadget", "3.0")
    return house


class Preparing:
    """`prepare` with a folder and the toolchain."""

    def __init__(self, root: Path, toolchain: Path) -> None:
        self.root, self.toolchain = root, toolchain

    def __call__(self, requirements: str, **more: str) -> Libraries:
        return prepare(self.root, {"requirements.txt": requirements, **more}, toolchain=self.toolchain)


@pytest.fixture
def prepared(tmp_path: Path, installed: Path, wheels: Path) -> Preparing:
    return Preparing(tmp_path / "libraries", installed)


def modules(found: Libraries) -> set[str]:
    assert found.folder is not None
    return {path.stem for path in found.folder.glob("*.py")}


def test_what_is_declared_is_there_with_what_it_needs(prepared: Preparing) -> None:
    found = prepared("gizmo==1.0\n")
    assert (modules(found), found.refused, found.remarks) == ({"gizmo", "gadget"}, {}, ())


def test_nothing_is_fetched_for_what_the_toolchain_has(
    prepared: Preparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wheels, "install", lambda *_, **__: pytest.fail("fetched"))
    assert prepared("pytest>=7\nrequests[socks]; python_version < '3'\n") == Libraries(None, {}, ())
    assert not prepared.root.exists()


def test_a_constraint_that_the_toolchain_breaks_is_reason_to_fetch(prepared: Preparing, wheels: Path) -> None:
    add_wheel(wheels, "click", "0.1")
    found = prepared("click\n", **{"constraints.txt": "click==0.1\n"})
    assert modules(found) == {"click"}


def test_the_same_set_is_fetched_once(prepared: Preparing, monkeypatch: pytest.MonkeyPatch) -> None:
    first = prepared("gizmo\ngadget\n")
    monkeypatch.setattr(Wheels, "install", lambda *_, **__: pytest.fail("fetched again"))
    assert prepared("gadget\n# the other way round\ngizmo\n") == first


def test_another_version_has_another_folder(prepared: Preparing) -> None:
    old, new = prepared("gizmo==1.0\n"), prepared("gizmo==2.0\n")
    assert old.folder != new.folder
    assert (modules(old), modules(new)) == ({"gizmo", "gadget"}, {"gizmo"})


def test_what_cannot_be_had_is_named_and_the_rest_is_there(prepared: Preparing) -> None:
    found = prepared("gizmo==1.0\ngizmo-extras\ngadget==99\n")
    assert modules(found) == {"gizmo", "gadget"}
    assert set(found.refused) == {"gizmo-extras", "gadget==99"}
    assert any(remark.startswith("gadget==99 cannot be had: ") for remark in found.remarks)


def test_a_source_distribution_is_not_built(prepared: Preparing, wheels: Path) -> None:
    (wheels / "bomb-1.0.tar.gz").write_bytes(b"")
    assert set(prepared("bomb\n").refused) == {"bomb"}


def test_refusals_are_asked_again_after_a_while(
    prepared: Preparing, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert prepared("gizmo==3.0\n").refused
    add_wheel(wheels, "gizmo", "3.0")
    assert prepared("gizmo==3.0\n").refused
    monkeypatch.setattr(preparing, "REFUSALS_HOLD_SECONDS", -1)
    assert modules(prepared("gizmo==3.0\n")) == {"gizmo"}


def test_the_organisations_projects_are_not_asked_of_an_index(prepared: Preparing) -> None:
    remember_organisation(prepared.root, {"Gizmo"})
    assert prepared("gizmo\n") == Libraries(None, {}, ())


def test_without_a_network_the_most_similar_set_serves(
    prepared: Preparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = prepared("gizmo==1.0\ngadget\n")
    prepared("gadget\n")
    unplug(monkeypatch)
    found = prepared("gizmo==2.0\ngadget\n")
    assert (found.folder, found.refused) == (before.folder, {})
    assert "gadget, gizmo==2.0 could not be fetched, no index was reached" in found.remarks[0]
    assert found.remarks[1] == "using what was prepared earlier for gadget, gizmo==1.0"


def test_without_a_network_and_anything_earlier_the_toolchain_is_left(
    prepared: Preparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    unplug(monkeypatch)
    found = prepared("gizmo\n")
    assert found.folder is None
    assert found.remarks[-1] == "nothing was prepared earlier: only the toolchain is there"


def test_an_interrupted_fetch_leaves_no_folder(prepared: Preparing, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Wheels, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepared("gizmo\n")
    assert [path for path in prepared.root.iterdir() if path.is_dir()] == []
    assert modules(prepared("gizmo\n")) == {"gizmo"}


def test_sets_that_nobody_asks_for_are_forgotten(
    prepared: Preparing, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = prepared("gizmo==1.0\n").folder
    assert old is not None
    (record,) = (path for path in prepared.root.glob("*.json"))
    os.utime(record, (1, 1))
    os.utime(old, (1, 1))
    monkeypatch.setattr(preparing, "KEPT_SETS", 1)
    new = prepared("gizmo==2.0\n").folder
    assert [path for path in prepared.root.iterdir() if path.is_dir()] == [new]


def test_a_command_imports_and_runs_them_read_only_after_its_own_paths(
    prepared: Preparing, executor: Executor, tmp_path: Path
) -> None:
    found = prepared("gizmo==1.0\n")
    assert found.folder is not None
    workspace = tmp_path / "work"
    (workspace / "mine").mkdir(parents=True)
    (workspace / "mine" / "gadget.py").write_text("__version__ = 'mine'\n")
    line = (
        "gizmo-tool && export PYTHONPATH=$PWD/mine && "
        "python -c 'import gizmo, gadget, pytest; print(gizmo.__version__, gadget.__version__)'"
        f"; touch {found.folder}/new 2>/dev/null || echo read-only"
    )
    done = executor.run(
        ["sh", "-c", line],
        workspace=workspace,
        env=library_environment(prepared.toolchain, [found.folder]),
        read_only={found.folder: str(found.folder)},
    )
    said = done.stdout.splitlines()
    assert said[:2] == ["gizmo 1.0", "1.0 mine"], done.stderr
    assert said[2:] == (["read-only"] if executor.isolates_files else [])


def test_the_records_say_what_was_prepared(prepared: Preparing) -> None:
    prepared("gizmo==2.0\n")
    (path,) = prepared.root.glob("*.json")
    assert json.loads(path.read_text())["requirements"] == ["gizmo==2.0"]

# ruff: noqa: E501  (sources and tickets are easier to read on one line)
"""Names that tickets want changed, in repositories of many shapes, proven for real."""

from __future__ import annotations

from pathlib import Path

import pytest

from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Ticket
from slipway.playbooks.rename import RenamePlaybook
from slipway.playbooks.rename.claim import Renaming, read
from tests.unit.slipway.playbooks.workshop import REPOSITORY, Workshop, discovery, ticket, tree

PYTEST = '[tool.pytest.ini_options]\npythonpath = ["src"]\n'
CASES: dict[str, tuple[dict[str, str], Ticket, dict[str, str], tuple[str, ...]]] = {
    "a function with relative imports and a re-export": (
        {
            "src/lib/__init__.py": 'from .core import fetch_all, other\n\n__all__ = ["fetch_all", "other"]\n',
            "src/lib/core.py": "def fetch_all():\n    return [1]\n\n\ndef other(fetch_all=3):\n    return fetch_all\n",
            "src/lib/use.py": "from . import core\nfrom .core import fetch_all as fa\nimport lib\n\n\ndef go():\n    return core.fetch_all() + fa() + lib.fetch_all()\n",
            "tests/test_lib.py": "from unittest import mock\nfrom lib import fetch_all\nfrom lib.use import go\n\n\ndef test_it():\n    assert fetch_all() == [1]\n    assert go() == [1, 1, 1]\n    with mock.patch('lib.core.fetch_all', return_value=[2]):\n        assert go() == [2, 1, 1]\n",
            "README.md": "Call `fetch_all()` to fetch all.\n",
            "pyproject.toml": PYTEST,
        },
        ticket("Rename fetch_all to load_everything"),
        {
            "src/lib/core.py": "def load_everything():\n    return [1]\n\n\ndef other(fetch_all=3):\n    return fetch_all\n",
            "README.md": "Call `load_everything()` to fetch all.\n",
        },
        ("fetch_all() ==",),
    ),
    "a class in annotations, quoted ones too": (
        {
            "shop.py": 'class Cust:\n    """A Cust."""\n\n    def copy(self) -> "Cust":\n        return Cust()\n\n\ndef of(x: "Cust | None" = None) -> Cust:\n    return x or Cust()\n',
            "test_shop.py": "import shop\n\n\ndef test_of():\n    assert isinstance(shop.of(), shop.Cust)\n",
        },
        ticket("`Cust` should be called `Customer`"),
        {"shop.py": 'class Customer:\n    """A Customer."""\n\n    def copy(self) -> "Customer":\n        return Customer()\n\n\ndef of(x: "Customer | None" = None) -> Customer:\n    return x or Customer()\n'},
        (),
    ),
    "a constant that is also a word elsewhere": (
        {
            "conf.py": "RETRIES = 3\n\n\ndef f():\n    global RETRIES\n    RETRIES += 1\n    return RETRIES\n",
            "other.py": "class A:\n    RETRIES = 9\n",
            "test_conf.py": "import conf\nfrom other import A\n\n\ndef test_c(monkeypatch):\n    monkeypatch.setattr(conf, 'RETRIES', 5)\n    assert conf.f() == 6\n    assert A.RETRIES == 9\n",
        },
        ticket("Rename the constant `RETRIES` in `conf` to `MAX_RETRIES`"),
        {"conf.py": "MAX_RETRIES = 3\n\n\ndef f():\n    global MAX_RETRIES\n    MAX_RETRIES += 1\n    return MAX_RETRIES\n"},
        (),
    ),
    "a method with an override in a subclass": (
        {
            "a.py": "class Base:\n    def calc(self):\n        return 1\n\n    def twice(self):\n        return self.calc() * 2\n\n\nclass Child(Base):\n    def calc(self):\n        return super().calc() + 1\n\n\ndef calc():\n    return 0\n",
            "test_a.py": "from a import Base, Child, calc\n\n\ndef test_a():\n    child = Child()\n    assert child.calc() == 2\n    assert Base().twice() == 2\n    assert calc() == 0\n",
        },
        ticket("Rename `Base.calc` to `compute`"),
        {"a.py": "class Base:\n    def compute(self):\n        return 1\n\n    def twice(self):\n        return self.compute() * 2\n\n\nclass Child(Base):\n    def compute(self):\n        return super().compute() + 1\n\n\ndef calc():\n    return 0\n"},
        (),
    ),
    "a method that another class has too": (
        {
            "b.py": "class One:\n    def run_it(self):\n        return 1\n\n\nclass Two:\n    def run_it(self):\n        return 2\n\n\ndef go(one: One, two: Two):\n    return one.run_it() + two.run_it()\n",
            "test_b.py": "from b import One, Two, go\n\n\ndef test_b():\n    one = One()\n    assert one.run_it() == 1\n    assert Two().run_it() == 2\n    assert go(one, Two()) == 3\n",
        },
        ticket("Rename the method `run_it` of class `One` to `execute`"),
        {"b.py": "class One:\n    def execute(self):\n        return 1\n\n\nclass Two:\n    def run_it(self):\n        return 2\n\n\ndef go(one: One, two: Two):\n    return one.execute() + two.run_it()\n"},
        (),
    ),
    "a parameter and its keywords": (
        {
            "m.py": 'def log(**kw): ...\n\n\ndef send(to, msg, *, retry_count=3):\n    """Send.\n\n    :param msg: the text\n    """\n    msg = msg.strip()\n    log(msg=msg)\n    return f"{to}{msg}{retry_count}"\n\n\ndef other(msg):\n    return send("x", msg=msg)\n',
            "test_m.py": "import m\n\n\ndef test_m():\n    assert m.send('a', msg=' b ') == 'ab3'\n    assert m.other(msg='c') == 'xc3'\n",
        },
        ticket("Rename parameter `msg` of `send` to `message`"),
        {"m.py": 'def log(**kw): ...\n\n\ndef send(to, message, *, retry_count=3):\n    """Send.\n\n    :param message: the text\n    """\n    message = message.strip()\n    log(msg=message)\n    return f"{to}{message}{retry_count}"\n\n\ndef other(msg):\n    return send("x", message=msg)\n'},
        (),
    ),
    "a field of a dataclass": (
        {
            "d.py": "from dataclasses import dataclass, replace\n\n\n@dataclass\nclass Point:\n    xx: int\n    yy: int = 0\n\n    def moved(self):\n        return replace(self, xx=self.xx + 1)\n",
            "test_d.py": "from d import Point\n\n\ndef test_d():\n    assert Point(xx=1).moved().xx == 2\n",
        },
        ticket("Rename the field `xx` of `Point` to `left`"),
        {"d.py": "from dataclasses import dataclass, replace\n\n\n@dataclass\nclass Point:\n    left: int\n    yy: int = 0\n\n    def moved(self):\n        return replace(self, left=self.left + 1)\n"},
        (),
    ),
    "several names in a table": (
        {"t.py": "def getX():\n    return 1\n\n\ndef getY():\n    return getX() + 1\n", "test_t.py": "from t import getX, getY\n\n\ndef test_t():\n    assert (getX(), getY()) == (1, 2)\n"},
        ticket("Rename to snake case", "| old | new |\n|---|---|\n| `getX` | `get_x` |\n| `getY` | `get_y` |\n"),
        {"t.py": "def get_x():\n    return 1\n\n\ndef get_y():\n    return get_x() + 1\n"},
        (),
    ),
    "an alias that warns": (
        {
            "src/old/__init__.py": "",
            "src/old/api.py": '"""Api."""\n\n\ndef run_all(items, *, limit=3):\n    """Run."""\n    return list(items)[:limit]\n',
            "tests/test_api.py": "from old.api import run_all\n\n\ndef test_api():\n    assert run_all([1], limit=2) == [1]\n",
            "pyproject.toml": PYTEST,
        },
        ticket("Rename `run_all` to `execute_all`", "Keep `run_all` as a deprecated alias for now."),
        {},
        (),
    ),
    "star imports and an entry point": (
        {
            "src/pk/__init__.py": "",
            "src/pk/cli.py": "def start_here():\n    return 0\n",
            "src/pk/all.py": "from pk.cli import *\n\n\ndef twice():\n    return start_here() + start_here()\n",
            "tests/test_pk.py": "from pk.all import twice\n\n\ndef test_pk():\n    assert twice() == 0\n",
            "pyproject.toml": f'[project.scripts]\npk = "pk.cli:start_here"\n\n{PYTEST}',
        },
        ticket("Rename start_here → main_entry", "Function in pk.cli, please rename."),
        {"src/pk/all.py": "from pk.cli import *\n\n\ndef twice():\n    return main_entry() + main_entry()\n", "pyproject.toml": f'[project.scripts]\npk = "pk.cli:main_entry"\n\n{PYTEST}'},
        (),
    ),
    "a parameter of one function, told before it, where others have it too": (
        {
            "lib/__init__.py": "",
            "lib/io.py": 'def load(path, mode="r"):\n    """Load.\n\n    :param mode: how\n    """\n    return path + mode\n\n\ndef save(path, mode="w"):\n    return load(path, mode=mode)\n\n\nclass Disk:\n    def __init__(self, mode):\n        self.mode = mode\n',
            "test_io.py": "from functools import partial\n\nfrom lib.io import Disk, load, save\n\nquick = partial(load, mode='q')\n\n\ndef test_io():\n    assert load('a', mode='b') == 'ab'\n    assert save('a', mode='b') == 'ab'\n    assert quick('a') == 'aq'\n    assert Disk(mode='x').mode == 'x'\n",
        },
        ticket("io: clearer names", "In `lib.io.load` please rename the argument `mode` to `access`. `save` keeps `mode`."),
        {"lib/io.py": 'def load(path, access="r"):\n    """Load.\n\n    :param access: how\n    """\n    return path + access\n\n\ndef save(path, mode="w"):\n    return load(path, access=mode)\n\n\nclass Disk:\n    def __init__(self, mode):\n        self.mode = mode\n'},
        ("load('a', mode",),
    ),
    "a function where the file decides between two, without an alias": (
        {
            "one/__init__.py": "",
            "one/text.py": "def tidy(x):\n    return x.strip()\n",
            "two/__init__.py": "",
            "two/text.py": "def tidy(x):\n    return x.lower()\n",
            "test_text.py": "from one import text as first\nfrom two import text as second\n\n\ndef test_tidy():\n    assert first.tidy(' A') == 'A'\n    assert second.tidy('A') == 'a'\n",
        },
        ticket("Names", "Rename the function `tidy` in two/text.py to `lowered`. You need not keep a deprecated alias."),
        {"two/text.py": "def lowered(x):\n    return x.lower()\n", "one/text.py": "def tidy(x):\n    return x.strip()\n"},
        (),
    ),
    "a method whose name sets and others have too": (
        {
            "shelf.py": "class Shelf:\n    def __init__(self, log):\n        self.seen = set()\n        self.log = log\n\n    def discard(self, book, reason):\n        self.seen.discard(book)\n        self.log.discard(book)\n        return book\n\n    def empty(self, books):\n        todo = {book for book in books}\n        todo.discard('')\n        return [self.discard(book, 'old') for book in sorted(todo)]\n\n\nclass Locked(Shelf):\n    def discard(self, book, reason):\n        return super().discard(book, reason) + '!'\n\n\nclass Log:\n    def discard(self, line):\n        return None\n",
            "test_shelf.py": "from shelf import Locked, Log\n\n\ndef test_shelf():\n    assert Locked(Log()).empty(['b', 'a', '']) == ['a!', 'b!']\n",
        },
        ticket("Rename the method `Shelf.discard` to `Shelf.weed`", "`Log.discard` stays."),
        {"shelf.py": "class Shelf:\n    def __init__(self, log):\n        self.seen = set()\n        self.log = log\n\n    def weed(self, book, reason):\n        self.seen.discard(book)\n        self.log.discard(book)\n        return book\n\n    def empty(self, books):\n        todo = {book for book in books}\n        todo.discard('')\n        return [self.weed(book, 'old') for book in sorted(todo)]\n\n\nclass Locked(Shelf):\n    def weed(self, book, reason):\n        return super().weed(book, reason) + '!'\n\n\nclass Log:\n    def discard(self, line):\n        return None\n"},
        (),
    ),
    "a class in a document's literal blocks, not in its sentences": (
        {
            "post.py": "class Box:\n    size = 1\n",
            "other.py": "class Ware:\n    class Box:\n        size = 2\n",
            "test_post.py": "from other import Ware\nfrom post import Box\n\n\ndef test_sizes():\n    assert (Box.size, Ware.Box.size) == (1, 2)\n",
            "docs/use.rst": "Use\n===\n\nBox sizes vary. Like this::\n\n    from post import Box\n\n    Box.size\n\nBox it, with ``post.Box`` but not ``Ware.Box``.\n\n.. code-block:: python\n\n    box = Box()\n",
            "PLAN.md": "Rename `Box` to `Parcel`.\n",
        },
        ticket("Rename class `post.Box` to `Parcel`"),
        {
            "docs/use.rst": "Use\n===\n\nBox sizes vary. Like this::\n\n    from post import Parcel\n\n    Parcel.size\n\nBox it, with ``post.Parcel`` but not ``Ware.Box``.\n\n.. code-block:: python\n\n    box = Parcel()\n",
            "other.py": "class Ware:\n    class Box:\n        size = 2\n",
            "PLAN.md": "Rename `Box` to `Parcel`.\n",
        },
        (),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_name_changes_wherever_it_is_meant(name: str, tmp_path: Path) -> None:
    files, asked, expected, gone = CASES[name]
    workshop = Workshop(tmp_path, {REPOSITORY: tree(files)})
    workshop.solve(RenamePlaybook(), asked)
    after = workshop.trees[REPOSITORY]
    for path, text in expected.items():
        assert after[path] == text
    for text in gone:
        assert not any(text in each for each in after.values())


def test_an_alias_passes_on_and_warns(tmp_path: Path) -> None:
    files, asked, _, _ = CASES["an alias that warns"]
    workshop = Workshop(tmp_path, {REPOSITORY: tree(files)})
    workshop.solve(RenamePlaybook(), asked)
    script = "import warnings; warnings.simplefilter('error'); from old.api import run_all; run_all([1])"
    seen = workshop.run(REPOSITORY, f'python -c "{script}"', {})
    assert "DeprecationWarning: run_all is deprecated, use execute_all" in seen.output


def test_the_defining_repository_comes_first_and_others_follow(tmp_path: Path) -> None:
    trees = {
        "acme/app": tree(
            {
                "app.py": "from coins.money import to_cents\n\n\ndef price():\n    return to_cents(1)\n",
                "test_app.py": "import app\n\n\ndef test_price(monkeypatch):\n    assert app.price() == 100\n    monkeypatch.setattr('app.to_cents', lambda _: 5)\n    assert app.price() == 5\n",
                ".slipway.yml": "version: 1\ntest: python -m pytest -q\ndepends_on: [acme/lib]\n",
            }
        ),
        "acme/lib": tree(
            {
                "coins/__init__.py": "",
                "coins/money.py": "def to_cents(x):\n    return x * 100\n",
                "tests/test_money.py": "def test_nothing():\n    assert True\n",
            }
        ),
        "acme/unrelated": tree({"x.py": "def to_cents(y):\n    return y\n"}),
    }  # fmt: skip
    workshop = Workshop(tmp_path, trees)
    items = workshop.solve(RenamePlaybook(), ticket("Rename `coins.money.to_cents` to `as_cents`"))
    assert [item.repository for item in items] == ["acme/lib", "acme/app"]
    assert "to_cents" not in workshop.trees["acme/app"]["app.py"]
    assert "'app.as_cents'" in workshop.trees["acme/app"]["test_app.py"]
    assert workshop.trees["acme/unrelated"] == trees["acme/unrelated"]


@pytest.mark.parametrize(
    ("said", "keeps"),
    [
        ("Keep the old name as a deprecated alias.", True),
        ("Do not break backwards compatibility.", True),
        ("Without breaking backwards compatibility, please.", True),
        ("We don't want a deprecated alias left behind.", False),
        ("No alias needed, nothing is deprecated.", False),
        ("Don't leave the old name as an alias.", False),
    ],
)
def test_an_alias_is_kept_when_it_is_asked_for(said: str, keeps: bool) -> None:
    claim = read(ticket("Rename `a_b` to `c_d`", said))
    assert claim is not None
    assert claim.keeps_alias is keeps


def refusal(asked: Ticket, files: dict[str, str]) -> str:
    playbook = RenamePlaybook()
    claim = playbook.recognise(asked)
    assert claim is not None
    trees = {REPOSITORY: tree(files)}
    with pytest.raises(NeedsHuman) as refused:
        playbook.draft(claim, ticket=asked, discovery=discovery(asked, trees), trees=trees)
    return str(refused.value)


@pytest.mark.parametrize(
    ("asked", "files", "reason"),
    [
        (ticket("Rename `f` to `g`"), {"a.py": "def f(): ...\ndef g(): ...\n"}, "collide"),
        (ticket("Rename `nothing` to `g`"), {"a.py": "def f(): ...\n"}, "no definition"),
        (ticket("Rename `f` to `g`"), {"a.py": "def f(): ...\n", "b.py": "def f(): ...\n"}, "could mean 2 things"),
        (ticket("Rename `f` to `g`"), {"a.py": "def f(): ...\n", ".slipway.yml": "version: 1\nprotected: [a.py]\n"}, "protected"),
        (ticket("Rename `C.get` to `fetch`"), {"a.py": "class C:\n    def get(self): ...\n\n\ndef use(x):\n    return x.get()\n"}, "a.py:6"),
        (ticket("Rename `C.add` to `put`"), {"a.py": "class C:\n    def add(self, x): ...\n\n\nclass D:\n    def add(self, x): ...\n\n\ndef use(x):\n    return x.add(1)\n"}, "a.py:10"),
        (ticket("Rename `C.add` to `put`"), {"a.py": "class C:\n    def add(self, x): ...\n\n\nThing = C\n\n\ndef use(x: Thing):\n    return x.add(1)\n"}, "a.py:9"),
    ],
)  # fmt: skip
def test_what_reading_cannot_decide_goes_to_a_person(
    asked: Ticket, files: dict[str, str], reason: str
) -> None:
    assert reason in refusal(asked, files)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rename the function `a_b` in the `util` module to `c_d`", Renaming(old="a_b", new="c_d", kind="function", owner="util")),
        ("Please rename class OldName to NewName", Renaming(old="OldName", new="NewName", kind="class")),
        ("`x_y` should be renamed to `z`", Renaming(old="x_y", new="z")),
        ("Rename get_user() into fetch_user()", Renaming(old="get_user", new="fetch_user")),
        ("Rename argument `size` of shapes.draw.circle to `radius`", Renaming(old="size", new="radius", kind="parameter", owner="shapes.draw.circle")),
        ("Rename the report to summary", None),
        ("The greeting → a farewell", None),
    ],
)  # fmt: skip
def test_the_two_names_are_read(text: str, expected: Renaming | None) -> None:
    claim = read(ticket(text))
    assert (claim.renamings[0] if claim else None) == expected

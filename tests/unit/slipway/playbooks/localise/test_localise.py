"""Which repositories and files a ticket is about, by its words alone."""

from __future__ import annotations

import pytest

from slipway.playbooks.localise import rank
from slipway.playbooks.localise.words import words

SHOP = {
    "src/shop/basket.py": "class Basket:\n    def add_item(self, item): ...\n    def total(self): ...\n",
    "src/shop/taxes.py": "TAX_RATE = 19\n\ndef tax_of(amount):\n    return amount * TAX_RATE / 100\n",
    "src/shop/__init__.py": "from shop.basket import Basket\n",
    "tests/test_taxes.py": "from shop.taxes import tax_of\n\ndef test_tax():\n    assert tax_of(100) == 19\n",
    "pyproject.toml": "[project]\nname = 'shop'\ndependencies = ['httpx==0.27']\n",
}
MAIL = {
    "mailer/send.py": "def send_letter(address, body):\n    connect(address)\n",
    "mailer/retry.py": "MAX_RETRIES = 3\n\ndef retry(call):\n    for _ in range(MAX_RETRIES): call()\n",
    "tests/test_send.py": "from mailer.send import send_letter\n",
}
TREES = {"acme/shop": SHOP, "acme/mail": MAIL}


def best(text: str) -> tuple[str, str]:
    ranked = rank(text, TREES)
    return ranked[0].name, ranked[0].files[0][0]


@pytest.mark.parametrize(
    ("text", "repository", "path"),
    [
        ("The tax rate is wrong\nIt should be 20.", "acme/shop", "src/shop/taxes.py"),
        ("Retry letters more often", "acme/mail", "mailer/retry.py"),
        ("Please look at `send_letter`", "acme/mail", "mailer/send.py"),
        ("Rename Basket.add_item to put", "acme/shop", "src/shop/basket.py"),
        ("`mailer.retry` never stops", "acme/mail", "mailer/retry.py"),
        ("Something in src/shop/basket.py", "acme/shop", "src/shop/basket.py"),
        (
            'It fails\n  File "/srv/app/mailer/send.py", line 2, in send_letter\nOSError: no route',
            "acme/mail",
            "mailer/send.py",
        ),
    ],
)
def test_what_a_text_names_comes_first(text: str, repository: str, path: str) -> None:
    assert best(text) == (repository, path)


def test_files_are_sorted_by_what_they_are_for() -> None:
    kinds = {path: kind for path, kind, _ in rank("tax_of and httpx in pyproject.toml", TREES)[0].files}
    assert kinds["src/shop/taxes.py"] == "source"
    assert kinds["tests/test_taxes.py"] == "test"
    assert kinds["pyproject.toml"] == "config"


def test_the_test_of_a_relevant_file_comes_before_other_tests() -> None:
    trees = {"a/b": {**SHOP, "tests/test_basket.py": "def test_nothing(): ...\n"}}
    tests = [path for path, kind, _ in rank("Basket loses an item", trees)[0].files if kind == "test"]
    assert tests[0] == "tests/test_basket.py"


def test_scores_lie_between_nothing_and_all() -> None:
    for each in rank("tax rate of shop in src/shop/taxes.py", TREES):
        assert 0 <= each.score <= 1
        assert all(0 <= score <= 1 for _, _, score in each.files)


def test_a_repository_without_any_match_is_listed_last() -> None:
    ranked = rank("The tax rate is wrong", {**TREES, "acme/empty": {}})
    assert ranked[0].name == "acme/shop"
    assert {each.name: each.score for each in ranked}["acme/empty"] == 0


def test_naming_a_repository_raises_it() -> None:
    assert rank("Improve the mail repository", TREES)[0].name == "acme/mail"


def test_nothing_to_rank_is_no_failure() -> None:
    assert rank("anything", {}) == []


def test_identifiers_are_compared_in_parts() -> None:
    assert {"netprice", "net", "pric"} <= set(words("netPrice")) | {"netprice"}
    assert set(words("net_prices")) & set(words("NetPrice")) >= {"net", "pric"}

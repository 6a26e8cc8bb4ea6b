"""Questions that a developer of the sample organisation would ask, and the place that answers each.

The laptop's vectors know words only, so this is the floor; a language model's embeddings also know meanings.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from local import sample_org
from slipway.adapters.memory.platform import MemoryPlatform
from slipway.domain.knowledge import KnowledgeQuery
from slipway.services.search_knowledge import search_knowledge
from slipway.services.sync_knowledge import sync_knowledge
from tests.builders import a_platform

TOP = 3
PULL_REQUESTS = (
    (
        "notices",
        "src/notices/wording.py",
        "Fall back to English where a language has no texts",
        "Messages to Polish customers failed with KeyError: 'pl'. `greeting` now uses the English words for "
        "every locale without a translation, as `closing` did before.",
    ),
    (
        "loglens",
        "src/loglens/summary.py",
        "Count no requests as no errors",
        "The report of an empty log ended with ZeroDivisionError in `error_rate`. An empty list now has the "
        "rate 0.0.",
    ),
    (
        "orders",
        "src/orders/limits.py",
        "Allow 80 lines in an order",
        "Workshops order more different parts. Sales agreed to raise MAX_LINES_PER_ORDER from 50 to 80.",
    ),
    (
        "loglens",
        "constraints.txt",
        "Update click to 8.1.8",
        "Raises the pin in pyproject.toml and in constraints.txt, which must be the same.",
    ),
)
# Written before the vectors were, and not changed since: question, repository, path of the answer.
QUESTIONS = (
    ("Who decides about the limits for an order?", "orders", "docs/handbook.md"),
    ("Which languages are messages to customers written in?", "notices", "README.md"),
    ("What log format can be read, and is the duration of a request required?", "loglens", "README.md"),
    ("May amounts of money be floats?", "pricing", ".slipway.yml"),
    ("Where do words that customers read belong?", "notices", ".slipway.yml"),
    ("Is it fine to calculate a price in the orders repository?", "orders", ".slipway.yml"),
    ("In which files is the version of a dependency of loglens pinned?", "loglens", ".slipway.yml"),
    ("Which other repositories use net_price?", "pricing", "README.md"),
    ("How do I check out the pricing library to develop orders?", "orders", "README.md"),
    ("How do I load a catalog of prices from CSV?", "pricing", "README.md"),
    ("Who reads the message of BasketRefused?", "orders", ".slipway.yml"),
    ("How do I run the tests of notices?", "notices", "README.md"),
    ("KeyError because a locale has no translation", "notices", "pull/1"),
    ("division by zero when the log is empty", "loglens", "pull/1"),
    ("Was the limit of lines raised before?", "orders", "pull/1"),
    ("bump the pinned version of click", "loglens", "pull/2"),
)


def texts_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def organisation() -> MemoryPlatform:
    platform = a_platform()
    forge = platform.forge
    for folder in sample_org.repositories():
        forge.commit(f"acme/{folder.name}", "main", texts_of(folder), message="start")
    for number, (name, path, title, body) in enumerate(PULL_REQUESTS):
        repository, branch = f"acme/{name}", f"feature/eng-{number}"
        forge.commit(repository, branch, {path: f"# {number}\n"}, message=title)
        forge.merge(repository, forge.open_pull_request(repository, branch).number, title=title, body=body)
    sync_knowledge(platform)
    return platform


@pytest.mark.parametrize(("question", "repository", "path"), QUESTIONS)
def test_the_answer_is_among_the_first_three(
    organisation: MemoryPlatform, question: str, repository: str, path: str
) -> None:
    found = search_knowledge(KnowledgeQuery(text=question, limit=TOP), organisation)
    assert (f"acme/{repository}", path) in [(each.passage.repository, each.passage.path) for each in found]

"""The example of the guide is a configuration that Slipway reads."""

from __future__ import annotations

import re
from pathlib import Path

from slipway.domain.repository_config import parse

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "repository.md"


def test_the_example_is_valid_and_sets_what_it_says() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    config = parse(example)
    assert config.test == ("python -m pytest -q",)
    assert config.protects("migrations/0001.sql")
    assert config.branch == "{ticket_id}/{slug}"
    assert config.depends_on == ("acme/pricing",)

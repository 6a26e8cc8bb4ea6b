"""A token of the App's installation, made against a GitHub that gives them out."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from slipway.adapters.github.installation import installation_token
from slipway.domain.errors import NotFound
from tests.contract.outside import REPOSITORY, running_forge


def test_a_new_token_opens_the_repository(tmp_path: Path) -> None:
    with running_forge(tmp_path) as forge:
        connection = forge.secrets.github()
        token = installation_token(connection)
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx.get(f"{connection.api_url}/repos/{REPOSITORY}", headers=headers, verify=False)
        assert answer.json()["full_name"] == REPOSITORY
        with pytest.raises(NotFound):
            installation_token(connection.model_copy(update={"installation_id": "404"}))

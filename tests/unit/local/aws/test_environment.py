from __future__ import annotations

import re

from local.aws import environment
from local.aws.configuration import MINISTACK_VERSION


def test_the_lock_holds_the_one_ministack_with_hashes_and_no_index() -> None:
    lock = environment.LOCK.read_text()
    assert f"ministack=={MINISTACK_VERSION} " in lock
    assert "index-url" not in lock
    packages = re.findall(r"^[a-z0-9-]+==", lock, flags=re.MULTILINE)
    assert lock.count("--hash=sha256:") >= len(packages) > 10

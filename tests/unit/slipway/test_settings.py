"""Every variable of a process has its one name and comes back as it was written."""

from __future__ import annotations

from slipway.settings import Settings


def test_what_a_stack_writes_is_what_a_process_reads() -> None:
    written = Settings(environment="dev", model_provider="openai", model_id="qwen3", max_running_tasks=3)
    env = written.to_env()
    assert env == {
        "SLIPWAY_ENVIRONMENT": "dev",
        "SLIPWAY_MODEL_PROVIDER": "openai",
        "SLIPWAY_MODEL_ID": "qwen3",
        "SLIPWAY_MAX_RUNNING_TASKS": "3",
    }
    assert Settings.from_env({**env, "PATH": "/bin"}) == written

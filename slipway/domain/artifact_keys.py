"""Where each body of a task lives in the artifacts bucket; the only place that spells these keys."""

from __future__ import annotations


def ticket(task_id: str) -> str:
    """The ticket as accepted (JSON of `Ticket`)."""
    return f"tasks/{task_id}/ticket.json"


def delivery(task_id: str) -> str:
    """The raw verified delivery that caused the task."""
    return f"tasks/{task_id}/delivery.json"


def run_request(task_id: str, step: str, attempt: int) -> str:
    """The agent's request (JSON of its request contract)."""
    return f"tasks/{task_id}/runs/{step}-{attempt}/request.json"


def run_result(task_id: str, step: str, attempt: int) -> str:
    """JSON of `RunRecord`."""
    return f"tasks/{task_id}/runs/{step}-{attempt}/result.json"


def run_transcript(task_id: str, step: str, attempt: int) -> str:
    """JSON lines: the messages and tool calls of the run, redacted."""
    return f"tasks/{task_id}/runs/{step}-{attempt}/transcript.jsonl"


def snapshot(repository: str, sha: str) -> str:
    """A repository's tree at a commit, tar.gz with files at the root."""
    return f"snapshots/{repository}/{sha}.tar.gz"

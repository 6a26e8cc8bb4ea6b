"""Sandboxes on AgentCore Code Interpreter, one session each; files travel as bytes."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

import boto3
from botocore.config import Config

from slipway.adapters.aws.failures import mapped
from slipway.domain.errors import NotFound, Permanent, UpstreamUnavailable
from slipway.ports.sandbox import CommandResult

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore import BedrockAgentCoreClient
    from mypy_boto3_bedrock_agentcore.literals import ToolNameType
    from mypy_boto3_bedrock_agentcore.type_defs import (
        CodeInterpreterResultTypeDef,
        InputContentBlockTypeDef,
        ResourceContentTypeDef,
        ToolArgumentsTypeDef,
    )

LONGEST_COMMAND_SECONDS = 840
KILL_GRACE_SECONDS = 5
TIMEOUT_EXIT_CODES = frozenset({124, 137})
MAX_BATCH_BYTES = 8_000_000
MAX_BATCH_FILES = 200
# A command that was sent must not be sent again by a retry, and its answer may take as long as its own limit.
PATIENT = Config(
    connect_timeout=3, read_timeout=LONGEST_COMMAND_SECONDS + 60, retries={"total_max_attempts": 1}
)


@dataclass(frozen=True)
class CodeInterpreterSandboxes:
    """Opens sessions of the code interpreter with this identifier."""

    identifier: str

    @cached_property
    def client(self) -> BedrockAgentCoreClient:
        """Endpoint, region and credentials come from the environment."""
        return boto3.client("bedrock-agentcore", config=PATIENT)

    def open(self, *, name: str, timeout_seconds: int) -> CodeInterpreterSandbox:
        """See `Sandboxes.open`."""
        with mapped(f"starting a sandbox for {name}"):
            session = self.client.start_code_interpreter_session(
                codeInterpreterIdentifier=self.identifier,
                name=name[:100],
                sessionTimeoutSeconds=timeout_seconds,
            )
        return CodeInterpreterSandbox(
            self.client, identifier=self.identifier, session_id=session["sessionId"]
        )


class CodeInterpreterSandbox:
    """One session; see `Sandbox`."""

    def __init__(self, client: BedrockAgentCoreClient, *, identifier: str, session_id: str) -> None:
        """The session was started already."""
        self._client = client
        self._identifier = identifier
        self._session_id = session_id
        self._open = True

    def upload(self, files: Mapping[str, bytes]) -> None:
        """See `Sandbox.upload`."""
        for batch in _batches(files):
            blocks: list[InputContentBlockTypeDef] = [
                {"path": path, "blob": content} for path, content in batch.items()
            ]
            self._done(self._invoke("writeFiles", {"content": blocks}), doing="writing files")

    def remove(self, paths: Sequence[str]) -> None:
        """See `Sandbox.remove`."""
        if paths:
            self._done(self._invoke("removeFiles", {"paths": list(paths)}), doing=f"removing {_named(paths)}")

    def run(self, command: Sequence[str] | str, *, timeout_seconds: int) -> CommandResult:
        """See `Sandbox.run`; the clock runs inside, so that what was printed until then is still shown."""
        if not 0 < timeout_seconds <= LONGEST_COMMAND_SECONDS:
            raise ValueError(f"a command may take 1 to {LONGEST_COMMAND_SECONDS} s, not {timeout_seconds}")
        line = command if isinstance(command, str) else shlex.join(command)
        timed = ["timeout", "-k", str(KILL_GRACE_SECONDS), str(timeout_seconds), "sh", "-c", line]
        result = self._invoke("executeCommand", {"command": shlex.join(timed)})
        seen = result.get("structuredContent", {})
        if "exitCode" not in seen:
            raise Permanent(f"sandbox {self._session_id} could not run a command: {_text(result)}")
        seconds = float(seen.get("executionTime", 0.0))
        return CommandResult(
            command=line,
            exit_code=seen["exitCode"],
            stdout=seen.get("stdout", ""),
            stderr=seen.get("stderr", ""),
            duration_seconds=seconds,
            timed_out=seen["exitCode"] in TIMEOUT_EXIT_CODES and math.ceil(seconds) >= timeout_seconds,
        )

    def read(self, paths: Sequence[str]) -> dict[str, bytes]:
        """See `Sandbox.read`."""
        if not paths:
            return {}
        result = self._invoke("readFiles", {"paths": list(paths)})
        self._done(result, doing=f"reading {_named(paths)}")
        resources = [block["resource"] for block in result["content"] if "resource" in block]
        found = {path: content for path in paths if (content := _content_of(path, resources)) is not None}
        if missing := [path for path in paths if path not in found]:
            raise NotFound(f"sandbox {self._session_id} has no file {_named(missing)}")
        return found

    def close(self) -> None:
        """See `Sandbox.close`."""
        if self._open:
            self._open = False
            with mapped(f"stopping sandbox {self._session_id}"):
                self._client.stop_code_interpreter_session(
                    codeInterpreterIdentifier=self._identifier, sessionId=self._session_id
                )

    def __enter__(self) -> Self:
        """The sandbox itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def _invoke(self, tool: ToolNameType, arguments: ToolArgumentsTypeDef) -> CodeInterpreterResultTypeDef:
        with mapped(f"{tool} in sandbox {self._session_id}"):
            answer = self._client.invoke_code_interpreter(
                codeInterpreterIdentifier=self._identifier,
                sessionId=self._session_id,
                name=tool,
                arguments=arguments,
            )
            with closing(answer["stream"]) as events:
                for event in events:
                    if "result" in event:
                        return event["result"]
        raise UpstreamUnavailable(f"{tool} in sandbox {self._session_id} ended without a result")

    def _done(self, result: CodeInterpreterResultTypeDef, *, doing: str) -> None:
        if not result.get("isError"):
            return
        text = _text(result)
        missing = any(words in text.lower() for words in ("not found", "no such file", "does not exist"))
        raise (NotFound if missing else Permanent)(f"{doing} in sandbox {self._session_id} failed: {text}")


def _batches(files: Mapping[str, bytes]) -> Iterator[dict[str, bytes]]:
    """Parts of the files that fit into one call each."""
    batch: dict[str, bytes] = {}
    size = 0
    for path, content in files.items():
        if batch and (size + len(content) > MAX_BATCH_BYTES or len(batch) == MAX_BATCH_FILES):
            yield batch
            batch, size = {}, 0
        batch[path] = content
        size += len(content)
    if batch:
        yield batch


def _content_of(path: str, resources: Sequence[ResourceContentTypeDef]) -> bytes | None:
    """The service names files by absolute paths of its own: the shortest that ends in ours is ours."""
    ending = [each for each in resources if _uri_path(each).endswith(f"/{path}")]
    if not ending:
        return None
    resource = min(ending, key=lambda each: len(_uri_path(each)))
    return resource["blob"] if "blob" in resource else resource.get("text", "").encode()


def _uri_path(resource: ResourceContentTypeDef) -> str:
    return "/" + resource.get("uri", "").removeprefix("file://").lstrip("/")


def _text(result: CodeInterpreterResultTypeDef) -> str:
    return " ".join(block["text"] for block in result.get("content", []) if "text" in block)[:1000]


def _named(paths: Iterable[str]) -> str:
    shown = sorted(paths)
    return ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")

"""The outside world of an evaluation: a forge that refuses nothing, a tracker and their tools' names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import mcp.types as mcp_types
from pydantic import JsonValue, TypeAdapter

from local.gateway.tools import Invocation, Result, failure, success
from slipway.adapters.memory.forge import MemoryForge
from slipway.domain.errors import SlipwayError

Arguments = Mapping[str, JsonValue]
_FILES = TypeAdapter(list[dict[str, str]])


@dataclass(frozen=True)
class Tools:
    """One remote MCP server: tool names to what they do."""

    by_name: Mapping[str, Callable[[Arguments], JsonValue | Result]]

    def tools(self) -> Sequence[mcp_types.Tool]:
        """Loosely described: these servers check nothing."""
        schema: dict[str, JsonValue] = {
            "type": "object",
            "properties": {"commentBody": {"type": "string"}, "contentFormat": {"type": "string"}},
        }
        return [
            mcp_types.Tool(name=name, description=name, input_schema=dict(schema)) for name in self.by_name
        ]

    async def call(self, invocation: Invocation, arguments: Arguments) -> Result:
        """Carry out one tool."""
        tool = self.by_name.get(invocation.tool)
        if tool is None:
            return failure(f"Unknown tool: {invocation.tool}")
        try:
            answer = tool(arguments)
        except SlipwayError as error:
            return failure(f"{error}: 404 Not Found")
        return answer if isinstance(answer, Result) else success(answer)


@dataclass
class Outside:
    """Everything that an attack may plant its text in, and everything that may be harmed."""

    forge: MemoryForge
    job_log: str = ""
    issue: dict[str, JsonValue] = field(default_factory=dict)
    hits: list[JsonValue] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    """Texts that were published besides commits: comments and pull requests."""

    def github(self) -> Tools:
        """The forge's tools: those that agents use, and some that they must not."""
        return Tools(
            {
                "list_commits": self._list_commits,
                "create_branch": lambda a: self._commit(
                    a, {}, "branch", base=str(a.get("from_branch", "main"))
                ),
                "push_files": self._push_files,
                "delete_file": lambda a: self._commit(a, {str(a["path"]): None}, str(a["message"])),
                "create_or_update_file": lambda a: self._commit(
                    a, {str(a["path"]): str(a["content"])}, str(a["message"])
                ),
                "get_file_contents": self._file,
                "search_code": lambda _: {"total_count": len(self.hits), "items": [*self.hits]},
                "search_repositories": lambda _: {
                    "items": [{"full_name": name, "archived": False} for name in self.forge.repositories()]
                },
                "get_repository_tree": lambda _: {"tree": []},
                "list_pull_requests": lambda _: [],
                "create_pull_request": self._open_pull,
                "merge_pull_request": self._merge,
                "get_job_logs": lambda a: {"job_id": a.get("job_id"), "logs_content": self.job_log},
                "actions_list": lambda _: {"workflow_runs": []},
                "actions_get": lambda _: {},
            }
        )

    def jira(self) -> Tools:
        """The tracker's tools."""

        def comment(arguments: Arguments) -> JsonValue:
            self.sent.append(str(arguments.get("commentBody")))
            return {"id": "1"}

        return Tools({"getJiraIssue": lambda _: self.issue, "addOrEditJiraIssueComment": comment})

    def _name(self, arguments: Arguments) -> str:
        return f"{arguments['owner']}/{arguments['repo']}"

    def _list_commits(self, arguments: Arguments) -> JsonValue:
        repository = self._name(arguments)
        found: list[JsonValue] = []
        sha: str | None = self.forge.snapshot_ref(repository, str(arguments.get("sha") or "main"))[0]
        while sha:
            commit = self.forge.commits_by_sha[sha]
            found.append({"sha": sha, "commit": {"message": commit.message}})
            sha = commit.parent
        return found

    def _push_files(self, arguments: Arguments) -> JsonValue:
        files = {each["path"]: each["content"] for each in _FILES.validate_python(arguments["files"])}
        return self._commit(arguments, files, str(arguments["message"]))

    def _commit(
        self, arguments: Arguments, files: Mapping[str, str | None], message: str, *, base: str = "main"
    ) -> JsonValue:
        sha = self.forge.commit(
            self._name(arguments),
            str(arguments["branch"]),
            files,
            message=message,
            author=self.forge.bot,
            base=base,
        )
        return {"object": {"sha": sha}, "commit": {"sha": sha}}

    def _file(self, arguments: Arguments) -> Result:
        ref = str(arguments.get("ref") or "main").removeprefix("refs/heads/")
        text = self.forge.file(self._name(arguments), str(arguments["path"]), ref=ref)
        if text is None:
            return failure("the path does not point to a file: 404 Not Found")
        blob = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        parts = (f"successfully downloaded text file (SHA: {blob})", text)
        return Result(content=[mcp_types.TextContent(type="text", text=part) for part in parts])

    def _open_pull(self, arguments: Arguments) -> JsonValue:
        self.sent.append(json.dumps(dict(arguments)))
        view = self.forge.open_pull_request(self._name(arguments), str(arguments["head"]))
        return {"id": "1", "url": view.url}

    def _merge(self, arguments: Arguments) -> JsonValue:
        self.forge.merge(self._name(arguments), int(str(arguments["pullNumber"])), title="merged")
        return {"merged": True}

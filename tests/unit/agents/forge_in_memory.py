"""A forge and a tracker behind the gateway's official tool names, in memory, for tests of agents."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue, TypeAdapter
from strands.types.tools import ToolSpec

from slipway.adapters.memory.artifacts import MemoryArtifacts
from slipway.agentkit.gateway import Reply
from slipway.domain.artifact_keys import snapshot
from slipway.domain.errors import InvalidInput, NotFound, SlipwayError

Arguments = Mapping[str, JsonValue]
_ONLY_DESCRIBED = ("github___get_repository_tree", "jira___getJiraIssue", "knowledge___search")


@dataclass(frozen=True)
class MemoryCommit:
    """A commit with its whole tree."""

    sha: str
    message: str
    files: dict[str, str]


@dataclass
class MemoryRepository:
    """Branches, newest commit last, and pull requests."""

    branches: dict[str, list[MemoryCommit]]
    pulls: list[dict[str, JsonValue]] = field(default_factory=list)

    def commit(self, branch: str, files: Mapping[str, str | None], message: str) -> MemoryCommit:
        """Put one commit on a branch."""
        history = self.branches[branch]
        tree = {**(history[-1].files if history else {}), **files}
        kept = {path: text for path, text in tree.items() if text is not None}
        seed = f"{[each.sha for each in history]}{message}{sorted(kept.items())}"
        made = MemoryCommit(hashlib.sha1(seed.encode()).hexdigest(), message, kept)
        history.append(made)
        return made


@dataclass
class GatewayInMemory:
    """Answers tool calls as the official servers do; `calls` are the names in order."""

    artifacts: MemoryArtifacts
    repositories: dict[str, MemoryRepository] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    job_logs: dict[int, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    failing: dict[str, SlipwayError] = field(default_factory=dict)

    def add(self, name: str, files: Mapping[str, str]) -> MemoryRepository:
        """A repository with one commit on main."""
        repository = MemoryRepository({"main": []})
        repository.commit("main", files, "initial")
        self.repositories[name] = repository
        return repository

    def described(self) -> Mapping[str, ToolSpec]:
        """Every tool, loosely described."""
        comment = {"commentBody": {"type": "string"}, "contentFormat": {"type": "string"}}
        return {
            name: {
                "name": name,
                "description": name,
                "inputSchema": {
                    "json": {"type": "object", "properties": comment if name.startswith("jira") else {}}
                },
            }
            for name in (*self._tools(), *_ONLY_DESCRIBED)
        }

    def call(self, name: str, arguments: Arguments) -> Reply:
        """Carry out one tool."""
        self.calls.append(name)
        if name in self.failing:
            raise self.failing[name]
        return self._tools()[name](arguments)

    def close(self) -> None:
        """Nothing is open."""

    def _tools(self) -> dict[str, Callable[[Arguments], Reply]]:
        return {
            "repositories___snapshot": self._snapshot,
            "github___search_repositories": self._search_repositories,
            "github___search_code": self._search_code,
            "github___list_commits": self._list_commits,
            "github___create_branch": self._create_branch,
            "github___push_files": self._push_files,
            "github___delete_file": self._delete_file,
            "github___get_file_contents": self._get_file,
            "github___create_or_update_file": self._write_file,
            "github___list_pull_requests": self._list_pulls,
            "github___create_pull_request": self._create_pull,
            "github___get_job_logs": self._job_logs,
            "github___actions_list": lambda arguments: _json({"workflow_runs": []}),
            "github___actions_get": lambda arguments: _json({}),
            "jira___addOrEditJiraIssueComment": self._comment,
        }

    def _of(self, arguments: Arguments) -> MemoryRepository:
        name = f"{arguments['owner']}/{arguments['repo']}"
        if name not in self.repositories:
            raise NotFound(f"{name}: 404 Not Found")
        return self.repositories[name]

    def _history(self, repository: MemoryRepository, ref: str) -> list[MemoryCommit]:
        name = ref.removeprefix("refs/heads/")
        if name in repository.branches:
            return repository.branches[name]
        for history in repository.branches.values():
            for index, commit in enumerate(history):
                if commit.sha == name:
                    return history[: index + 1]
        raise NotFound(f"{ref}: 404 Not Found")

    def _snapshot(self, arguments: Arguments) -> Reply:
        name = str(arguments["repository"])
        if name not in self.repositories:
            raise NotFound(f"{name}: 404 Not Found")
        commit = self._history(self.repositories[name], str(arguments.get("ref") or "main"))[-1]
        body = io.BytesIO()
        with tarfile.open(fileobj=body, mode="w:gz") as tar:
            for path, text in commit.files.items():
                info = tarfile.TarInfo(f"./{path}")
                info.size = len(text.encode())
                tar.addfile(info, io.BytesIO(text.encode()))
        key = snapshot(name, commit.sha)
        self.artifacts.put(key, body.getvalue())
        return _json({"key": key, "sha": commit.sha, "default_branch": "main"})

    def _search_repositories(self, arguments: Arguments) -> Reply:
        owner = re.findall(r"org:(\S+)", str(arguments["query"]))[0]
        items: list[JsonValue] = [
            {"full_name": name, "archived": False, "default_branch": "main"}
            for name in self.repositories
            if name.startswith(f"{owner}/")
        ]
        return _json({"total_count": len(items), "items": items})

    def _search_code(self, arguments: Arguments) -> Reply:
        term = str(arguments["query"]).partition(" org:")[0].strip('"')
        items: list[JsonValue] = [
            {"name": path.rpartition("/")[2], "path": path, "repository": name}
            for name, repository in self.repositories.items()
            for path, text in repository.branches["main"][-1].files.items()
            if term in text or term in path
        ]
        return _json({"total_count": len(items), "items": items})

    def _list_commits(self, arguments: Arguments) -> Reply:
        history = self._history(self._of(arguments), str(arguments.get("sha") or "main"))
        return _json([{"sha": each.sha, "commit": {"message": each.message}} for each in reversed(history)])

    def _create_branch(self, arguments: Arguments) -> Reply:
        repository, branch = self._of(arguments), str(arguments["branch"])
        if branch in repository.branches:
            raise InvalidInput("422 Reference already exists")
        repository.branches[branch] = list(repository.branches[str(arguments["from_branch"])])
        return _json({"ref": f"refs/heads/{branch}"})

    def _push_files(self, arguments: Arguments) -> Reply:
        listed = TypeAdapter(list[dict[str, str]]).validate_python(arguments["files"])
        files = {each["path"]: each["content"] for each in listed}
        made = self._of(arguments).commit(str(arguments["branch"]), files, str(arguments["message"]))
        return _json({"ref": arguments["branch"], "object": {"sha": made.sha}})

    def _delete_file(self, arguments: Arguments) -> Reply:
        path = str(arguments["path"])
        made = self._of(arguments).commit(str(arguments["branch"]), {path: None}, str(arguments["message"]))
        return _json({"commit": {"sha": made.sha}, "content": None})

    def _get_file(self, arguments: Arguments) -> Reply:
        files = self._history(self._of(arguments), str(arguments.get("ref") or "main"))[-1].files
        path = str(arguments["path"])
        if path not in files:
            raise NotFound(f"{path}: 404 Not Found")
        blob = hashlib.sha1(files[path].encode()).hexdigest()
        return Reply((f"successfully downloaded text file (SHA: {blob})", files[path]))

    def _write_file(self, arguments: Arguments) -> Reply:
        made = self._of(arguments).commit(
            str(arguments["branch"]),
            {str(arguments["path"]): str(arguments["content"])},
            str(arguments["message"]),
        )
        return _json({"content": {}, "commit": {"sha": made.sha}})

    def _list_pulls(self, arguments: Arguments) -> Reply:
        branch = str(arguments["head"]).partition(":")[2]
        return _json([pull for pull in self._of(arguments).pulls if pull["head"]["ref"] == branch])  # type: ignore[index, call-overload]  # test data

    def _create_pull(self, arguments: Arguments) -> Reply:
        repository = self._of(arguments)
        number = len(repository.pulls) + 1
        url = f"http://forge.test/{arguments['owner']}/{arguments['repo']}/pull/{number}"
        repository.pulls.append(
            {
                "number": number,
                "html_url": url,
                "title": arguments["title"],
                "body": arguments["body"],
                "draft": arguments["draft"],
                "head": {"ref": arguments["head"], "sha": ""},
                "base": {"ref": arguments["base"], "sha": ""},
            }
        )
        return _json({"id": "1", "url": url})

    def _job_logs(self, arguments: Arguments) -> Reply:
        job = int(str(arguments["job_id"]))
        return _json({"job_id": job, "logs_content": self.job_logs[job]})

    def _comment(self, arguments: Arguments) -> Reply:
        self.comments.append(str(arguments["commentBody"]))
        return _json({"id": "10"})


def _json(value: JsonValue) -> Reply:
    return Reply((json.dumps(value),))

"""A started forge, the people and the App that use it, and a receiver of its webhooks."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx
from github import Auth, Github, GithubIntegration
from github.Repository import Repository as RemoteRepository
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from local import double
from local.forge.actions.runner import Runner
from local.forge.app import create_app
from local.forge.forge import Forge, Settings

SECRET = "It's a Secret to Everybody"
DEADLINE_SECONDS = 60.0
ResultT = TypeVar("ResultT")


@dataclass
class Receiver:
    """Keeps every delivery, and answers with the next of `answers`, then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    deliveries: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    def application(self, url: str) -> Starlette:
        self.url = f"{url}/hook"

        async def take(request: Request) -> Response:
            self.deliveries.append((dict(request.headers), await request.body()))
            return PlainTextResponse("seen", status_code=self.answers.pop(0) if self.answers else 200)

        return Starlette(routes=[Route("/hook", take, methods=["POST"])])

    def names(self) -> list[str]:
        """The events in the order in which they came, as `event.action`."""
        return [
            ".".join(filter(None, [headers["x-github-event"], json.loads(body).get("action")]))
            for headers, body in self.deliveries
        ]


@dataclass
class World:
    """A forge with an administrator and an App."""

    url: str
    forge: Forge
    http: httpx.Client
    token: str
    app_id: int
    installation_id: int
    private_key: str
    stack: contextlib.ExitStack

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def import_files(self, name: str, files: Mapping[str, str], *, protected: bool = True) -> None:
        source = self.forge.settings.state.parent / f"source-{name.replace('/', '-')}"
        for path, text in files.items():
            target = source / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        owner, _, short = name.partition("/")
        asked = {"owner": owner, "name": short, "source": str(source), "protected": protected}
        self.http.post("/_admin/repositories", json=asked).raise_for_status()

    def client(self, token: str) -> Github:
        return self.stack.enter_context(
            contextlib.closing(
                Github(
                    auth=Auth.Token(token),
                    base_url=f"{self.url}/api/v3",
                    seconds_between_requests=None,
                    seconds_between_writes=None,
                    retry=None,
                )
            )
        )

    def person(self, login: str, permission: str = "write") -> Github:
        answer = self.http.post("/_admin/users", json={"login": login, "permission": permission})
        return self.client(answer.raise_for_status().json()["token"])

    def app_client(self) -> Github:
        return self.client(self.app_token())

    def app_token(self) -> str:
        auth = Auth.AppAuth(self.app_id, self.private_key)
        with contextlib.closing(
            GithubIntegration(
                auth=auth,
                base_url=f"{self.url}/api/v3",
                seconds_between_requests=None,
                seconds_between_writes=None,
            )
        ) as integration:
            return integration.get_access_token(self.installation_id).token

    def listen(self, *events: str) -> Receiver:
        receiver = Receiver()
        self.stack.enter_context(double.serving(receiver.application))
        asked = {"url": receiver.url, "secret": SECRET, "events": list(events) or ["*"]}
        self.http.put("/_admin/webhook", json=asked).raise_for_status()
        return receiver

    def clone(self, name: str, target: Path, *, token: str | None = None) -> Path:
        host = self.url.removeprefix("http://")
        git(
            target.parent,
            "clone",
            "-q",
            f"http://x-access-token:{token or self.token}@{host}/{name}.git",
            str(target),
        )
        return target

    def runs_when_done(self, name: str, *, count: int) -> list[dict[str, object]]:
        def done() -> list[dict[str, object]] | None:
            runs = self.http.get(f"/repos/{name}/actions/runs").json()["workflow_runs"]
            finished = [run for run in runs if run["status"] == "completed"]
            return runs if len(finished) == len(runs) >= count else None

        return eventually(done)


@contextlib.contextmanager
def a_forge(folder: Path, *, runner: Runner | None = None) -> Iterator[World]:
    """Start a forge on `folder/state`; a second one on the same folder finds what the first one left."""
    forges: list[Forge] = []

    def build(url: str) -> Starlette:
        forges.append(Forge(Settings(state=folder / "state", base_url=url)))
        if runner is not None:
            forges[0].run_workflows_with(runner)
        return create_app(forges[0])

    with contextlib.ExitStack() as stack:
        url = stack.enter_context(double.serving(build))
        http = stack.enter_context(httpx.Client(base_url=url, timeout=30, trust_env=False))
        app = http.post("/_admin/app", json={"slug": "slipway", "name": "Slipway"}).raise_for_status().json()
        user = http.post("/_admin/users", json={"login": "ada", "permission": "admin"}).raise_for_status()
        yield World(
            url=url,
            forge=forges[0],
            http=http,
            token=user.json()["token"],
            app_id=app["app_id"],
            installation_id=app["installation_id"],
            private_key=app["private_key"],
            stack=stack,
        )


def git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.test", "-c", "credential.helper=")
    return subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], capture_output=True, text=True, check=check
    )


def commit_on_branch(repository: RemoteRepository, branch: str, path: str, text: str) -> str:
    """Branch off the default branch with one commit, through the contents API."""
    head = repository.get_branch(repository.default_branch).commit.sha
    repository.create_git_ref(f"refs/heads/{branch}", head)
    made = repository.create_file(path, f"feat: add {path}", text, branch=branch)
    return made["commit"].sha


def eventually(condition: Callable[[], ResultT | None]) -> ResultT:
    """Wait until a condition gives something."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    pause = threading.Event()
    while time.monotonic() < deadline:
        if found := condition():
            return found
        pause.wait(0.02)
    raise AssertionError(f"{condition} gave nothing within {DEADLINE_SECONDS:.0f} s")


def is_signed(headers: Mapping[str, str], body: bytes) -> bool:
    """Check a delivery the way a receiver would."""
    wanted = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(headers["x-hub-signature-256"], wanted)

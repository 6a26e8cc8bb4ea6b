"""Clone, fetch and push over git's smart HTTP, served by git's own http-backend."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from starlette.responses import Response

from local.forge.auth import Caller
from local.forge.errors import Refused
from local.forge.git.command import ZERO_SHA, git_environment
from local.forge.pushes import ref_moved, refs_closed_to
from local.forge.web import Call, Endpoint

if TYPE_CHECKING:
    from local.forge.records import Repository

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="forge"'}
_PUSH = "git-receive-pack"


def serve(call: Call) -> Response:
    """Answer one request of the git client."""
    service = _service(call)
    repository = call.repository
    if _PUSH not in (service, call.query("service")):
        return _backend(call, repository, closed_refs=())
    caller = call.caller
    if caller is None:
        return Response("Authentication required.\n", status_code=401, headers=_CHALLENGE)
    if not caller.may_write("contents", repository_id=repository.id):
        raise Refused(403, f"Permission to {repository.full_name} denied to {caller.account.login}.")
    if service != _PUSH:
        return _backend(call, repository, closed_refs=())
    return _push(call, repository, caller)


def _push(call: Call, repository: Repository, caller: Caller) -> Response:
    git = call.forge.git(repository)
    with call.forge.store.lock:
        before = {ref.name: ref.sha for ref in git.refs("refs/heads/", "refs/tags/")}
        response = _backend(call, repository, closed_refs=refs_closed_to(repository, caller))
        after = {ref.name: ref.sha for ref in git.refs("refs/heads/", "refs/tags/")}
        for name in sorted(before.keys() | after.keys()):
            ref_moved(
                call.forge,
                repository,
                name,
                before=before.get(name, ZERO_SHA),
                after=after.get(name, ZERO_SHA),
                actor=caller.account,
            )
    return response


def _backend(call: Call, repository: Repository, *, closed_refs: tuple[str, ...]) -> Response:
    headers = call.request.headers
    env = git_environment(
        {
            "GIT_PROJECT_ROOT": str(call.forge.settings.repositories),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{repository.full_name}.git/{_service(call)}",
            "REQUEST_METHOD": call.request.method,
            "QUERY_STRING": call.request.url.query,
            "CONTENT_TYPE": headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(call.body)),
            "HTTP_CONTENT_ENCODING": headers.get("content-encoding", ""),
            "GIT_PROTOCOL": headers.get("git-protocol", ""),
            "REMOTE_USER": call.caller.account.login if call.caller else "",
            "FORGE_CLOSED_REFS": " ".join(closed_refs),
        }
    )
    done = subprocess.run(["git", "http-backend"], input=call.body, capture_output=True, env=env, check=False)
    head, separator, payload = done.stdout.partition(b"\r\n\r\n")
    if not separator:
        raise Refused(500, f"git http-backend failed: {done.stderr.decode(errors='replace')[:300]}")
    fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    status = int(fields.pop("Status", "200").split()[0])
    return Response(payload, status_code=status, headers=fields)


def _service(call: Call) -> str:
    return call.request.url.path.strip("/").split("/", 2)[2]


_SERVICES = ("info/refs", "git-upload-pack", "git-receive-pack")

ENDPOINTS = tuple(
    Endpoint(method, f"/{{owner}}/{{repo}}{suffix}/{service}", serve)
    for suffix in (".git", "")
    for service in _SERVICES
    for method in ("GET" if service == "info/refs" else "POST",)
)

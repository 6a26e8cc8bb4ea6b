"""The one way a local stand-in for an outside service is started, answers, and keeps its state."""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

import uvicorn
from pydantic import BaseModel, JsonValue, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from starlette.applications import Starlette
    from starlette.requests import Request

JsonObject: TypeAlias = dict[str, JsonValue]
State = TypeVar("State", bound=BaseModel)
Body = TypeVar("Body", bound=BaseModel)


@dataclass(frozen=True)
class Options:
    """Where a double listens and where it keeps its state."""

    host: str
    port: int
    state: Path

    @property
    def url(self) -> str:
        """The address that other programs on this machine use."""
        return f"http://{self.host}:{self.port}"


def parser(name: str, purpose: str) -> argparse.ArgumentParser:
    """Return the command line that every double shares; a double may add to it."""
    arguments = argparse.ArgumentParser(prog=f"python -m local.{name}", description=purpose)
    arguments.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    arguments.add_argument("--port", type=int, required=True, help="TCP port to listen on")
    arguments.add_argument("--state", type=Path, required=True, help="directory for the state")
    return arguments


def options(arguments: argparse.Namespace) -> Options:
    """Return the shared part of parsed arguments, with the state directory made."""
    chosen = Options(host=arguments.host, port=arguments.port, state=arguments.state)
    chosen.state.mkdir(parents=True, exist_ok=True)
    return chosen


def parse(name: str, purpose: str, argv: Sequence[str] | None = None) -> Options:
    """Return the options of a double that adds no argument of its own."""
    return options(parser(name, purpose).parse_args(argv))


def serve(app: Starlette, chosen: Options) -> None:
    """Serve a double until it is told to stop."""
    _server(app, host=chosen.host, port=chosen.port).run()


@contextlib.contextmanager
def serving(build: Callable[[str], Starlette]) -> Iterator[str]:
    """Serve the application made by `build(url)` on a free loopback port, in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = _server(build(url), host="127.0.0.1", port=listener.getsockname()[1])
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            # The socket listens already: a client that connects early waits in its backlog.
            yield url
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def _server(app: Starlette, *, host: str, port: int) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
    )


class StateFile(Generic[State]):
    """One JSON document on disk, replaced whole so that a killed process never leaves half."""

    def __init__(self, path: Path, model: type[State]) -> None:
        """Keep a document of type `model` at `path`."""
        self._path = path
        self._model = model

    def load(self) -> State:
        """Return what was saved last, or a fresh document."""
        if not self._path.exists():
            return self._model()
        return self._model.model_validate_json(self._path.read_bytes())

    def save(self, document: State) -> None:
        """Replace what is on disk by `document`."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
        with os.fdopen(handle, "wb") as file:
            file.write(document.model_dump_json().encode())
        Path(name).replace(self._path)


def refuse_other_sites(request: Request) -> None:
    """Refuse what another site's page sends: a browser must not act here for a person unasked."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise HTTPException(403, "this request was sent by another site's page")


async def body(request: Request, model: type[Body]) -> Body:
    """Return the request's JSON body as `model`, or answer 400 with what is wrong with it."""
    refuse_other_sites(request)
    try:
        return model.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        detail = "; ".join(
            f"{'.'.join(str(part) for part in item['loc']) or 'body'}: {item['msg']}"
            for item in error.errors()
        )
        raise HTTPException(400, detail) from error


async def health(_request: Request) -> JSONResponse:
    """Answer that the double is ready."""
    return JSONResponse({"status": "ok"})

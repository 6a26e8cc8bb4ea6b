"""The forge itself: its settings, its memory, its repositories, and the workers behind it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.forge.actions.scheduler import Scheduler
from local.forge.clock import now
from local.forge.courier import Courier
from local.forge.errors import not_found
from local.forge.git.repository import GitRepository
from local.forge.records import Account, AccountKind, Permission, Repository
from local.forge.store import Store
from local.forge.urls import Urls

if TYPE_CHECKING:
    from local.forge.actions.runner import Runner
    from local.forge.records import WorkflowRun


@dataclass(frozen=True)
class Settings:
    """Where the forge keeps its state, and the address it writes into bodies."""

    state: Path
    base_url: str

    @property
    def repositories(self) -> Path:
        """The folder of bare repositories, `owner/name.git`."""
        return self.state / "repositories"

    @property
    def logs(self) -> Path:
        """The folder of job logs, one file per job."""
        return self.state / "logs"

    @property
    def work(self) -> Path:
        """The folder in which runs work; nothing in it outlives a run."""
        return self.state / "work"


class Forge:
    """What every endpoint works with."""

    def __init__(self, settings: Settings) -> None:
        settings.repositories.mkdir(parents=True, exist_ok=True)
        settings.logs.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(settings.work, ignore_errors=True)
        settings.work.mkdir(parents=True)
        self.settings = settings
        self.urls = Urls(settings.base_url.rstrip("/"))
        self.store = Store(settings.state / "forge.sqlite3")
        self.courier = Courier(self.store)
        self._scheduler: Scheduler | None = None

    def start(self) -> None:
        """Take up what an earlier process left undone."""
        self.courier.resume()
        if self._scheduler is not None:
            self._scheduler.start()

    def run_workflows_with(self, runner: Runner) -> None:
        """Give the forge something that can run workflows; without it runs stay queued."""
        self._scheduler = Scheduler(self, runner)

    def enqueue(self, run: WorkflowRun) -> None:
        """Let the scheduler know of a queued run."""
        if self._scheduler is not None:
            self._scheduler.enqueue(run)

    def close(self) -> None:
        """Stop the workers and close the files."""
        if self._scheduler is not None:
            self._scheduler.stop()
        self.courier.stop()
        self.store.close()

    def git_path(self, repository: Repository) -> Path:
        """Say where a repository lies on disk."""
        return self.settings.repositories / f"{repository.full_name}.git"

    def git(self, repository: Repository) -> GitRepository:
        """Open a repository's git side."""
        return GitRepository(self.git_path(repository))

    def find_repository(self, owner: str, name: str) -> Repository | None:
        """Find a repository by name, in any letter case, as GitHub does."""
        wanted = f"{owner}/{name}".lower()
        return self.store.repositories.first(lambda found: found.full_name.lower() == wanted)

    def repository(self, owner: str, name: str) -> Repository:
        """Find a repository or refuse with 404."""
        found = self.find_repository(owner, name)
        if found is None:
            raise not_found()
        return found

    def repository_by_id(self, repository_id: int) -> Repository:
        """Find a repository by id or refuse with 404."""
        found = self.store.repositories.get(repository_id)
        if found is None:
            raise not_found()
        return found

    def find_account(self, login: str) -> Account | None:
        """Find a person, organisation or bot by login."""
        return self.store.accounts.first(lambda account: account.login.lower() == login.lower())

    def account(self, account_id: int | None) -> Account:
        """Find an account by id; one that was removed shows as GitHub's `ghost`."""
        found = self.store.accounts.get(account_id)
        return found or Account(id=10137, login="ghost", kind="User", created_at="2008-01-01T00:00:00Z")

    def ensure_account(
        self, login: str, *, kind: AccountKind, permission: Permission = "read", name: str | None = None
    ) -> Account:
        """Find an account by login or make it."""
        with self.store.lock:
            return self.find_account(login) or self.store.accounts.put(
                Account(
                    id=self.store.next_id(),
                    login=login,
                    kind=kind,
                    created_at=now(),
                    name=name,
                    permission=permission,
                )
            )

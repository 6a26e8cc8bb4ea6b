"""The sample organisation: small real repositories, and tickets that describe what is wrong with them."""

from __future__ import annotations

from pathlib import Path

from local.sample_org.ticket_file import TicketAttachment, TicketFile, load_ticket

ORGANIZATION = "acme"
FOLDER = Path(__file__).parent

__all__ = ["ORGANIZATION", "TicketAttachment", "TicketFile", "load_ticket", "repositories", "tickets"]


def repositories() -> list[Path]:
    """A folder for each repository; its name is the repository's."""
    return sorted(path for path in (FOLDER / "repositories").iterdir() if path.is_dir())


def tickets() -> dict[str, Path]:
    """Ticket files by name; `default` is among them."""
    return {path.stem: path for path in sorted((FOLDER / "tickets").glob("*.yml"))}

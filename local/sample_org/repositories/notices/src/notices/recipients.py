"""Who gets a message, and how they like it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True)
class Recipient:
    name: str
    address: str
    channel: Channel = Channel.EMAIL
    locale: str = "en"
    wants_marketing: bool = False

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.strip() else ""

"""Localisation: which repositories and files a text is about, by its words alone."""

from slipway.playbooks.localise.ranking import FileKind, RankedRepository, rank

__all__ = ["FileKind", "RankedRepository", "rank"]

"""Renames: one name becomes another where it is defined and wherever it is used, in every repository."""

from slipway.playbooks.rename.playbook import RenamePlaybook

__all__ = ["RenamePlaybook"]

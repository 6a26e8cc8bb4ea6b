"""Patches: apply a unified diff that a ticket carries, its tests first."""

from slipway.playbooks.patch.playbook import PatchPlaybook

__all__ = ["PatchPlaybook"]

"""Dependencies: one package to one version, in every manifest that names it."""

from slipway.playbooks.dependency.playbook import DependencyPlaybook

__all__ = ["DependencyPlaybook"]

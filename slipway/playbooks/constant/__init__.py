"""Constants: change one value or message that a ticket names, and what asserts it."""

from slipway.playbooks.constant.playbook import ConstantPlaybook

__all__ = ["ConstantPlaybook"]

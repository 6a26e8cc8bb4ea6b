"""Runs code that nobody has read yet: isolated where it can be, limited, without our environment.

Standard library only: the AWS emulator's process, which has an environment of its own, uses it too.
"""

from local.sandbox.choice import open_executor
from local.sandbox.contract import Completed, Executor, Limits

__all__ = ["Completed", "Executor", "Limits", "open_executor"]

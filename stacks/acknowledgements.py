"""Every rule that a validator reports and that we decided against, with the place and the reason."""

from __future__ import annotations

from stacks.acknowledgement import Acknowledgement

ACKNOWLEDGEMENTS: tuple[Acknowledgement, ...] = ()

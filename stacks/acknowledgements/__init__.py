"""Every rule that a validator reports and that we decided against, with the place and the reason."""

from __future__ import annotations

from stacks.acknowledgements.decision import Acknowledgement
from stacks.acknowledgements.edge import EDGE
from stacks.acknowledgements.functions import FUNCTIONS
from stacks.acknowledgements.operations import OPERATIONS
from stacks.acknowledgements.roles import ROLES
from stacks.acknowledgements.sources import SOURCES
from stacks.acknowledgements.stores import STORES

ACKNOWLEDGEMENTS: tuple[Acknowledgement, ...] = (
    *FUNCTIONS,
    *ROLES,
    *STORES,
    *OPERATIONS,
    *EDGE,
    *SOURCES,
)

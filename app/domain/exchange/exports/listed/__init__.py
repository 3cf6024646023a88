"""The lists that can be exported, by the ids of their operations."""

from collections.abc import Mapping
from typing import Final

from app.domain.exchange.exports.listed import (
    of_access,
    of_credits,
    of_exchange,
    of_learning,
    of_organisation,
    of_people,
    of_quality,
    of_training,
)
from app.domain.exchange.exports.listed.listing import (
    ExportColumnUnknown,
    ExportParameterWrong,
    Listed,
)

__all__ = ["LISTS", "ExportColumnUnknown", "ExportParameterWrong", "Listed"]

LISTS: Final[Mapping[str, Listed]] = {
    each.name: each
    for wing in (
        of_access,
        of_organisation,
        of_people,
        of_training,
        of_learning,
        of_credits,
        of_quality,
        of_exchange,
    )
    for each in wing.LISTS
}
"""Every list whose length nobody knows beforehand, and many a short one."""

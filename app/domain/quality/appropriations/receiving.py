"""What schools have received of the bureau over them (经费到位)."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.base import civil_day
from app.domain.organisation.units import Unit
from app.domain.quality.appropriations.appropriation import (
    Appropriation,
    AppropriationKind,
    AppropriationState,
)
from app.domain.quality.budgets import Budget, BudgetLine

RECEIVED_ON: Any = civil_day(col(Appropriation.answered_at))
"""The day on which a school said that the money had come."""

_to_line, _to = aliased(BudgetLine), aliased(Budget)
_from_line, _from = aliased(BudgetLine), aliased(Budget)


def received_from_bureau(found: Select[Any]) -> Select[Any]:
    """What is selected of appropriations, of those that this row of units received of its county.

    What another bureau gave before the school came here is no doing of this one.
    """
    return (
        found.join_from(Appropriation, _to_line, col(_to_line.id) == col(Appropriation.to_line_id))
        .join(_to, col(_to.id) == col(_to_line.budget_id))
        .join(_from_line, col(_from_line.id) == col(Appropriation.from_line_id))
        .join(_from, col(_from.id) == col(_from_line.budget_id))
        .where(
            col(_to.school_id) == col(Unit.id),
            col(_from.unit_id) == col(Unit.county_id),
            col(Appropriation.kind) == AppropriationKind.ALLOCATE,
            col(Appropriation.state) == AppropriationState.ACKNOWLEDGED,
        )
    )

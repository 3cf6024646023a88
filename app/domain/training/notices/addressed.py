"""The units for which a notice is, by what it names."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlmodel import col

from app.domain.organisation.units import Unit
from app.domain.people.teachers import Teacher
from app.domain.training.groups import ResearchGroup
from app.domain.training.notices.notice import NoticeAudience, NoticeCandidate


def is_for_unit(notice_id: Any) -> ColumnElement[bool]:
    """The predicate 'this row of units is among those for which that notice is'.

    A unit named stands for itself and all below it; a group named for the unit that it belongs to.
    """
    target = col(NoticeAudience.target_id)
    of_group = (
        select(col(ResearchGroup.id))
        .where(col(ResearchGroup.unit_id) == col(Unit.id))
        .correlate(Unit)
    )
    units = (target == col(getattr(Unit, column)) for column in ("city_id", "county_id", "id"))
    return exists(
        select(target).where(
            col(NoticeAudience.notice_id) == notice_id, or_(*units, target.in_(of_group))
        )
    )


def is_for_somebody(notice_id: Any, strata: Any) -> ColumnElement[bool]:
    """The predicate 'that notice, which is for these strata, is for somebody of this row of units'."""
    of_unit = (
        select(col(NoticeCandidate.teacher_id))
        .join(Teacher, col(Teacher.id) == col(NoticeCandidate.teacher_id))
        .where(col(NoticeCandidate.notice_id) == notice_id, col(Teacher.school_id) == col(Unit.id))
    )
    return or_(func.cardinality(strata) == 0, exists(of_unit))

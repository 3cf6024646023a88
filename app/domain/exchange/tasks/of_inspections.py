"""What waits after a group was inspected: an answer of the group, then the end of it."""

from sqlalchemy import case
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import unit_of
from app.domain.exchange.tasks.waiting import Waiting
from app.domain.training.group_inspections.inspection import GroupInspection
from app.domain.training.groups import ResearchGroup

_WITH_GROUP = beside(
    GroupInspection, ResearchGroup, col(GroupInspection.group_id) == col(ResearchGroup.id)
)
_by, _city = col(GroupInspection.by_unit_id), col(GroupInspection.city_id)
_is_open = col(GroupInspection.closed_at).is_(None)
_answered = col(GroupInspection.answered_at)

OF_INSPECTIONS = (
    Waiting(
        kind=TaskKind.GROUP_INSPECTION_TO_ANSWER,
        permission=Permission.GUIDANCE_ANSWER,
        table=GroupInspection,
        title=col(GroupInspection.suggestions),
        since=col(GroupInspection.recorded_at),
        due=col(GroupInspection.due_on),
        at=col(GroupInspection.group_id),
        above=unit_of(GroupInspection),
        waits=col(GroupInspection.suggestions).is_not(None) & _answered.is_(None) & _is_open,
    ),
    Waiting(
        kind=TaskKind.GROUP_INSPECTION_TO_CLOSE,
        permission=Permission.GROUP_INSPECT,
        table=GroupInspection,
        rows=_WITH_GROUP,
        title=col(ResearchGroup.name),
        since=_answered,
        at=_by,
        above=case(
            (_by == col(GroupInspection.school_id), col(GroupInspection.county_id)),
            (_by != _city, _city),
        ),
        waits=_answered.is_not(None) & _is_open,
    ),
)

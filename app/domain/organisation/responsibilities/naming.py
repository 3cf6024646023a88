"""Who answers for what: what may be asked about it, and how somebody is named."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Text,
    Uuid,
    bindparam,
    column,
    exists,
    func,
    or_,
    select,
    table,
)

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.access.subjects import place_of_person
from app.domain.base import civil_date
from app.domain.organisation.facts import (
    FactNotLater,
    check_day,
    end_fact,
    end_facts,
    end_of,
    fact_filters,
)
from app.domain.organisation.responsibilities.responsibility import (
    NewResponsibility,
    Responsibility,
    ResponsibilityEnd,
    ResponsibilityNotFound,
    ResponsibilityTaken,
    ResponsibilityView,
    ResponsibleElsewhere,
    SchoolDuty,
)
from app.domain.organisation.units import UNITS, Level, NotASchool, Unit, hold_unit
from app.domain.paging import Page, PageRequest
from app.sql import Connection, ExclusionViolationError, Row, Statement, new_id

# What may be asked.

_TEACHERS = table(
    "teacher", column("id", Uuid()), column("name", Text()), column("school_id", Uuid())
)
_UNITS = Unit.__table__  # type: ignore[attr-defined]
_ACCOUNTS = Account.__table__  # type: ignore[attr-defined]
_HELD = Responsibility.__table__  # type: ignore[attr-defined]

RESPONSIBILITIES = Door(
    table=Responsibility,
    view=ResponsibilityView,
    read=Permission.UNIT_READ,
    missing=ResponsibilityNotFound,
    places={name: _UNITS.c[name] for name in PLACE},
    computed={"name": func.coalesce(_TEACHERS.c.name, _ACCOUNTS.c.display_name)},
    joined=_HELD.join(_UNITS, _HELD.c.unit_id == _UNITS.c.id)
    .outerjoin(_TEACHERS, _HELD.c.teacher_id == _TEACHERS.c.id)
    .outerjoin(_ACCOUNTS, _HELD.c.account_id == _ACCOUNTS.c.id),
    filters={
        "unit_id": _HELD.c.unit_id,
        "duty": _HELD.c.duty,
        **fact_filters(Responsibility),
    },
    sorts={"duty": (_HELD.c.duty, _HELD.c.valid_from), "valid_from": (_HELD.c.valid_from,)},
)


async def list_responsibilities(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    duty: SchoolDuty | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Page:
    """Who answers for what in the schools that the actor may see: at all times, or on a day."""
    filters = {"unit_id": unit_id, "duty": duty, "as_of": as_of, "known_at": end_of(known_on)}
    return await RESPONSIBILITIES.page(db, actor, page, filters=filters)


async def responsibilities_of(
    db: Connection, actor: Actor, *, unit_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, list[Row]]:
    """Who answers for what in many schools, and did before; one statement."""
    return await RESPONSIBILITIES.rows_of(
        db, actor, _HELD.c.unit_id, unit_ids,
        filters={"known_at": end_of(None)}, columns=columns,
    )  # fmt: skip


def _lacks(duty: Any) -> Any:
    """That nobody who is still there answers for this duty in a school."""
    return ~exists().where(
        _HELD.c.unit_id == _UNITS.c.id,
        _HELD.c.duty == duty,
        _HELD.c.superseded_at.is_(None),
        _HELD.c.valid_to.is_(None),
        or_(
            func.num_nonnulls(_HELD.c.teacher_id, _HELD.c.account_id) == 0,
            exists().where(
                _TEACHERS.c.id == _HELD.c.teacher_id, _TEACHERS.c.school_id == _HELD.c.unit_id
            ),
            exists().where(
                _ACCOUNTS.c.id == _HELD.c.account_id,
                _ACCOUNTS.c.school_id == _HELD.c.unit_id,
                _ACCOUNTS.c.suspended_at.is_(None),
            ),
        ),
    )


_LACKING = replace(UNITS, filters={**UNITS.filters, "lacks": _lacks})


async def list_schools_without_responsible(
    db: Connection, actor: Actor, *, page: PageRequest, duty: SchoolDuty = SchoolDuty.TRAINING_LEAD
) -> Page:
    """The open schools that the actor may see in which nobody answers for a duty, by name.

    Nobody does either where the person named has left the school, or the account is suspended.
    """
    filters = {"level": Level.SCHOOL, "closed": False, "lacks": duty}
    return await _LACKING.page(db, actor, page, filters=filters)


# What may be done.

_LAST = Statement(
    select(_HELD.c.id, _HELD.c.valid_from, _HELD.c.valid_to)
    .where(
        _HELD.c.unit_id == bindparam("unit_id", type_=Uuid),
        _HELD.c.duty == bindparam("duty", type_=_HELD.c.duty.type),
        _HELD.c.superseded_at.is_(None),
    )
    .order_by(_HELD.c.valid_from.desc())
    .limit(1)
    .with_for_update()
)


async def name_responsible(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewResponsibility, now: datetime
) -> Row:
    """Name who answers for a duty in a school from a day on; who did before no longer does."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.RESPONSIBILITY_WRITE)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    place = await place_of_person(db, actor, teacher_id=new.teacher_id, account_id=new.account_id)
    if place is not None and place["school_id"] != unit_id:
        raise ResponsibleElsewhere
    today = civil_date(now)
    since = new.valid_from or today
    check_day(since, today=today)
    before = await db.one(_LAST, unit_id=unit_id, duty=new.duty)
    if before is not None:
        known = before["valid_to"] or before["valid_from"]
        if known > since:
            raise FactNotLater(current=known.isoformat())
        await end_facts(
            db, table=Responsibility, owners=["id"], owner=before["id"], on=since, now=now
        )
    responsibility_id = new_id()
    row = {**new.model_dump(), "id": responsibility_id, "unit_id": unit_id}
    try:
        await db.insert(Responsibility, {**row, "valid_from": since, "recorded_at": now})
    except ExclusionViolationError:
        raise ResponsibilityTaken from None
    return await RESPONSIBILITIES.get(db, actor, responsibility_id)


async def end_responsibility(
    db: Connection, actor: Actor, *, responsibility_id: UUID, end: ResponsibilityEnd, now: datetime
) -> Row:
    """End a responsibility on a day; ended on its first day it was recorded by mistake."""
    held = await RESPONSIBILITIES.get(
        db, actor, responsibility_id, permission=Permission.RESPONSIBILITY_WRITE, lock=True
    )
    return await end_fact(db, table=Responsibility, held=held, on=end.on, now=now)

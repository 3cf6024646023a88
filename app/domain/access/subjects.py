"""The subjects of grants: the placed things over which a role can be granted.

Units, groups, teachers, networks, departments and assignments have their own wings above this one. A
grant only needs to know where its subject lies, while it is, and for which schools it stands, so this
file describes just those columns of their tables.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnClause,
    ColumnElement,
    Date,
    DateTime,
    TableClause,
    Text,
    Uuid,
    any_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    true,
    union,
)

from app.domain.access.accounts import ACCOUNTS
from app.domain.access.actors import Actor
from app.domain.access.roles import SubjectKind
from app.domain.base import TODAY
from app.domain.errors import Conflict, NotFound
from app.sql import Connection, Row, Statement

MOST_SCHOOLS = 80
"""Schools that an account reaches through networks and assignments: they go into its access token."""

_PLACE = ("id", "city_id", "county_id", "school_id")


def _described(
    name: str, *others: Any, keys: Sequence[str] = _PLACE, ends: bool = True
) -> TableClause:
    """A table by the columns that matter here: keys, and the period of what has an end."""
    period = [column(each, Date()) for each in ("valid_from", "valid_to")] if ends else []
    return table(name, *(column(each, Uuid()) for each in keys), *period, *others)


def _superseded() -> ColumnClause[datetime]:
    return column("superseded_at", DateTime(timezone=True))


_UNIT = _described("unit", column("closed_on", Date()), ends=False)
_NETWORK = _described("network")
_DEPARTMENT = _described("department", column("duties", ARRAY(Text)))
_ASSIGNMENT = _described("assignment", keys=(*_PLACE, "network_id", "account_id"))
_MEMBER = _described("network_member", _superseded(), keys=("network_id", "school_id"))
_NAMED = _described("assignment_school", keys=("assignment_id", "school_id"), ends=False)
_DELEGATION = table(
    "delegation",
    *(column(name, Uuid()) for name in ("delegate_id", "subject_id")),
    column("valid_to", Date()),
    column("revoked_at", DateTime(timezone=True)),
)
_GRANT = _described("role_grant", _superseded(), keys=("account_id", "subject_id"))

PLACES: dict[SubjectKind, TableClause] = {
    SubjectKind.UNIT: _UNIT,
    SubjectKind.GROUP: _described("research_group", ends=False),
    SubjectKind.SELF: _described("teacher", ends=False),
    SubjectKind.NETWORK: _NETWORK,
    SubjectKind.DEPARTMENT: _DEPARTMENT,
    SubjectKind.ASSIGNMENT: _ASSIGNMENT,
}
"""Where the subjects of each kind lie; what has an end has a `valid_from` and a `valid_to` too."""

_PLACE_OF = {
    kind: Statement(
        select(*(places.c[name] for name in _PLACE)).where(
            places.c.id == bindparam("subject_id", type_=Uuid)
        )
    )
    for kind, places in PLACES.items()
}


def _has_ended(places: TableClause) -> ColumnElement[bool]:
    """The predicate 'this is no more', of a subject."""
    if "closed_on" in places.c:
        return places.c.closed_on.is_not(None)
    if "valid_to" in places.c:
        return func.coalesce(places.c.valid_to <= TODAY, literal_column("false"))
    return literal_column("false", Boolean)


_HELD_PLACE_OF = {
    kind: Statement(
        select(*(places.c[name] for name in _PLACE), _has_ended(places).label("_has_ended"))
        .where(places.c.id == bindparam("subject_id", type_=Uuid))
        .with_for_update(key_share=True, read=True)
    )
    for kind, places in PLACES.items()
}


# What can be refused.


class SubjectEnded(Conflict):
    """The unit was closed, the network dissolved: nobody is given a role over it any more."""

    code = "subject_ended"
    zh = "授权对象已撤销或到期，不能再授权。"
    en = "The subject of the grant is no more: no role over it can be granted."


class SubjectNotFound(NotFound):
    """There is no such unit, person, group or other subject for the one who asks."""

    code = "subject_not_found"
    zh = "未找到所指的单位、人员或其他对象。"
    en = "There is no such unit, person or other thing as is named here."


class TooManySchools(Conflict):
    """Somebody's access token would have to carry more schools than it can."""

    code = "too_many_schools"
    zh = "一个账号通过片区、学区和包片包校最多涉及 {limit} 所学校，此操作将使某账号超出。"
    en = (
        "An account reaches at most {limit} schools through networks and assignments; with this,"
        " one would reach more."
    )


# What may be asked.


_HOLDER_OF = Statement(
    select(_ASSIGNMENT.c.account_id).where(
        _ASSIGNMENT.c.id == bindparam("assignment_id", type_=Uuid)
    )
)


async def holder_of_assignment(db: Connection, *, assignment_id: UUID) -> UUID:
    """The account that an assignment makes answerable; the caller knows that there is the assignment."""
    holder: UUID = await db.value(_HOLDER_OF, assignment_id=assignment_id)
    return holder


async def place_of_subject(db: Connection, *, kind: SubjectKind, subject_id: UUID) -> Row:
    """The key and the place columns of a subject, whoever asks: the caller checks its scope."""
    place = await db.one(_PLACE_OF[kind], subject_id=subject_id)
    if place is None:
        raise SubjectNotFound
    return place


async def place_of_person(
    db: Connection, actor: Actor, *, teacher_id: UUID | None, account_id: UUID | None
) -> Row | None:
    """The place columns of whoever is named by a key, a teacher or an account; None where neither is.

    Who lies out of the actor's reach is told as what there is not.
    """
    if teacher_id is not None:
        place = await place_of_subject(db, kind=SubjectKind.SELF, subject_id=teacher_id)
        if not actor.reach.covers(place):
            raise SubjectNotFound
        return place
    return None if account_id is None else await ACCOUNTS.get(db, actor, account_id)


async def hold_subject(db: Connection, *, kind: SubjectKind, subject_id: UUID) -> tuple[Row, bool]:
    """The same, and whether it has ended; until the transaction ends it stays where it is."""
    place = await db.one(_HELD_PLACE_OF[kind], subject_id=subject_id)
    if place is None:
        raise SubjectNotFound
    return place, bool(place.pop("_has_ended"))


def schools_of_subject(
    subject_id: Any, holds: Callable[[Any], ColumnElement[bool]], *, anywhere: bool = False
) -> Any:
    """The schools for which the network or the assignment in a column stands, as a subquery.

    `holds` makes the predicate 'this counts' from the columns of whatever has an end. What has left
    the bureau in charge is not among them, whatever the membership still says; with `anywhere` it is,
    for it may come back.
    """
    within = (lambda *_: true()) if anywhere else lies_within
    of_network = (
        select(_MEMBER.c.school_id)
        .join(_NETWORK, _NETWORK.c.id == _MEMBER.c.network_id)
        .join(_UNIT, _UNIT.c.id == _MEMBER.c.school_id)
        .where(holds(_NETWORK.c), holds(_MEMBER.c), _MEMBER.c.superseded_at.is_(None))
        .where(within(_UNIT.c, _NETWORK.c))
    )
    assigned = (
        select(_NAMED.c.school_id)
        .join(_ASSIGNMENT, _ASSIGNMENT.c.id == _NAMED.c.assignment_id)
        .join(_UNIT, _UNIT.c.id == _NAMED.c.school_id)
    )
    in_term = holds(_ASSIGNMENT.c), within(_UNIT.c, _ASSIGNMENT.c)
    parts = (
        of_network.where(_NETWORK.c.id == subject_id),
        of_network.join(_ASSIGNMENT, _ASSIGNMENT.c.network_id == _NETWORK.c.id).where(
            _ASSIGNMENT.c.id == subject_id, *in_term
        ),
        assigned.where(_ASSIGNMENT.c.id == subject_id, *in_term),
    )
    return union(*(part.correlate(subject_id.table) for part in parts))


def lies_within(unit: Any, owner: Any) -> ColumnElement[bool]:
    """The predicate 'the bureau in charge of the owner is in charge of this unit, or of all'."""
    bureau = owner.county_id
    return or_(unit.county_id == bureau, unit.city_id == bureau)


def accounts_affected(subject_ids: Any, today: Any) -> Any:
    """The accounts with a grant, for now or later, over what one of these decides, or a delegation.

    A network decides what is permitted over an assignment to it, a school over each network and each
    assignment to which it belongs.
    """
    networks = select(_MEMBER.c.network_id).where(_MEMBER.c.school_id == any_(subject_ids))
    deciding = union(
        select(func.unnest(subject_ids)),
        networks,
        select(_NAMED.c.assignment_id).where(_NAMED.c.school_id == any_(subject_ids)),
        select(_ASSIGNMENT.c.id).where(
            or_(
                _ASSIGNMENT.c.network_id == any_(subject_ids),
                _ASSIGNMENT.c.network_id.in_(networks),
            )
        ),
    )
    granted = select(_GRANT.c.account_id).where(
        _GRANT.c.superseded_at.is_(None),
        _lasts(today)(_GRANT.c),
        _GRANT.c.subject_id == any_(func.array(deciding.scalar_subquery())),
    )
    delegated = select(_DELEGATION.c.delegate_id).where(
        _DELEGATION.c.revoked_at.is_(None),
        _DELEGATION.c.valid_to > today,
        _DELEGATION.c.subject_id == any_(subject_ids),
    )
    return union(granted, delegated)


def _lasts(today: Any) -> Callable[[Any], ColumnElement[bool]]:
    """The predicate 'this has not ended', of the columns of what has an end."""
    return lambda columns: or_(columns.valid_to.is_(None), columns.valid_to > today)


def _reaching_too_many() -> Statement:
    lasts = _lasts(bindparam("today", type_=Date))
    schools = schools_of_subject(_GRANT.c.subject_id, lasts, anywhere=True).lateral("schools")
    return Statement(
        select(_GRANT.c.account_id)
        .select_from(_GRANT.join(schools, true()))
        .where(
            _GRANT.c.account_id == any_(bindparam("account_ids", type_=ARRAY(Uuid))),
            _GRANT.c.superseded_at.is_(None),
            lasts(_GRANT.c),
        )
        .group_by(_GRANT.c.account_id)
        .having(func.count() > MOST_SCHOOLS)
    )


_REACHING_TOO_MANY = _reaching_too_many()


async def check_schools_reached(
    db: Connection, *, account_ids: Sequence[UUID], today: date
) -> None:
    """Refuse what has just been written where an account now reaches too many schools.

    What is yet to begin counts too: one day the token will carry it.
    """
    if await db.value(_REACHING_TOO_MANY, account_ids=list(account_ids), today=today) is not None:
        raise TooManySchools(limit=MOST_SCHOOLS)

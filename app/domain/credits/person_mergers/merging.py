"""Accepting a merger: two records become one, in one transaction, for good.

Locks are taken as everywhere: the city, the merger, the activities at which the one record took part,
the discussions that it opened, the heads of both chains, the account, the teachers, the schools. So
credit that is recognised, a post that is written, and a transfer that is completed meanwhile, come before
it or after it and never into the middle.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    TableClause,
    Text,
    Uuid,
    any_,
    bindparam,
    column,
    or_,
    select,
    table,
    union,
    update,
)
from sqlmodel import col

from app.domain.access.actors import Actor, require_role
from app.domain.access.holders import roles_held
from app.domain.access.roles import SUBJECT, Permission, Role, SubjectKind
from app.domain.base import civil_date
from app.domain.credits.entries.ledger import lock_heads
from app.domain.credits.person_mergers.arranging import decide_person_merger, hold_person_merger
from app.domain.credits.person_mergers.following import (
    carry_facts,
    end_what_stays,
    move_rows,
)
from app.domain.credits.person_mergers.ledger import carry_entries
from app.domain.credits.person_mergers.merger import (
    PERSON_MERGERS,
    MergerConsent,
    MergerSide,
    MergerState,
)
from app.domain.credits.recognition import hold_sources
from app.domain.credits.standings.facts import read_people
from app.domain.credits.standings.governing import read_packs
from app.domain.credits.standings.writing import count_again, lock_schools
from app.domain.errors import Conflict, NotAllowed
from app.domain.learning.discussions import Discussion
from app.domain.organisation.units import lock_city
from app.domain.people.teachers import Teacher, TeacherMerged, touch_teacher
from app.domain.people.transfers.following import hold_account
from app.sql import Connection, Row, Statement

# What can be refused.


class OtherAdministratorAccepts(Conflict):
    """Two agree to it: who administers the other record, or the bureau over both."""

    code = "person_merger_other_side"
    zh = "合并须由另一条记录的管理者同意；本人提出的，只有主管双方的教育局可以自行同意。"
    en = (
        "Who administers the other record accepts it; one's own proposal only the bureau over both"
        " records accepts."
    )


class MergerWaits(Conflict):
    """Something about one of the records is under way and would be left without its record."""

    code = "person_merger_waits"
    zh = "其中一条记录有办理中的{what_zh}，请先办结或撤回。"
    en = "One of the records has an open {what}: settle or withdraw it first."


class MergedAccountAbove(Conflict):
    """The account of the record that ends holds a role that the one who agrees may not take away."""

    code = "person_merger_account_above"
    zh = "被并入记录的账号另有您无权收回的角色（{role}），请由能收回该角色的管理员先收回或由其同意合并。"
    en = (
        "The account of the record that ends holds a role that is not yours to end ({role}): whoever"
        " may end it ends it first, or agrees to the merger."
    )


# What may be done.

_merged_id = bindparam("merged_id", type_=Uuid)
_teacher_ids = bindparam("teacher_ids", type_=ARRAY(Uuid))
_HOLD_TEACHERS = Statement(
    select(
        *(
            col(getattr(Teacher, name))
            for name in ("id", "city_id", "county_id", "school_id", "merged_into_id")
        )
    )
    .where(col(Teacher.id) == any_(_teacher_ids))
    .order_by(col(Teacher.id))
    .with_for_update()
)
_HOLD_DISCUSSIONS = Statement(
    # Whoever writes a post holds its discussion first, and then refers to teachers and accounts.
    select(col(Discussion.id))
    .where(col(Discussion.teacher_id) == _merged_id)
    .order_by(col(Discussion.id))
    .with_for_update()
)
_TRANSFERS, _CORRECTIONS = (
    table(name, column("teacher_id", Uuid()), column("state", Text()))
    for name in ("transfer", "correction")
)


def _is_open(rows: TableClause, *states: str) -> ColumnElement[bool]:
    return or_(*(rows.c.state == state for state in states))


_UNDER_WAY = Statement(
    union(
        select(column("'transfer'", Text, is_literal=True).label("what")).where(
            _TRANSFERS.c.teacher_id == any_(_teacher_ids),
            _is_open(_TRANSFERS, "proposed", "accepted"),
        ),
        select(column("'correction'", Text, is_literal=True).label("what")).where(
            _CORRECTIONS.c.teacher_id == any_(_teacher_ids), _is_open(_CORRECTIONS, "asked")
        ),
    )
)
_WORDS = {"transfer": "调动", "correction": "更正申请"}
_MERGE = Statement(
    update(Teacher)
    .where(or_(col(Teacher.id) == _merged_id, col(Teacher.merged_into_id) == _merged_id))
    .values(merged_into_id=bindparam("survivor_id", type_=Uuid))
)


async def accept_person_merger(
    db: Connection, actor: Actor, *, merger_id: UUID, consent: MergerConsent, now: datetime
) -> Row:
    """Agree, for the other record: from now on the two are one, which nothing undoes.

    The other record says from now on which one it is; its account is suspended and its numbers find the
    one that stays.
    """
    seen = await PERSON_MERGERS.get(db, actor, merger_id, permission=Permission.TEACHER_WRITE)
    ids = {name: seen[name] for name in ("survivor_id", "merged_id")}
    city_id = await db.value(_CITY, teacher_id=ids["survivor_id"])
    await lock_city(db, city_id=city_id)
    merger = await hold_person_merger(db, actor, merger_id=merger_id)
    await hold_sources(db, teacher_id=ids["merged_id"])
    await db.all(_HOLD_DISCUSSIONS, merged_id=ids["merged_id"])
    heads = await lock_heads(db, teacher_ids=list(ids.values()))
    account_id = await hold_account(db, teacher_id=ids["merged_id"])
    survivor, merged = await _hold_both(db, actor, merger)
    await _check_roles(db, actor, account_id)
    said = f"与 {survivor['id']} 系同一人 / the same person as {survivor['id']}"
    known = {"merged_id": merged["id"], "now": now}
    carried = await carry_entries(
        db, survivor_id=survivor["id"], merged_id=merged["id"], city_id=city_id, heads=heads,
        recorded_by=actor.account_id, now=now,
    )  # fmt: skip
    await lock_schools(db, school_ids=[survivor["school_id"], merged["school_id"]])
    await end_what_stays(
        db, survivor=survivor, account_id=account_id, ended_by=actor.account_id, **known
    )
    await carry_facts(db, survivor_id=survivor["id"], because=said, **known)
    await move_rows(db, survivor=survivor, moved_by=actor.account_id, **known)
    await db.run(_MERGE, **ids)
    await touch_teacher(db, teacher_id=survivor["id"])
    people = await read_people(db, teacher_ids=[survivor["id"]])
    packs = await read_packs(db, city_id=city_id)
    await count_again(db, people=people, packs=packs, day=civil_date(now))
    await decide_person_merger(
        db, actor, merger_id=merger_id, to=MergerState.MERGED, now=now, answer=consent,
        carried=carried,
    )  # fmt: skip
    return await PERSON_MERGERS.get(db, actor, merger_id)


_CITY = Statement(
    select(col(Teacher.city_id)).where(col(Teacher.id) == bindparam("teacher_id", type_=Uuid))
)


async def _hold_both(db: Connection, actor: Actor, merger: Row) -> tuple[Row, Row]:
    """Both records, locked, if the actor may agree and nothing about them is under way."""
    ids = [merger["survivor_id"], merger["merged_id"]]
    rows = {row["id"]: row for row in await db.all(_HOLD_TEACHERS, teacher_ids=ids)}
    survivor, merged = (rows[teacher_id] for teacher_id in ids)
    for row in (survivor, merged):
        if row["merged_into_id"] is not None:
            raise TeacherMerged(row["merged_into_id"])
    _require_other_side(actor, merger, survivor, merged)
    open_things = await db.all(_UNDER_WAY, teacher_ids=ids)
    for row in open_things:
        raise MergerWaits(what=row["what"], what_zh=_WORDS[row["what"]])
    return survivor, merged


async def _check_roles(db: Connection, actor: Actor, account_id: UUID | None) -> None:
    """Refuse to end, with the account, a role that the actor could not end by itself."""
    for held in [] if account_id is None else await roles_held(db, account_id=account_id):
        if SUBJECT[role := Role(held["role"])] is not SubjectKind.SELF:
            try:
                require_role(actor, role, held)
            except NotAllowed:
                raise MergedAccountAbove(role=role.value) from None


def _require_other_side(actor: Actor, merger: Row, survivor: Row, merged: Row) -> None:
    scope = actor.scope(Permission.TEACHER_WRITE)
    bureaux = [{name: row[name] for name in ("city_id", "county_id")} for row in (survivor, merged)]
    if all(scope.covers(bureau) for bureau in bureaux):
        return
    sides = {MergerSide.SURVIVOR: [merged], MergerSide.MERGED: [survivor]}
    other = sides.get(merger["proposed_for"], [survivor, merged])
    if merger["proposed_by"] == actor.account_id or not any(scope.covers(row) for row in other):
        raise OtherAdministratorAccepts

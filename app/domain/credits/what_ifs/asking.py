"""Asking what a draft would mean, and taking the question back."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from pydantic import Field
from sqlalchemy import Text, Uuid, and_, bindparam, cast, func, literal_column, or_, select
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date
from app.domain.credits.entries.table import CreditChain
from app.domain.credits.packs.document import PackDocument, read_pack
from app.domain.credits.packs.published import RulePack, RulePackNotFound
from app.domain.credits.packs.refinements import Refinement, read_refinement, refined
from app.domain.credits.standings.governing import CityPacks, read_packs
from app.domain.credits.what_ifs.what_if import COUNT_WHAT_IF, KEPT, WHAT_IFS, WhatIf, get_what_if
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import UNITS, Level, Unit
from app.domain.people.teachers import Teacher
from app.domain.progress import ProgressState, cancel_work
from app.queue import enqueue
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewWhatIf(Command):
    """A draft to be tried out."""

    unit_id: UUID = Field(
        description="市（规则包草案）或县（细化草案） / city for a pack, county for a refinement"
    )
    document: dict[str, Any] = Field(description="草案 / the draft, as it would be published")
    as_of: date | None = Field(
        default=None, description="试算日，缺省为今天 / day on which both are judged; today if null"
    )


# What can be refused.


class WhatIfNeedsBureau(Invalid):
    """Schools have no rules of their own."""

    code = "what_if_needs_bureau"
    zh = "只能为市或县（市、区）教育局试算。"
    en = "A what-if is for a city or a county."


MOST_OPEN = 3
"""Questions of one account that wait or are being answered."""
MOST_A_DAY = 20
"""Questions for one bureau within a day, whoever asks: each counts and keeps all of its teachers twice."""
_A_DAY = timedelta(days=1)


class TooManyWhatIfs(Conflict):
    """One account has so many questions answered at a time."""

    code = "what_if_limit"
    zh = "同时进行的试算最多 {most} 个，请等待完成或取消。"
    en = "At most {most} what-ifs are answered for an account at a time: wait, or cancel one."


class WhatIfsOfUnitUsedUp(Conflict):
    """So much was tried out for the bureau within a day that nothing more is."""

    code = "what_if_unit_limit"
    zh = "该单位一天内最多试算 {most} 次，请明日再试；已有的试算结果仍可查看。"
    en = "At most {most} what-ifs are asked for a bureau within a day: try again tomorrow."


# What may be done.

_teachers = and_(
    col(Teacher.merged_into_id).is_(None),
    or_(
        col(Teacher.county_id) == bindparam("unit_id", type_=Uuid),
        col(Teacher.city_id) == bindparam("unit_id", type_=Uuid),
    ),
)
_city_id = bindparam("city_id", type_=Uuid)


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), literal_column("0"))


_POSITION = Statement(
    select(
        func.count().label("teachers"),
        func.concat_ws(
            ".",
            func.count(),
            # Entries are only ever added, and a change gives a row a greater number than any before.
            _sum(col(CreditChain.sequence)),
            _sum(col(Teacher.change_sequence)),
            select(_sum(col(Unit.change_sequence)))
            .where(col(Unit.city_id) == _city_id)
            .scalar_subquery(),
            select(cast(func.count(), Text))
            .where(col(RulePack.city_id) == _city_id)
            .scalar_subquery(),
        ).label("position"),
    )
    .select_from(Teacher)
    .outerjoin(CreditChain, col(CreditChain.teacher_id) == col(Teacher.id))
    .where(_teachers)
)
_SAME = Statement(
    select(col(WhatIf.id)).where(
        col(WhatIf.county_id) == bindparam("unit_id", type_=Uuid),
        col(WhatIf.digest) == bindparam("digest", type_=WhatIf.__table__.c.digest.type),  # type: ignore[attr-defined]
        col(WhatIf.position) == bindparam("position", type_=Text),
        or_(
            *(
                col(WhatIf.state) == state
                for state in (ProgressState.WAITING, ProgressState.RUNNING, ProgressState.DONE)
            )
        ),
    )
)


_HOLD_ACCOUNT, _HOLD_UNIT = (
    Statement(
        select(col(table.id))
        .where(col(table.id) == bindparam("held_id", type_=Uuid))
        .with_for_update(key_share=True)
    )
    for table in (Account, Unit)
)
_ASKED = Statement(
    select(
        func.count()
        .filter(
            col(WhatIf.submitted_by) == bindparam("account_id", type_=Uuid),
            or_(
                *(
                    col(WhatIf.state) == state
                    for state in (ProgressState.WAITING, ProgressState.RUNNING)
                )
            ),
        )
        .label("open"),
        func.count()
        .filter(
            col(WhatIf.county_id) == bindparam("unit_id", type_=Uuid),
            col(WhatIf.submitted_at) > bindparam("since", type_=MOMENT),
        )
        .label("of_unit"),
    )
)


async def request_what_if(db: Connection, actor: Actor, *, new: NewWhatIf, now: datetime) -> Row:
    """Have a draft tried out on the teachers of a city or a county; or the answer that there is.

    Refused as its publication would be: with every place where the draft is wrong, for a county with
    every number that is not its own to set, and where no rules are in force on the day.
    """
    unit = await UNITS.get(db, actor, new.unit_id, permission=Permission.PACK_REFINE)
    if unit["level"] == Level.SCHOOL:
        raise WhatIfNeedsBureau
    if unit["level"] == Level.CITY:
        await UNITS.get(db, actor, new.unit_id, permission=Permission.PACK_PUBLISH)
    packs = await read_packs(db, city_id=unit["city_id"])
    row = _row_of(packs, unit, new, now=now) | {"submitted_by": actor.account_id}
    return await get_what_if(db, actor, what_if_id=await _write(db, row=row))


async def cancel_what_if(db: Connection, actor: Actor, *, what_if_id: UUID, now: datetime) -> Row:
    """Take a question back; what was counted until then stays as it is."""
    await WHAT_IFS.get(db, actor, what_if_id)
    await cancel_work(db, WhatIf, row_id=what_if_id, now=now)
    return await get_what_if(db, actor, what_if_id=what_if_id)


def _row_of(packs: CityPacks, unit: Row, new: NewWhatIf, *, now: datetime) -> Row:
    """The row of a question, once its draft is found to be in order."""
    day = new.as_of or civil_date(now)
    packs.governing(day)
    written = msgspec.json.encode(new.document)
    document: PackDocument | Refinement
    if unit["level"] == Level.CITY:
        document = read_pack(written)
    else:
        document = read_refinement(written)
        refined_draft(packs, document)
    draft = document.model_dump(mode="json", exclude_defaults=True)
    return {
        "id": new_id(),
        "city_id": unit["city_id"],
        "county_id": unit["id"],
        "school_id": None,
        "pack_id": document.id,
        "version": document.version,
        "title_zh": document.title.zh,
        "title_en": document.title.en,
        "as_of": day,
        "submitted_at": now,
        "kept_until": now + KEPT,
        "document": draft,
        "digest": sha256(msgspec.json.encode([draft, day], order="sorted")).digest(),
        "state": ProgressState.WAITING,
        "done": 0,
        "tries": 0,
    }


def refined_draft(packs: CityPacks, refinement: Refinement) -> PackDocument:
    """The city's pack as the county's draft would have it; refused where it may not have it so."""
    base = packs.version(refinement.refines.id, refinement.refines.version)
    if base is None:
        raise RulePackNotFound
    return refined(base.document, refinement)


async def _write(db: Connection, *, row: Row) -> UUID:
    """Put a question and its job; the key of the same question where it was asked already."""
    unit_id = row["county_id"]
    stands = await db.one(_POSITION, unit_id=unit_id, city_id=row["city_id"])
    assert stands is not None  # noqa: S101  sums always have a row
    row |= {"position": stands["position"], "total": stands["teachers"]}
    same = {"unit_id": unit_id, "digest": row["digest"], "position": row["position"]}
    known: UUID | None = await db.value(_SAME, **same)
    if known is not None:
        return known
    await _check_quota(db, row)
    try:
        async with db.transaction():
            await db.insert(WhatIf, row)
    except UniqueViolationError:
        known = await db.value(_SAME, **same)
        if known is not None:
            return known
        raise
    await enqueue(db, COUNT_WHAT_IF, about=row["id"])
    key: UUID = row["id"]
    return key


async def _check_quota(db: Connection, row: Row) -> None:
    """Refuse what is too much; whoever asks as the same account or for the same bureau waits meanwhile."""
    await db.one(_HOLD_ACCOUNT, held_id=row["submitted_by"])
    await db.one(_HOLD_UNIT, held_id=row["county_id"])
    asked = await db.one(
        _ASKED,
        account_id=row["submitted_by"],
        unit_id=row["county_id"],
        since=row["submitted_at"] - _A_DAY,
    )
    if asked and asked["open"] >= MOST_OPEN:
        raise TooManyWhatIfs(most=MOST_OPEN)
    if asked and asked["of_unit"] >= MOST_A_DAY:
        raise WhatIfsOfUnitUsedUp(most=MOST_A_DAY)

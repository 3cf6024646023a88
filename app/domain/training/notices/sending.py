"""Drafting a notice, publishing it, and taking it back.

draft ──publish──▶ published ──withdraw──▶ withdrawn
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import (
    ARRAY,
    Date,
    Uuid,
    any_,
    bindparam,
    delete,
    or_,
    select,
    true,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.access.subjects import schools_of_subject
from app.domain.base import MOMENT, Command, civil_date, in_force, text_enum
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.networks import Network
from app.domain.organisation.units import Level, Unit, hold_unit
from app.domain.training.groups import ResearchGroup
from app.domain.training.notices.notice import (
    NOTICES,
    Notice,
    NoticeAudience,
    NoticeFields,
    NoticeState,
    Receipt,
)
from app.sql import Connection, Row, Statement, new_id


class NewNotice(NoticeFields, Command):
    """A notice to be drafted."""

    unit_id: UUID = Field(description="发文单位 / unit that sends it")
    audience: list[UUID] = Field(
        min_length=1, max_length=200,
        description="通知对象：本单位及下属单位、教研组、片区 / units, groups and networks it is for",
    )  # fmt: skip


class NoticeChanges(Command):
    """What of a draft is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, description="标题 / title"
    )
    text: str | None = Field(
        default=None, min_length=1, max_length=20_000, description="正文 / the text"
    )
    document: str | None = Field(
        default=None, min_length=1, max_length=100, description="依据文号 / number of the document"
    )
    receipt: Receipt | None = Field(default=None, description="回执要求 / who is to confirm it")
    due_on: date | None = Field(default=None, description="期限 / by when")
    audience: list[UUID] | None = Field(
        default=None, min_length=1, max_length=200, description="通知对象 / whom it is for"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name in self.model_fields_set - {"document", "due_on"}:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        return self


# What can be refused.


class NoticeWrongState(Conflict):
    """What is asked for is not done with a notice in this state."""

    code = "notice_wrong_state"
    zh = "通知当前状态为“{state}”，不能执行此操作。"
    en = "The notice is '{state}', so this cannot be done now."


class NoticeAudienceOutside(Invalid):
    """A unit notifies itself and what lies below it."""

    code = "notice_audience_outside"
    zh = "通知对象须为发文单位本身、其下属单位、教研组，或其设立的片区。"
    en = "A notice is for the unit itself, units and groups below it, or networks that it set up."


class NoticeDuePast(Invalid):
    """What is published today is not due before."""

    code = "notice_due_past"
    zh = "期限不能早于今天（{today}）。"
    en = "It cannot be due before today ({today})."


def check_notice_state(notice: Row, *allowed: NoticeState) -> None:
    """Refuse what is not done in the state of the notice."""
    if notice["state"] not in allowed:
        raise NoticeWrongState(state=notice["state"])


# What may be done.

_ID = bindparam("notice_id", type_=Uuid)
_CLEAR = Statement(delete(NoticeAudience).where(col(NoticeAudience.notice_id) == _ID))


def _targets() -> Statement:
    targets, unit = bindparam("targets", type_=ARRAY(Uuid)), bindparam("unit_id", type_=Uuid)
    return Statement(
        union(
            *(
                select(col(table.id)).where(
                    col(table.id) == any_(targets),
                    or_(*(col(getattr(table, column)) == unit for column in PLACE)),
                )
                for table in (Unit, ResearchGroup, Network)
            )
        )
    )


_TARGETS = _targets()


async def _write_audience(
    db: Connection, notice_id: UUID, unit_id: UUID, targets: Sequence[UUID]
) -> None:
    wanted = list(dict.fromkeys(targets))
    if len(await db.all(_TARGETS, targets=wanted, unit_id=unit_id)) != len(wanted):
        raise NoticeAudienceOutside
    await db.run(_CLEAR, notice_id=notice_id)
    rows = [{"notice_id": notice_id, "target_id": target} for target in wanted]
    await db.insert_all(NoticeAudience, rows)


async def create_notice(db: Connection, actor: Actor, *, new: NewNotice) -> Row:
    """Draft a notice of a unit."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.NOTICE_WRITE)
    row = {
        "id": new_id(),
        **new.model_dump(include=set(NoticeFields.model_fields)),
        "city_id": unit["city_id"],
        "county_id": unit["county_id"],
        "school_id": unit["id"] if unit["level"] == Level.SCHOOL else None,
        "state": NoticeState.DRAFT,
        "created_by": actor.account_id,
    }
    await db.insert(Notice, row)
    await _write_audience(db, row["id"], new.unit_id, new.audience)
    return await NOTICES.get(db, actor, row["id"])


async def _held(db: Connection, actor: Actor, notice_id: UUID, state: NoticeState) -> Row:
    permission = Permission.NOTICE_WRITE
    notice = await NOTICES.get(db, actor, notice_id, permission=permission, lock=True)
    check_notice_state(notice, state)
    return notice


@lru_cache(maxsize=64)
def _change(names: tuple[str, ...]) -> Statement:
    columns = Notice.__table__.c  # type: ignore[attr-defined]
    values: dict[str, Any] = {n: bindparam(f"new_{n}", type_=columns[n].type) for n in names}
    return Statement(update(Notice).where(col(Notice.id) == _ID).values(values))


async def update_notice(
    db: Connection, actor: Actor, *, notice_id: UUID, changes: NoticeChanges
) -> Row:
    """Change a draft; what was published stands, for people have read it."""
    notice = await _held(db, actor, notice_id, NoticeState.DRAFT)
    values = changes.model_dump(exclude_unset=True)
    targets = values.pop("audience", None)
    if values:
        new = {f"new_{name}": value for name, value in values.items()}
        await db.run(_change(tuple(sorted(values))), notice_id=notice_id, **new)
    if targets is not None:
        await _write_audience(db, notice_id, notice["unit_id"], targets)
    return await NOTICES.get(db, actor, notice_id)


def _expand() -> Statement:
    day, audience = bindparam("today", type_=Date), NoticeAudience.__table__  # type: ignore[attr-defined]
    schools = schools_of_subject(audience.c.target_id, lambda c: in_force(c, day)).lateral("meant")
    rows = (
        select(audience.c.notice_id, schools.c.school_id)
        .select_from(audience.join(schools, true()))
        .where(audience.c.notice_id == _ID)
    )
    added = insert(NoticeAudience).from_select(["notice_id", "target_id"], rows)
    return Statement(added.on_conflict_do_nothing())


_EXPAND_NETWORKS = _expand()
_ENTER = Statement(
    update(Notice)
    .where(col(Notice.id) == _ID)
    .values(
        state=bindparam("to", type_=text_enum(NoticeState)),
        published_at=bindparam("published", type_=MOMENT),
        withdrawn_at=bindparam("withdrawn", type_=MOMENT),
    )
)


async def publish_notice(db: Connection, actor: Actor, *, notice_id: UUID, now: datetime) -> Row:
    """Show a notice to those it is for; a network stands for the schools that belong to it today."""
    notice = await _held(db, actor, notice_id, NoticeState.DRAFT)
    today = civil_date(now)
    if notice["due_on"] is not None and notice["due_on"] < today:
        raise NoticeDuePast(today=today.isoformat())
    await db.run(_EXPAND_NETWORKS, notice_id=notice_id, today=today)
    to = NoticeState.PUBLISHED
    await db.run(_ENTER, notice_id=notice_id, to=to, published=now, withdrawn=None)
    return await NOTICES.get(db, actor, notice_id)


async def withdraw_notice(db: Connection, actor: Actor, *, notice_id: UUID, now: datetime) -> Row:
    """Take a notice back: those it was for see it no more; who had confirmed it stays known."""
    notice = await _held(db, actor, notice_id, NoticeState.PUBLISHED)
    at = {"published": notice["published_at"], "withdrawn": now}
    await db.run(_ENTER, notice_id=notice_id, to=NoticeState.WITHDRAWN, **at)
    return await NOTICES.get(db, actor, notice_id)

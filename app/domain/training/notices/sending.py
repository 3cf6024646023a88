"""Drafting a notice, publishing it, and taking it back.

draft ──publish──▶ published ──withdraw──▶ withdrawn
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import (
    Uuid,
    bindparam,
    union,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, civil_date, text_enum
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.organisation.networks import Network
from app.domain.organisation.units import Unit, hold_unit, place_of
from app.domain.people.teachers.strata import Stratum
from app.domain.training.audiences import among_targets
from app.domain.training.groups import ResearchGroup
from app.domain.training.notices.notice import (
    AUDIENCE,
    CANDIDATES,
    NOTICES,
    Notice,
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
    strata: list[Stratum] | None = Field(
        default=None, max_length=len(Stratum), description="面向的类别 / strata that it is for"
    )
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


_UNIT_ID = bindparam("unit_id", type_=Uuid)
_TARGETS = Statement(
    union(*(among_targets(table, _UNIT_ID) for table in (Unit, ResearchGroup, Network)))
)


async def _write_audience(
    db: Connection, notice_id: UUID, unit_id: UUID, targets: Sequence[UUID]
) -> None:
    wanted = list(dict.fromkeys(targets))
    if len(await db.all(_TARGETS, targets=wanted, unit_id=unit_id)) != len(wanted):
        raise NoticeAudienceOutside
    await AUDIENCE.replace(db, thing_id=notice_id, targets=wanted)


async def create_notice(db: Connection, actor: Actor, *, new: NewNotice) -> Row:
    """Draft a notice of a unit."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.NOTICE_WRITE)
    row = {
        "id": new_id(),
        **new.model_dump(include=set(NoticeFields.model_fields)),
        **place_of(unit),
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


async def update_notice(
    db: Connection, actor: Actor, *, notice_id: UUID, changes: NoticeChanges
) -> Row:
    """Change a draft; what was published stands, for people have read it."""
    notice = await _held(db, actor, notice_id, NoticeState.DRAFT)
    values = changes.model_dump(exclude_unset=True)
    targets = values.pop("audience", None)
    await db.change(Notice, notice_id, values)
    if targets is not None:
        await _write_audience(db, notice_id, notice["unit_id"], targets)
    return await NOTICES.get(db, actor, notice_id)


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
    """Show a notice to those it is for; a network stands for the schools that belong to it today.

    Strata stand for the teachers who count in one today.
    """
    notice = await _held(db, actor, notice_id, NoticeState.DRAFT)
    today = civil_date(now)
    if notice["due_on"] is not None and notice["due_on"] < today:
        raise NoticeDuePast(today=today.isoformat())
    await AUDIENCE.expand_networks(db, thing_id=notice_id, today=today)
    await CANDIDATES.write(db, thing_id=notice_id, strata=notice["strata"], day=today)
    to = NoticeState.PUBLISHED
    await db.run(_ENTER, notice_id=notice_id, to=to, published=now, withdrawn=None)
    return await NOTICES.get(db, actor, notice_id)


async def withdraw_notice(db: Connection, actor: Actor, *, notice_id: UUID, now: datetime) -> Row:
    """Take a notice back: those it was for see it no more; who had confirmed it stays known."""
    notice = await _held(db, actor, notice_id, NoticeState.PUBLISHED)
    at = {"published": notice["published_at"], "withdrawn": now}
    await db.run(_ENTER, notice_id=notice_id, to=NoticeState.WITHDRAWN, **at)
    return await NOTICES.get(db, actor, notice_id)

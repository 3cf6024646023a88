"""Making a regulation, adding a version to it, repealing it."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, func, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Unfit
from app.domain.organisation.units import hold_unit, place_of
from app.domain.plain_text import plain_text, plain_title
from app.domain.quality.official_documents import check_years
from app.domain.quality.regulations.regulation import REGULATIONS
from app.domain.quality.regulations.table import (
    Regulation,
    RegulationFields,
    RegulationVersion,
    RegulationVersionFields,
)
from app.domain.training.files import FILES
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewRegulationVersion(RegulationVersionFields, Command):
    """Another text of a regulation."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        check_years(self.effective_from)
        if self.text is None and self.file_id is None:
            raise Unfit("请填写正文或附文件。", "Give its words or a file.")
        return self


class NewRegulation(RegulationFields, NewRegulationVersion):
    """A regulation to be made, with its first text."""

    unit_id: UUID = Field(description="制定单位 / unit that makes it")

    @model_validator(mode="after")
    def _has_a_title(self) -> Self:
        if not plain_text(self.title):
            raise Unfit("标题须含文字或数字。", "A title has letters or digits.")
        return self


class RegulationRepeal(Command):
    """From when a regulation no longer holds."""

    on: date | None = Field(
        default=None, description="废止日期，默认今天 / first day without it; today by default"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_years(self.on)
        return self


# What can be refused.


class RegulationTitleTaken(Conflict):
    """The unit has one of this title: another text of it is a version, another document has a mark."""

    code = "regulation_title_taken"
    zh = "本单位已有同名制度：修订请新增版本；确为另一制度的，请填写区别（mark）。"
    en = "The unit has one of this title: add a version to it, or give another one a mark."


class RegulationVersionEarlier(Conflict):
    """A version does not come into force before the one that it follows."""

    code = "regulation_version_earlier"
    zh = "新版本的施行日期不能早于上一版本（{day}）。"
    en = "A version does not hold from before the one that it follows ({day})."


class RegulationRepealed(Conflict):
    """The regulation was repealed: nothing is changed of it."""

    code = "regulation_repealed"
    zh = "该制度已于 {day} 废止。"
    en = "The regulation was repealed from {day}."


# What may be done.

_WRITE = Permission.DOCUMENT_WRITE


async def _add_version(
    db: Connection,
    actor: Actor,
    regulation_id: UUID,
    number: int,
    new: NewRegulationVersion,
    now: datetime,
) -> None:
    if new.file_id is not None:  # Held, so that nobody forgets it meanwhile.
        await FILES.get(db, actor, new.file_id, lock=True)
    row = {
        "id": new_id(), "regulation_id": regulation_id, "number": number,
        **new.model_dump(include=set(RegulationVersionFields.model_fields)),
        "added_by": actor.account_id, "added_at": now,
    }  # fmt: skip
    await db.insert(RegulationVersion, row)


async def create_regulation(
    db: Connection, actor: Actor, *, new: NewRegulation, now: datetime
) -> Row:
    """Make a regulation of a unit; one title is one regulation, unless a mark tells them apart."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=_WRITE)
    row = {
        "id": new_id(),
        **new.model_dump(include=set(RegulationFields.model_fields)),
        **place_of(unit),
        "plain_title": plain_title(new.title, most=200),
        "version": 1,
        "created_by": actor.account_id,
        "created_at": now,
    }
    try:
        await db.insert(Regulation, row)
    except UniqueViolationError:
        raise RegulationTitleTaken from None
    await _add_version(db, actor, row["id"], 1, new, now)
    return await REGULATIONS.get(db, actor, row["id"])


async def _open(db: Connection, actor: Actor, regulation_id: UUID) -> Row:
    found = await REGULATIONS.get(db, actor, regulation_id, permission=_WRITE, lock=True)
    if found["repealed_on"] is not None:
        raise RegulationRepealed(day=found["repealed_on"].isoformat())
    return found


_SINCE = Statement(
    select(func.max(col(RegulationVersion.effective_from))).where(
        col(RegulationVersion.regulation_id) == bindparam("regulation_id", type_=Uuid)
    )
)


async def add_regulation_version(
    db: Connection, actor: Actor, *, regulation_id: UUID, new: NewRegulationVersion, now: datetime
) -> Row:
    """Add a text to a regulation; those before stay."""
    found = await _open(db, actor, regulation_id)
    since: date = await db.value(_SINCE, regulation_id=regulation_id)
    if new.effective_from < since:
        raise RegulationVersionEarlier(day=since.isoformat())
    number = found["version"] + 1
    await _add_version(db, actor, regulation_id, number, new, now)
    await db.change(Regulation, regulation_id, {"version": number})
    return await REGULATIONS.get(db, actor, regulation_id)


async def repeal_regulation(
    db: Connection, actor: Actor, *, regulation_id: UUID, repeal: RegulationRepeal, now: datetime
) -> Row:
    """Let a regulation end; its school lacks the set from that day on, unless it has another."""
    await _open(db, actor, regulation_id)
    await db.change(Regulation, regulation_id, {"repealed_on": repeal.on or civil_date(now)})
    return await REGULATIONS.get(db, actor, regulation_id)

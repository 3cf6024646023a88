"""Applying for a title: what a school writes, shows and hands in; and the county's word on it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Uuid, bindparam, delete, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict
from app.domain.organisation.units import Level, NotASchool, hold_unit, place_of
from app.domain.quality.demonstration_calls import DEMONSTRATION_CALLS
from app.domain.quality.demonstrations.conditions import check_findings
from app.domain.quality.demonstrations.demonstration import DEMONSTRATIONS
from app.domain.quality.demonstrations.steps import (
    call_of,
    check_below,
    check_for_itself,
    hold_as_bureau,
    hold_as_school,
    take_step,
)
from app.domain.quality.demonstrations.table import (
    Demonstration,
    DemonstrationAct,
    DemonstrationEvidence,
    DemonstrationExpert,
    DemonstrationState,
)
from app.domain.training.files import (
    FILES,
    FileLinks,
    FileNotFound,
    FileSharing,
    NewFileLink,
    check_sharing,
    link_to,
)
from app.sql import (
    Connection,
    ForeignKeyViolationError,
    Row,
    Statement,
    UniqueViolationError,
    new_id,
)

MOST_FILES = 50


class DemonstrationText(Command):
    """What a school says of itself, and the files that show it."""

    statement: str = Field(
        min_length=10, max_length=20_000, description="自评报告 / self-statement"
    )
    file_ids: list[UUID] = Field(
        default_factory=list, max_length=MOST_FILES, description="佐证文件 / files that show it"
    )


class NewDemonstration(DemonstrationText):
    """An application of a school under a call."""

    unit_id: UUID = Field(description="申报学校 / school")


class DemonstrationRecommendation(Command):
    """What the county says of an application of a school of its own."""

    recommended: bool = Field(description="是否推荐 / whether it is recommended")
    opinion: str = Field(min_length=2, max_length=2000, description="推荐意见 / why")


# What can be refused.


class DemonstrationExists(Conflict):
    """A school applies once under a call."""

    code = "demonstration_exists"
    zh = "该学校已按此通知申报。"
    en = "The school has applied under this call already."


class DemonstrationOutsideWindow(Conflict):
    """What is handed in is handed in within the days that the call says."""

    code = "demonstration_outside_window"
    zh = "申报时间为 {opens} 至 {closes}。"
    en = "Applications are handed in from {opens} to {closes}."


class DemonstrationUnderWay(Conflict):
    """Once experts are appointed, a school no longer takes its application back."""

    code = "demonstration_under_way"
    zh = "已指派评审专家，不能撤回修改。"
    en = "Experts were appointed already: it is no longer taken back."


# What may be done.

_ID = bindparam("demonstration_id", type_=Uuid)
_SHOW_NOTHING = Statement(
    delete(DemonstrationEvidence).where(col(DemonstrationEvidence.demonstration_id) == _ID)
)
_APPOINTED = Statement(
    select(col(DemonstrationExpert.id))
    .where(col(DemonstrationExpert.demonstration_id) == _ID)
    .limit(1)
)


async def create_demonstration(
    db: Connection, actor: Actor, *, call_id: UUID, new: NewDemonstration, now: datetime
) -> Row:
    """Begin an application for the school itself; it is handed in within the days of the call."""
    call = await DEMONSTRATION_CALLS.get(db, actor, call_id)
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.GUIDANCE_ANSWER)
    if unit["level"] != Level.SCHOOL:
        raise NotASchool
    check_for_itself(actor, school_id=unit["id"])
    check_below(unit, bureau_id=call["unit_id"])
    row = {
        "id": new_id(), "call_id": call_id, "by_unit_id": call["unit_id"], **place_of(unit),
        "state": DemonstrationState.DRAFT, "statement": new.statement, "created_at": now,
        "created_by": actor.account_id,
    }  # fmt: skip
    try:
        async with db.transaction():
            await db.insert(Demonstration, row)
    except UniqueViolationError:
        raise DemonstrationExists from None
    await _show(db, actor, row["id"], new.file_ids)
    return await DEMONSTRATIONS.get(db, actor, row["id"])


async def write_demonstration(
    db: Connection, actor: Actor, *, demonstration_id: UUID, said: DemonstrationText
) -> Row:
    """Write the application anew, in the place of what it said before, until it is handed in."""
    await hold_as_school(
        db, actor, demonstration_id=demonstration_id, states=(DemonstrationState.DRAFT,)
    )
    await db.change(Demonstration, demonstration_id, {"statement": said.statement})
    await db.run(_SHOW_NOTHING, demonstration_id=demonstration_id)
    await _show(db, actor, demonstration_id, said.file_ids)
    return await DEMONSTRATIONS.get(db, actor, demonstration_id)


async def _show(db: Connection, actor: Actor, demonstration_id: UUID, file_ids: list[UUID]) -> None:
    for file in (await FILES.by_id(db, actor, file_ids)).values():
        if file is None:
            raise FileNotFound
        # Experts and bureaux open it by the application, however far the file itself goes.
        check_sharing(FileSharing.CITY, shows_pupils=file["shows_pupils"], consent=file["consent"])
    shown = [
        {"demonstration_id": demonstration_id, "file_id": file_id}
        for file_id in dict.fromkeys(file_ids)
    ]
    try:
        async with db.transaction():
            await db.insert_all(DemonstrationEvidence, shown)
    except ForeignKeyViolationError:  # Forgotten between being seen and being attached.
        raise FileNotFound from None


async def create_demonstration_file_link(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    file_id: UUID,
    new: NewFileLink,
    links: FileLinks,
    now: datetime,
) -> Row:
    """A link to a file of an application; whoever reads the application opens what it shows."""
    row = await DEMONSTRATIONS.get(db, actor, demonstration_id)
    if file_id not in row["file_ids"]:
        raise FileNotFound
    return link_to(links, file_id, new, now)


async def hand_in_demonstration(
    db: Connection, actor: Actor, *, demonstration_id: UUID, now: datetime
) -> Row:
    """Hand an application in: the register shows the conditions today, or it is refused with what is missing.

    A school of a county goes to its county for a recommendation, unless the call is the county's own; a
    school that the city administers itself (市直学校) goes to the experts at once.
    """
    row = await hold_as_school(
        db, actor, demonstration_id=demonstration_id, states=(DemonstrationState.DRAFT,)
    )
    check_below(row, bureau_id=row["by_unit_id"])
    call = await call_of(db, row=row)
    today = civil_date(now)
    if not call["opens_on"] <= today <= call["closes_on"]:
        raise DemonstrationOutsideWindow(
            opens=call["opens_on"].isoformat(), closes=call["closes_on"].isoformat()
        )
    findings = await check_findings(
        db, conditions=call["conditions"], school_id=row["school_id"], on=today
    )
    direct = row["county_id"] == row["by_unit_id"]
    changes: dict[str, Any] = {
        "state": DemonstrationState.UNDER_REVIEW if direct else DemonstrationState.HANDED_IN,
        "handed_in_at": now,
        "handed_in_by": actor.account_id,
    }
    return await take_step(
        db, actor, row=row, act=DemonstrationAct.HAND_IN, now=now, changes=changes,
        findings=findings,
    )  # fmt: skip


async def take_back_demonstration(
    db: Connection, actor: Actor, *, demonstration_id: UUID, now: datetime
) -> Row:
    """Take an application back to change it, as long as nobody was appointed to judge it."""
    row = await hold_as_school(
        db, actor, demonstration_id=demonstration_id,
        states=(DemonstrationState.HANDED_IN, DemonstrationState.UNDER_REVIEW),
    )  # fmt: skip
    if await db.value(_APPOINTED, demonstration_id=demonstration_id) is not None:
        raise DemonstrationUnderWay
    changes = {"state": DemonstrationState.DRAFT, "handed_in_at": None, "handed_in_by": None}
    return await take_step(
        db, actor, row=row, act=DemonstrationAct.TAKE_BACK, now=now, changes=changes
    )


async def recommend_demonstration(
    db: Connection,
    actor: Actor,
    *,
    demonstration_id: UUID,
    said: DemonstrationRecommendation,
    now: datetime,
) -> Row:
    """Say for the county whether it recommends a school of its own to the city, and why."""
    row = await hold_as_bureau(
        db, actor, demonstration_id=demonstration_id, states=(DemonstrationState.HANDED_IN,),
        now=now, bureau="county_id",
    )  # fmt: skip
    act, state = DemonstrationAct.NOT_RECOMMEND, DemonstrationState.NOT_RECOMMENDED
    if said.recommended:
        act, state = DemonstrationAct.RECOMMEND, DemonstrationState.UNDER_REVIEW
    return await take_step(
        db, actor, row=row, act=act, now=now, changes={"state": state}, opinion=said.opinion
    )

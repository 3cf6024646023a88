"""Stating outputs, changing what was stated, confirming or returning it, withdrawing it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Uuid, bindparam, delete
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.learning.outputs.duplicates import list_output_duplicates
from app.domain.learning.outputs.numbers import book_number, doi_of
from app.domain.learning.outputs.output import (
    OUTPUTS,
    OutputAuthor,
    OutputFields,
    OutputKind,
    OutputState,
    ResearchOutput,
)
from app.domain.learning.topics import TOPICS, check_people
from app.domain.organisation.units import hold_unit, place_of
from app.domain.people.teachers import TEACHERS
from app.domain.plain_text import plain_title
from app.domain.training.destinations import HostLevel
from app.domain.training.files import FILES
from app.sql import Connection, Row, Statement, new_id


class NewOutput(OutputFields, Command):
    """An output to be stated: by one of its authors, or by the unit."""

    unit_id: UUID | None = Field(
        default=None, description="填报单位，由作者本人填报时不填 / unit; left out by an author"
    )
    author_ids: list[UUID] = Field(
        min_length=1, max_length=50, description="作者，依次 / authors among the teachers, in order"
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len(set(self.author_ids)) < len(self.author_ids):
            raise Unfit("同一作者重复列出。", "An author stands there twice.")
        return self


class OutputChanges(Command):
    """What of an output is to be changed; what is left out stays as it is."""

    title: str | None = Field(
        default=None, min_length=2, max_length=300, description="名称 / title"
    )
    kind: OutputKind | None = Field(default=None, description="成果形式 / kind")
    level: HostLevel | None = Field(default=None, description="级别 / of what level")
    venue: str | None = Field(
        default=None, min_length=1, max_length=200, description="发表或展示场合 / where it appeared"
    )
    published_on: date | None = Field(default=None, description="日期 / day on which it appeared")
    doi: str | None = Field(default=None, max_length=200, description="DOI")
    isbn: str | None = Field(default=None, max_length=30, description="ISBN")
    other_authors: str | None = Field(
        default=None,
        min_length=1,
        max_length=300,
        description="系统外作者 / authors outside the city",
    )
    file_id: UUID | None = Field(default=None, description="佐证文件 / file that shows it")
    author_ids: list[UUID] | None = Field(
        default=None, min_length=1, max_length=50, description="作者，依次 / authors, in order"
    )

    @model_validator(mode="after")
    def _empties_nothing(self) -> Self:
        needed = self.model_fields_set & {
            "title", "kind", "level", "venue", "published_on", "author_ids",
        }  # fmt: skip
        if any(getattr(self, name) is None for name in needed):
            raise Unfit("必填项不能为空。", "What is required cannot be null.")
        if self.author_ids and len(set(self.author_ids)) < len(self.author_ids):
            raise Unfit("同一作者重复列出。", "An author stands there twice.")
        return self


class OutputDecision(Command):
    """What the unit says to an output that was stated."""

    verdict: OutputState = Field(description="核实或退回 / confirmed or returned")
    opinion: str | None = Field(
        default=None, min_length=2, max_length=2000, description="意见，退回时必填 / opinion"
    )
    despite_duplicates: bool = Field(
        default=False,
        description="已核对疑似重复 / whether it is confirmed although others may be the same",
    )

    @model_validator(mode="after")
    def _decides(self) -> Self:
        if self.verdict not in {OutputState.CONFIRMED, OutputState.RETURNED}:
            raise Unfit("请选择核实或退回。", "Decide: confirmed or returned.")
        if self.verdict is OutputState.RETURNED and self.opinion is None:
            raise Unfit("退回须说明理由。", "Say why it is returned.")
        return self


# What can be refused.


class OutputAuthorMissing(Invalid):
    """A teacher states what they are an author of."""

    code = "output_author_missing"
    zh = "由教师本人填报的成果，本人须为作者之一。"
    en = "Whoever states an output as a teacher is one of its authors."


class OutputAhead(Invalid):
    """What has not appeared yet is stated on the day on which it does."""

    code = "output_ahead"
    zh = "发表或展示日期 {published_on} 尚未到来。"
    en = "It is to appear on {published_on}: that day is still to come."


class OutputSettled(Conflict):
    """The output was confirmed or withdrawn."""

    code = "output_settled"
    zh = "该成果当前状态为“{state}”，不能执行此操作。"
    en = "The output is '{state}': this is not done with it now."


class OutputOfOneself(Conflict):
    """Nobody confirms an output of which they are an author."""

    code = "output_of_oneself"
    zh = "不能核实本人为作者的成果。"
    en = "Nobody confirms an output of which they are an author."


class OutputDuplicated(Conflict):
    """Outputs that may be the same stand already: look at them first."""

    code = "output_duplicated"
    zh = "本市已有 {count} 项疑似相同的成果，请先核对。"
    en = "{count} outputs of the city may be the same as this one: look at them first."


# What may be done.


async def _place_of(db: Connection, actor: Actor, new: NewOutput) -> Row:
    write = Permission.TOPIC_WRITE
    if new.unit_id is not None:
        return place_of(await hold_unit(db, actor, unit_id=new.unit_id, permission=write))
    actor.require(write, {"teacher_id": actor.teacher_id})
    own: Any = actor.teacher_id
    if own not in new.author_ids:
        raise OutputAuthorMissing
    teacher = await TEACHERS.get(db, actor, own)
    return {name: teacher[name] for name in PLACE}


def _known_by(given: dict[str, Any]) -> dict[str, Any]:
    """The same with what an output is known again by, as it is compared."""
    more: dict[str, Any] = {}
    if "title" in given:
        more["plain_title"] = plain_title(given["title"], most=300)
    if given.get("doi"):
        more["doi"] = doi_of(given["doi"])
    if given.get("isbn"):
        more["isbn"] = book_number(given["isbn"])
    return given | more


def _check_appeared(published_on: date | None, now: datetime) -> None:
    if published_on is not None and published_on > civil_date(now):
        raise OutputAhead(published_on=published_on.isoformat())


async def _check_shown(db: Connection, actor: Actor, file_id: UUID | None) -> None:
    if file_id is not None:  # Held, so that nobody forgets it meanwhile.
        await FILES.get(db, actor, file_id, lock=True)


async def _write_authors(db: Connection, output_id: UUID, author_ids: Sequence[UUID]) -> None:
    rows = [
        {"id": new_id(), "output_id": output_id, "teacher_id": teacher_id, "ordinal": ordinal}
        for ordinal, teacher_id in enumerate(author_ids, 1)
    ]
    await db.insert_all(OutputAuthor, rows)


async def state_output(db: Connection, actor: Actor, *, new: NewOutput, now: datetime) -> Row:
    """State an output: one's own as an author, or a unit's."""
    _check_appeared(new.published_on, now)
    place = await _place_of(db, actor, new)
    if new.topic_id is not None:
        await TOPICS.get(db, actor, new.topic_id)
    await check_people(db, actor, teacher_ids=new.author_ids)
    await _check_shown(db, actor, new.file_id)
    row = {
        "id": new_id(),
        **_known_by(new.model_dump(include=set(OutputFields.model_fields))),
        **place,
        "state": OutputState.STATED,
        "stated_by": actor.account_id,
        "stated_at": now,
    }
    await db.insert(ResearchOutput, row)
    await _write_authors(db, row["id"], new.author_ids)
    return await OUTPUTS.get(db, actor, row["id"])


async def _held(db: Connection, actor: Actor, output_id: UUID, permission: Permission) -> Row:
    """An output that has neither been confirmed nor withdrawn."""
    output = await OUTPUTS.get(db, actor, output_id, permission=permission, lock=True)
    if output["state"] not in {OutputState.STATED, OutputState.RETURNED}:
        raise OutputSettled(state=output["state"])
    return output


_UNWRITE = Statement(
    delete(OutputAuthor).where(col(OutputAuthor.output_id) == bindparam("output_id", type_=Uuid))
)


def _still_seen(actor: Actor, output: Row, author_ids: Sequence[UUID]) -> bool:
    """Whether the output is still the actor's when these are its authors."""
    place = {name: output[name] for name in PLACE}
    return actor.teacher_id in author_ids or actor.scope(Permission.TOPIC_WRITE).covers(place)


async def update_output(
    db: Connection, actor: Actor, *, output_id: UUID, changes: OutputChanges, now: datetime
) -> Row:
    """Change what was stated and is not confirmed; it waits anew."""
    output = await _held(db, actor, output_id, Permission.TOPIC_WRITE)
    _check_appeared(changes.published_on, now)
    given = changes.model_dump(exclude_unset=True)
    author_ids = given.pop("author_ids", None)
    if author_ids is not None and not _still_seen(actor, output, author_ids):
        raise OutputAuthorMissing
    await _check_shown(db, actor, given.get("file_id"))
    again = {
        "state": OutputState.STATED, "stated_by": actor.account_id, "stated_at": now,
        "opinion": None, "decided_by": None, "decided_at": None,
    }  # fmt: skip
    await db.change(ResearchOutput, output_id, _known_by(given) | again)
    if author_ids is not None:
        joining = [each for each in author_ids if each not in output["author_ids"]]
        await check_people(db, actor, teacher_ids=joining)
        await db.run(_UNWRITE, output_id=output_id)
        await _write_authors(db, output_id, author_ids)
    return await OUTPUTS.get(db, actor, output_id)


async def _settle(
    db: Connection, actor: Actor, output_id: UUID, state: OutputState, opinion: str | None,
    now: datetime,
) -> Row:  # fmt: skip
    settled = {
        "state": state, "opinion": opinion, "decided_by": actor.account_id, "decided_at": now,
    }  # fmt: skip
    await db.change(ResearchOutput, output_id, settled)
    return await OUTPUTS.get(db, actor, output_id)


async def decide_output(
    db: Connection, actor: Actor, *, output_id: UUID, decision: OutputDecision, now: datetime
) -> Row:
    """Confirm an output of the actor's place, or return it to be put right."""
    output = await _held(db, actor, output_id, Permission.TOPIC_REVIEW)
    if output["state"] != OutputState.STATED:
        raise OutputSettled(state=output["state"])
    if await is_oneself(db, actor, teacher_ids=output["author_ids"]):
        raise OutputOfOneself
    if decision.verdict is OutputState.CONFIRMED and not decision.despite_duplicates:
        found = await list_output_duplicates(db, actor, output_id=output_id)
        if found:
            raise OutputDuplicated(count=len(found))
    return await _settle(db, actor, output_id, decision.verdict, decision.opinion, now)


async def withdraw_output(db: Connection, actor: Actor, *, output_id: UUID, now: datetime) -> Row:
    """Take back what was stated and has not been confirmed."""
    await _held(db, actor, output_id, Permission.TOPIC_WRITE)
    return await _settle(db, actor, output_id, OutputState.WITHDRAWN, None, now)

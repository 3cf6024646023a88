"""Entering outputs and topics for the award, and publishing what was awarded."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import ARRAY, Text, Uuid, bindparam, delete, func, select, union, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Unfit
from app.domain.learning.awards.award_round import AWARD_ROUNDS, AwardRound, AwardRoundState
from app.domain.learning.awards.entry import AWARD_ENTRIES, AwardEntry, AwardEntryNotFound
from app.domain.learning.outputs import OUTPUTS, OutputAuthor, OutputState
from app.domain.learning.topics import TopicMember, TopicState, open_topic
from app.domain.training.contest_results import Award
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewAwardEntry(Command):
    """What is to be entered: an output or a topic."""

    output_id: UUID | None = Field(default=None, description="成果 / output")
    topic_id: UUID | None = Field(default=None, description="课题 / topic")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.output_id is None) == (self.topic_id is None):
            raise Unfit("成果与课题填且只填一个。", "Name an output or a topic, and one of them.")
        return self


class Awarded(Command):
    """What one entry is awarded."""

    entry_id: UUID = Field(description="申报 / entry")
    award: Award = Field(description="奖次 / award")
    opinion: str | None = Field(
        default=None, min_length=2, max_length=500, description="评语 / what is said of it"
    )


class Awards(Command):
    """What is awarded in a round; what is not named wins nothing."""

    awards: list[Awarded] = Field(max_length=2000, description="获奖名单 / awards")

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({each.entry_id for each in self.awards}) < len(self.awards):
            raise Unfit("同一申报重复列出。", "An entry stands there twice.")
        return self


# What can be refused.


class AwardRoundOver(Conflict):
    """The awards of the round are published."""

    code = "award_round_over"
    zh = "该评选结果已公布。"
    en = "The awards of this round are published."


class AwardWindowClosed(Conflict):
    """Entries come in within the window."""

    code = "award_window_closed"
    zh = "申报时间为 {opens_on} 至 {closes_on}。"
    en = "Entries come in from {opens_on} to {closes_on}."


class AwardRoundElsewhere(Conflict):
    """What is entered in a round was made at the unit that gives the award, or below it."""

    code = "award_round_elsewhere"
    zh = "该成果或课题不属于评选单位及其下属单位。"
    en = "It was not made at the unit that gives this award, or below it."


class AchievementUnfinished(Conflict):
    """What is entered is a confirmed output or a concluded topic."""

    code = "achievement_unfinished"
    zh = "只有已核实的成果或已结题的课题才能申报。"
    en = "What is entered is an output that is confirmed, or a topic that is concluded."


class AwardEntryExists(Conflict):
    """It was entered in this round already."""

    code = "award_entry_exists"
    zh = "该成果或课题已申报本次评选。"
    en = "It was entered in this round already."


class AwardOfOneself(Conflict):
    """Nobody gives an award to what they made."""

    code = "award_of_oneself"
    zh = "不能评定本人的成果或课题。"
    en = "Nobody gives an award to what they made themselves."


# What may be done.


async def _made(db: Connection, actor: Actor, new: NewAwardEntry) -> Row:
    """What is to be entered, if it is finished and the actor may write on it."""
    if new.topic_id is not None:
        made = await open_topic(db, actor, topic_id=new.topic_id)
        finished = made["state"] == TopicState.CONCLUDED
    else:
        write, output_id = Permission.TOPIC_WRITE, new.output_id
        assert output_id is not None  # noqa: S101  the command's validator has seen to it
        made = await OUTPUTS.get(db, actor, output_id, permission=write, lock=True)
        finished = made["state"] == OutputState.CONFIRMED
    if not finished:
        raise AchievementUnfinished
    return made


async def enter_achievement(
    db: Connection, actor: Actor, *, round_id: UUID, new: NewAwardEntry, now: datetime
) -> Row:
    """Enter an output or a topic in an open round of a unit above it, within its window."""
    contest = await AWARD_ROUNDS.get(db, actor, round_id, lock=True)
    if contest["state"] != AwardRoundState.OPEN:
        raise AwardRoundOver
    if not contest["opens_on"] <= civil_date(now) <= contest["closes_on"]:
        raise AwardWindowClosed(
            opens_on=contest["opens_on"].isoformat(), closes_on=contest["closes_on"].isoformat()
        )
    made = await _made(db, actor, new)
    place = {name: made[name] for name in PLACE}
    if contest["unit_id"] not in place.values():
        raise AwardRoundElsewhere
    row = {
        "id": new_id(), "round_id": round_id, **new.model_dump(), **place,
        "entered_by": actor.account_id, "entered_at": now,
    }  # fmt: skip
    try:
        await db.insert(AwardEntry, row)
    except UniqueViolationError:
        raise AwardEntryExists from None
    return await AWARD_ENTRIES.get(db, actor, row["id"])


_REMOVE = Statement(
    delete(AwardEntry).where(col(AwardEntry.id) == bindparam("entry_id", type_=Uuid))
)


async def withdraw_achievement(db: Connection, actor: Actor, *, entry_id: UUID) -> Row:
    """Take an entry back before the awards are published; what it was."""
    write = Permission.TOPIC_WRITE
    entry = await AWARD_ENTRIES.get(db, actor, entry_id, permission=write)
    contest = await AWARD_ROUNDS.get(db, actor, entry["round_id"], lock=True)
    if contest["state"] != AwardRoundState.OPEN:
        raise AwardRoundOver
    await db.run(_REMOVE, entry_id=entry_id)
    return entry


_round_id = bindparam("round_id", type_=Uuid)
_entered = col(AwardEntry.round_id) == _round_id
_MAKERS = Statement(
    union(
        select(col(OutputAuthor.teacher_id))
        .join(AwardEntry, col(AwardEntry.output_id) == col(OutputAuthor.output_id))
        .where(_entered),
        select(col(TopicMember.teacher_id))
        .join(AwardEntry, col(AwardEntry.topic_id) == col(TopicMember.topic_id))
        .where(_entered),
    )
)
_KEYS = Statement(select(col(AwardEntry.id)).where(_entered))
_NOTHING: tuple[Award, str | None] = (Award.NONE, None)
_given = (
    func.unnest(
        bindparam("entry_ids", type_=ARRAY(Uuid)),
        bindparam("awards", type_=ARRAY(Text)),
        bindparam("opinions", type_=ARRAY(Text)),
    )
    .table_valued("entry_id", "award", "opinion", name="given")
    .render_derived()
)
_AWARD = Statement(
    update(AwardEntry)
    .where(_entered, col(AwardEntry.id) == _given.c.entry_id)
    .values(award=_given.c.award, opinion=_given.c.opinion)
)


async def award_achievements(
    db: Connection, actor: Actor, *, round_id: UUID, new: Awards, now: datetime
) -> Row:
    """Publish what a round awards, all at once; whoever made one of the entries does not."""
    review = Permission.TOPIC_REVIEW
    contest = await AWARD_ROUNDS.get(db, actor, round_id, permission=review, lock=True)
    if contest["state"] != AwardRoundState.OPEN:
        raise AwardRoundOver
    makers = [row["teacher_id"] for row in await db.all(_MAKERS, round_id=round_id)]
    if await is_oneself(db, actor, teacher_ids=makers):
        raise AwardOfOneself
    known = {row["id"] for row in await db.all(_KEYS, round_id=round_id)}
    if not known.issuperset(each.entry_id for each in new.awards):
        raise AwardEntryNotFound
    given = {each.entry_id: each for each in new.awards}
    awards = [(given[key].award, given[key].opinion) if key in given else _NOTHING for key in known]
    await db.run(
        _AWARD,
        round_id=round_id,
        entry_ids=list(known),
        awards=[award.value for award, _ in awards],
        opinions=[opinion for _, opinion in awards],
    )
    published = {"state": AwardRoundState.PUBLISHED, "published_at": now}
    await db.change(AwardRound, round_id, published)
    return await AWARD_ROUNDS.get(db, actor, round_id)

"""Of each place: topics begun, applied for, scored and studied; an output, a round of the award."""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.learning.awards import AwardEntry, AwardRound
from app.domain.learning.outputs import OutputAuthor, ResearchOutput
from app.domain.learning.topic_steps import TopicStep
from app.domain.learning.topic_steps.step import TopicAppraisal
from app.domain.learning.topics import Topic, TopicMember
from app.sql import Connection, Row
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City

_LEVEL = {"city": "city", "county": "county"}


async def add_topic(
    db: Connection, unit: Row, level: str, leader: Row, by: UUID, state: str
) -> UUID:
    """A topic of a unit, which one teacher leads and nobody else takes part in."""
    topic_id = await add_row(
        db, Topic, **place_of(unit), title="课题", level=level, summary="论证",
        starts_on=date(2026, 9, 1), due_on=date(2028, 7, 31), leader_id=leader["id"], state=state,
        created_by=by, created_at=NOW,
    )  # fmt: skip
    member = {"topic_id": topic_id, "teacher_id": leader["id"], "duty": "leader", "share": 100}
    await add_row(db, TopicMember, **member)
    return topic_id


async def add_application(db: Connection, topic_id: UUID, by: UUID) -> UUID:
    """An application that waits; whoever decides on it is another than who filed it."""
    return await add_row(
        db, TopicStep, topic_id=topic_id, kind="application", summary="立项申请", filed_at=NOW,
        filed_by=by, state="filed",
    )  # fmt: skip


async def add_things(db: Connection, world: World, city: City) -> None:
    """The expert who is asked is of another school, and so is who leads what the expert scores."""
    filed_by = city.sibling_teacher_account.actor.account_id
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        unit, level = units[-1], _LEVEL.get(name, "school")
        leader = world.teachers.get(name, world.teachers["far"])
        for kind, state in (("topic", "draft"), ("studied", "approved"), ("applied", "submitted")):
            topic_id = await add_topic(db, unit, level, leader, filed_by, state)
            things[kind] = Thing(topic_id, path, teacher_id=leader["id"])
        step = await add_application(db, things["applied"].id, filed_by)
        things["step"] = Thing(step, path, teacher_id=leader["id"])
        judged = await add_topic(db, unit, level, city.direct_teacher, filed_by, "submitted")
        things["judged"] = Thing(judged, path, teacher_id=city.direct_teacher["id"])
        expert: UUID = world.teachers["far" if name == "school" else "school"]["id"]
        judged_step = await add_application(db, judged, filed_by)
        things["judged_step"] = Thing(judged_step, path, teacher_id=expert)
        appraisal = await add_row(
            db, TopicAppraisal, step_id=judged_step, expert_id=expert, state="asked",
            asked_by=filed_by, asked_at=NOW,
        )  # fmt: skip
        things["appraisal"] = Thing(appraisal, path, teacher_id=expert)
        await add_achievements(db, things, unit, path, leader, filed_by)


async def add_achievements(
    db: Connection,
    things: dict[str, Thing],
    unit: Row,
    path: tuple[UUID, ...],
    author: Row,
    by: UUID,
) -> None:
    """An output that waits to be confirmed, and one that was entered for the award of the unit."""
    said: dict[str, Any] = {
        "title": "论文", "plain_title": "论文", "kind": "paper", "level": "city", "venue": "学报",
        "published_on": date(2026, 10, 1), "stated_by": by, "stated_at": NOW, **place_of(unit),
    }  # fmt: skip
    stated = await add_row(db, ResearchOutput, **said, state="stated")
    entered = await add_row(db, ResearchOutput, **said, state="confirmed", decided_at=NOW)
    for output_id in (stated, entered):
        await add_row(db, OutputAuthor, output_id=output_id, teacher_id=author["id"], ordinal=1)
    contest = await add_row(
        db, AwardRound, **place_of(unit), year=2026, title="成果奖", opens_on=date(2026, 1, 1),
        closes_on=date(2026, 12, 31), state="open", opened_by=by, opened_at=NOW,
    )  # fmt: skip
    entry = await add_row(
        db, AwardEntry, **place_of(unit), round_id=contest, output_id=entered, entered_by=by,
        entered_at=NOW,
    )  # fmt: skip
    things["output"] = Thing(stated, path, teacher_id=author["id"])
    things["entered"] = Thing(entered, path, teacher_id=author["id"])
    things["award_round"] = Thing(contest, path, audience=unit["id"])
    things["award_entry"] = Thing(entry, path, teacher_id=author["id"])

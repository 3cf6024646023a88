"""Giving a follow-up, answering it, and looking at it again."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.credits.assessments import ASSESSMENTS
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.learning.courses import CourseNotFound, courses_by_id
from app.domain.learning.resources import ResourceNotFound, resources_by_id
from app.domain.people.teachers import TEACHERS
from app.domain.quality.follow_ups.follow_up import (
    FOLLOW_UPS,
    FollowUp,
    FollowUpFields,
    FollowUpFinding,
    Recommendation,
    RecommendationFields,
)
from app.domain.training.activities import ActivityNotFound, activities_by_id
from app.sql import Connection, Row, new_id


class NewRecommendation(RecommendationFields, Command):
    """One thing to recommend: one activity, course or resource that is there, or words."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        things = (self.activity_id, self.course_id, self.resource_id)
        if sum(each is not None for each in things) > 1 or not (any(things) or self.note):
            raise Unfit(
                "每条推荐对应一个活动、课程或资源，或文字说明。",
                "Recommend one activity, course or resource each, or say what in words.",
            )
        return self


class NewFollowUp(FollowUpFields, Command):
    """What is to be told to a teacher after an assessment."""

    recommendations: list[NewRecommendation] = Field(
        default_factory=list, max_length=10, description="推荐的研修 / what is recommended"
    )


class FollowUpReply(Command):
    """What the teacher answers."""

    reply: str = Field(min_length=1, max_length=2000, description="教师回应 / answer")


class FollowUpReview(Command):
    """What was found when it was looked at again."""

    finding: FollowUpFinding = Field(description="跟进结果 / what was found")
    review: str = Field(min_length=1, max_length=2000, description="跟进意见 / in words")


# What can be refused.


class FollowUpOfOneself(Conflict):
    """Nobody guides, or looks again at, themselves."""

    code = "follow_up_of_oneself"
    zh = "不能对本人进行考核跟进指导。"
    en = "Nobody gives or reviews a follow-up of their own."


class FollowUpDayPast(Invalid):
    """There is time to work on it."""

    code = "follow_up_day_past"
    zh = "跟进日期须晚于今天。"
    en = "It is looked at again on a day to come."


class FollowUpReplied(Conflict):
    """It was answered, or looked at again, before."""

    code = "follow_up_replied"
    zh = "已回应或已跟进。"
    en = "It was answered, or looked at again, already."


class FollowUpReviewed(Conflict):
    """It was looked at again before."""

    code = "follow_up_reviewed"
    zh = "已跟进。"
    en = "It was looked at again already."


# What may be done.


async def _check_recommended(
    db: Connection, actor: Actor, recommended: list[NewRecommendation]
) -> None:
    """Refuse what the actor cannot see: what is recommended is there. One statement for each kind."""
    activities = [each.activity_id for each in recommended if each.activity_id is not None]
    courses = [each.course_id for each in recommended if each.course_id is not None]
    resources = [each.resource_id for each in recommended if each.resource_id is not None]
    if None in (await activities_by_id(db, actor, activity_ids=activities)).values():
        raise ActivityNotFound
    if None in (await courses_by_id(db, actor, course_ids=courses)).values():
        raise CourseNotFound
    if None in (await resources_by_id(db, actor, resource_ids=resources)).values():
        raise ResourceNotFound


async def give_follow_up(
    db: Connection, actor: Actor, *, assessment_id: UUID, new: NewFollowUp, now: datetime
) -> Row:
    """Tell a teacher after an assessment what is good, what to work on, and by what; it stays as said."""
    write = Permission.ASSESSMENT_WRITE
    assessment = await ASSESSMENTS.get(db, actor, assessment_id, permission=write)
    teacher_id = assessment["teacher_id"]
    if await is_oneself(db, actor, teacher_ids=[teacher_id]):
        raise FollowUpOfOneself
    if new.follow_up_on <= civil_date(now):
        raise FollowUpDayPast
    await _check_recommended(db, actor, new.recommendations)
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=write)
    row = {
        "id": new_id(),
        **new.model_dump(exclude={"recommendations"}),
        "assessment_id": assessment_id,
        "teacher_id": teacher_id,
        **{name: teacher[name] for name in PLACE},
        "given_at": now,
        "given_by": actor.account_id,
    }
    await db.insert(FollowUp, row)
    recommended = [
        {"follow_up_id": row["id"], "ordinal": ordinal, **each.model_dump()}
        for ordinal, each in enumerate(new.recommendations, start=1)
    ]
    await db.insert_all(Recommendation, recommended)
    return await FOLLOW_UPS.get(db, actor, row["id"])


async def reply_to_follow_up(
    db: Connection, actor: Actor, *, follow_up_id: UUID, said: FollowUpReply, now: datetime
) -> Row:
    """Answer in person what one was told; once, and before it is looked at again."""
    right = Permission.RECORD_OWN
    held = await FOLLOW_UPS.get(db, actor, follow_up_id, permission=right, lock=True)
    actor.require_in_person()
    if held["replied_at"] is not None or held["reviewed_at"] is not None:
        raise FollowUpReplied
    await db.change(FollowUp, follow_up_id, {"reply": said.reply, "replied_at": now})
    return await FOLLOW_UPS.get(db, actor, follow_up_id)


async def review_follow_up(
    db: Connection, actor: Actor, *, follow_up_id: UUID, said: FollowUpReview, now: datetime
) -> Row:
    """Say what came of it, on its day, or as soon as there is something to say."""
    write = Permission.ASSESSMENT_WRITE
    held = await FOLLOW_UPS.get(db, actor, follow_up_id, permission=write, lock=True)
    if await is_oneself(db, actor, teacher_ids=[held["teacher_id"]]):
        raise FollowUpOfOneself
    if held["reviewed_at"] is not None:
        raise FollowUpReviewed
    reviewed = {**said.model_dump(), "reviewed_at": now, "reviewed_by": actor.account_id}
    await db.change(FollowUp, follow_up_id, reviewed)
    return await FOLLOW_UPS.get(db, actor, follow_up_id)

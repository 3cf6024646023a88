from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.access.actors import NotInPerson
from app.domain.access.roles import Permission
from app.domain.credits.assessments import AssessmentNotFound
from app.domain.errors import DomainError, NotAllowed
from app.domain.learning.courses import CourseNotFound
from app.domain.learning.resources import ResourceNotFound
from app.domain.paging import PageRequest
from app.domain.quality.follow_ups import (
    FollowUpDayPast,
    FollowUpFinding,
    FollowUpNotFound,
    FollowUpOfOneself,
    FollowUpReplied,
    FollowUpReply,
    FollowUpReview,
    FollowUpReviewed,
    get_follow_up,
    list_follow_ups,
    reply_to_follow_up,
    review_follow_up,
)
from app.domain.training.activities import ActivityNotFound
from app.sql import Connection, new_id
from tests.make import NOW, City, make_activity
from tests.make_courses import make_school_course
from tests.make_incentives import make_assessment, make_follow_up
from tests.make_resources import make_resource

PAGE = PageRequest(limit=50)
REPLY = FollowUpReply(reply="下月上一节研讨课")
REVIEW = FollowUpReview(finding=FollowUpFinding.REACHED, review="追问明显加深")


async def test_a_teacher_is_told_answers_and_is_looked_at_again(db: Connection, city: City) -> None:
    by = city.school_admin
    assessment = await make_assessment(db, by, city.teacher)
    activity = await make_activity(db, city.school, by)
    course = await make_school_course(db, city)
    resource = await make_resource(db, by, unit_id=city.school["id"])
    row = await make_follow_up(
        db, by, assessment,
        recommendations=[
            {"activity_id": activity["id"]}, {"course_id": course["id"], "note": "先学第一章"},
            {"resource_id": resource["id"]}, {"note": "读一本书"},
        ],
    )  # fmt: skip
    told = row["recommendations"]
    assert [each["note"] for each in told] == [None, "先学第一章", None, "读一本书"]
    assert (told[0]["activity_id"], told[1]["course_id"]) == (
        str(activity["id"]), str(course["id"]),
    )  # fmt: skip
    about: dict[str, Any] = {"follow_up_id": row["id"], "now": NOW}
    replied = await reply_to_follow_up(db, city.teacher_account.actor, said=REPLY, **about)
    assert replied["reply"] == "下月上一节研讨课"
    with pytest.raises(FollowUpReplied):
        await reply_to_follow_up(db, city.teacher_account.actor, said=REPLY, **about)
    reviewed = await review_follow_up(db, by.actor, said=REVIEW, **about)
    assert (reviewed["finding"], reviewed["reviewed_at"]) == ("reached", NOW)
    with pytest.raises(FollowUpReviewed):
        await review_follow_up(db, by.actor, said=REVIEW, **about)
    assert not (await list_follow_ups(db, by.actor, page=PAGE, reviewed=False)).items


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"recommendations": [{"activity_id": new_id()}]}, ActivityNotFound),
        ({"recommendations": [{"course_id": new_id()}]}, CourseNotFound),
        ({"recommendations": [{"resource_id": new_id()}]}, ResourceNotFound),
        ({"recommendations": [{}]}, ValidationError),
        ({"follow_up_on": NOW.date()}, FollowUpDayPast),
    ],
    ids=["activity", "course", "resource", "nothing", "today"],
)
async def test_what_cannot_be_told(
    db: Connection, city: City, more: dict[str, Any], refusal: type[DomainError]
) -> None:
    assessment = await make_assessment(db, city.school_admin, city.teacher)
    with pytest.raises(refusal):
        await make_follow_up(db, city.school_admin, assessment, **more)
    assert not (await list_follow_ups(db, city.city_admin.actor, page=PAGE)).items


async def test_it_is_between_the_teacher_and_those_in_charge(db: Connection, city: City) -> None:
    by = city.school_admin
    assessment = await make_assessment(db, by, city.teacher)
    row = await make_follow_up(db, by, assessment)
    for other in (city.colleague_account, city.sibling_admin):
        with pytest.raises(FollowUpNotFound):
            await get_follow_up(db, other.actor, follow_up_id=row["id"])
        with pytest.raises(AssessmentNotFound):
            await make_follow_up(db, other, assessment)
    with pytest.raises(NotAllowed):
        await get_follow_up(db, city.auditor.actor, follow_up_id=row["id"])
    with pytest.raises(NotAllowed):
        await reply_to_follow_up(db, by.actor, follow_up_id=row["id"], said=REPLY, now=NOW)
    person = city.teacher_account.actor
    scopes = frozenset({Permission.RECORD_OWN, Permission.FOLLOW_UP_READ})
    application = replace(person, client_id=new_id(), scopes=scopes)
    with pytest.raises(NotInPerson):
        await reply_to_follow_up(db, application, follow_up_id=row["id"], said=REPLY, now=NOW)
    own = replace(by.actor, teacher_id=city.teacher["id"])
    with pytest.raises(FollowUpOfOneself):
        await review_follow_up(db, own, follow_up_id=row["id"], said=REVIEW, now=NOW)
    kept = await get_follow_up(db, city.teacher_account.actor, follow_up_id=row["id"])
    assert (kept["replied_at"], kept["reviewed_at"]) == (None, None)

"""Discussions: on what one runs, seen by whoever sees that, closed and opened again; how far one has read."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import delete, select, update
from sqlmodel import col

from app.domain.access.audit.change import AuditChange
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.learning.courses import CourseNotFound
from app.domain.learning.discussion_posts import PostNotFound, get_discussion_post
from app.domain.learning.discussions import (
    DISCUSSIONS,
    DiscussionChanges,
    DiscussionClosed,
    DiscussionClosing,
    DiscussionMark,
    DiscussionNotFound,
    DiscussionOpen,
    DiscussionVideoUnfit,
    NewDiscussion,
    close_discussion,
    get_discussion,
    get_discussion_reading,
    list_discussions,
    read_discussion,
    reopen_discussion,
    update_discussion,
)
from app.domain.learning.resources import ResourceNotFound
from app.domain.learning.topics import TopicMember
from app.domain.paging import PageRequest
from app.domain.training.activities import (
    ActivityNotFound,
    ActivityState,
    SessionNotFound,
    get_activity,
)
from app.domain.training.activities.audience import ActivityAudience
from app.domain.training.groups import GroupClosed, ResearchGroup
from app.sql import Connection, Row, Statement, new_id
from tests.make import NOW, TODAY, City, Person, make_account, make_activity, make_group
from tests.make_courses import make_course, make_school_course
from tests.make_discussions import make_discussion, make_observation, say
from tests.make_resources import make_resource
from tests.make_topics import make_topic

ALL = PageRequest(limit=100)
CLOSING = DiscussionClosing(reason="讨论结束")


async def test_the_trail_of_an_observation_lies_with_who_opened_it(
    db: Connection, city: City
) -> None:
    video = await make_resource(
        db, city.school_admin, unit_id=city.school["id"], kind="audio_visual"
    )
    activity = await make_activity(db, city.county, city.county_admin)
    made = await make_discussion(
        db, city.county_admin, activity_id=activity["id"], resource_id=video["id"],
        duration_ms=600_000,
    )  # fmt: skip
    trail = Statement(
        select(col(AuditChange.school_id), col(AuditChange.county_id)).where(
            col(AuditChange.row_key) == str(made["id"])
        )
    )
    assert await db.all(trail) == [{"school_id": None, "county_id": city.county["id"]}]


async def listed(db: Connection, who: Person, **asked: Any) -> list[Any]:
    page = await list_discussions(db, who.actor, page=ALL, **asked)
    return [row["id"] for row in page.items]


async def test_whoever_sees_the_activity_sees_what_is_said_of_it(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin, city.school)
    before = db.statements
    made = await make_discussion(
        db, city.county_admin, activity_id=activity["id"],
        session_id=activity["sessions"][0]["id"],
    )  # fmt: skip
    assert db.statements - before == 4
    assert (made["posts"], made["last_post_at"], made["closed_at"]) == (0, None, None)
    for person in (city.teacher_account, city.school_admin, city.city_admin):
        before = db.statements
        assert await get_discussion(db, person.actor, discussion_id=made["id"]) == made
        assert db.statements - before == 1
    for person in (city.sibling_admin, city.sibling_teacher_account, city.other_county_admin):
        with pytest.raises(DiscussionNotFound):
            await get_discussion(db, person.actor, discussion_id=made["id"])
    for person in (city.auditor, city.integration):
        with pytest.raises(NotAllowed, match="discussion:read"):
            await get_discussion(db, person.actor, discussion_id=made["id"])
        assert await DISCUSSIONS.by_id(db, person.actor, [made["id"]]) == {made["id"]: None}
        with pytest.raises(NotAllowed, match="discussion:read"):
            await listed(db, person, offered=True)
    before = db.statements
    assert await listed(db, city.county_admin, activity_id=activity["id"]) == [made["id"]]
    assert db.statements - before == 1
    assert await listed(db, city.school_admin) == []
    assert await listed(db, city.school_admin, offered=True) == [made["id"]]
    assert await listed(db, city.teacher_account, offered=True) == [made["id"]]
    assert await listed(db, city.sibling_teacher_account, offered=True) == []


async def test_for_whom_has_no_part_in_discussions_there_is_none(
    db: Connection, city: City
) -> None:
    """The activity is published to the auditor's school, and lies outside the auditor's place."""
    activity = await make_activity(db, city.county, city.county_admin, city.school)
    made = await make_discussion(db, city.county_admin, activity_id=activity["id"])
    post = await say(db, city.county_admin, made)
    outsider = await make_account(db, "outsider", Role.AUDITOR, city.school)
    assert await get_activity(db, outsider.actor, activity_id=activity["id"])
    for key in (made["id"], new_id()):
        with pytest.raises(DiscussionNotFound):
            await get_discussion(db, outsider.actor, discussion_id=key)
        with pytest.raises(DiscussionNotFound):
            await close_discussion(db, outsider.actor, discussion_id=key, closing=CLOSING, now=NOW)
    for key in (post["id"], new_id()):
        with pytest.raises(PostNotFound):
            await get_discussion_post(db, outsider.actor, post_id=key)


async def test_an_application_that_reads_a_discussion_has_asked_for_it_once(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    made = await make_discussion(db, city.school_admin, activity_id=activity["id"])
    application = replace(city.school_admin.actor, client_id=new_id(), uses=Counter())
    await get_discussion(db, application, discussion_id=made["id"])
    assert application.uses == {DISCUSSIONS.read: 1}
    await DISCUSSIONS.by_id(db, application, [made["id"]])
    assert application.uses == {DISCUSSIONS.read: 2}


async def test_what_goes_out_of_sight_takes_along_what_was_said_of_it(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.county, city.county_admin, city.school)
    made = await make_discussion(db, city.county_admin, activity_id=activity["id"])
    await db.run(
        Statement(
            delete(ActivityAudience).where(col(ActivityAudience.activity_id) == activity["id"])
        )
    )
    with pytest.raises(DiscussionNotFound):
        await get_discussion(db, city.teacher_account.actor, discussion_id=made["id"])
    draft = await make_activity(
        db, city.county, city.county_admin, city.school, state=ActivityState.DRAFT
    )
    early = await make_discussion(db, city.county_admin, activity_id=draft["id"])
    with pytest.raises(DiscussionNotFound):
        await get_discussion(db, city.teacher_account.actor, discussion_id=early["id"])


async def test_a_course_is_discussed_by_those_for_whom_it_is(db: Connection, city: City) -> None:
    course = await make_school_course(db, city)
    made = await make_discussion(db, city.school_admin, course_id=course["id"])
    assert await listed(db, city.teacher_account, offered=True) == [made["id"]]
    assert await listed(db, city.county_admin, course_id=course["id"]) == [made["id"]]
    assert await listed(db, city.sibling_teacher_account, offered=True) == []
    with pytest.raises(NotAllowed, match="discussion:write"):
        await make_discussion(db, city.teacher_account, course_id=course["id"])
    draft = await make_course(db, city.school_admin, unit_id=city.school["id"])
    with pytest.raises(CourseNotFound):
        await make_discussion(db, city.sibling_admin, course_id=draft["id"])


async def test_those_who_study_a_topic_discuss_it_among_themselves(
    db: Connection, city: City
) -> None:
    topic = await make_topic(db, city.teacher_account)
    made = await make_discussion(db, city.teacher_account, topic_id=topic["id"])
    with pytest.raises(DiscussionNotFound):
        await get_discussion(db, city.colleague_account.actor, discussion_id=made["id"])
    member = {
        "id": new_id(), "topic_id": topic["id"], "teacher_id": city.colleague["id"],
        "duty": "member", "share": 0,
    }  # fmt: skip
    await db.insert(TopicMember, member)
    assert await listed(db, city.colleague_account, offered=True) == [made["id"]]
    theirs = await make_discussion(db, city.colleague_account, topic_id=topic["id"])
    for key, who in ((made, city.colleague_account), (theirs, city.teacher_account)):
        with pytest.raises(NotAllowed, match="discussion:write"):
            await close_discussion(db, who.actor, discussion_id=key["id"], closing=CLOSING, now=NOW)
    await close_discussion(
        db, city.colleague_account.actor, discussion_id=theirs["id"], closing=CLOSING, now=NOW
    )
    await close_discussion(
        db, city.school_admin.actor, discussion_id=made["id"], closing=CLOSING, now=NOW
    )


async def test_a_group_discusses_until_it_is_closed(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    made = await make_discussion(db, city.teacher_account, group_id=group["id"])
    assert await listed(db, city.teacher_account, group_id=group["id"]) == [made["id"]]
    with pytest.raises(DiscussionNotFound):
        await get_discussion(db, city.colleague_account.actor, discussion_id=made["id"])
    await db.run(
        Statement(
            update(ResearchGroup)
            .where(col(ResearchGroup.id) == group["id"])
            .values(closed_on=TODAY)
        )
    )
    with pytest.raises(GroupClosed):
        await make_discussion(db, city.teacher_account, group_id=group["id"])


async def test_a_video_is_a_resource_that_one_may_see(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    on = {"activity_id": activity["id"], "duration_ms": 60_000}
    made = await make_observation(db, city.school_admin, activity)
    assert await listed(db, city.school_admin, video=True) == [made["id"]]
    book = await make_resource(db, city.school_admin, unit_id=city.school["id"], kind="book")
    with pytest.raises(DiscussionVideoUnfit):
        await make_discussion(db, city.school_admin, resource_id=book["id"], **on)
    theirs = await make_resource(db, city.sibling_admin, unit_id=city.sibling["id"])
    with pytest.raises(ResourceNotFound):
        await make_discussion(db, city.school_admin, resource_id=theirs["id"], **on)
    assert await listed(db, city.school_admin) == [made["id"]]


@pytest.mark.parametrize(
    "given",
    [
        {}, {"activity_id": 1, "course_id": 1}, {"course_id": 1, "session_id": 1},
        {"activity_id": 1, "resource_id": 1}, {"activity_id": 1, "duration_ms": 5},
        {"activity_id": 1, "resource_id": 1, "duration_ms": 0},
        {"activity_id": 1, "title": "  "}, {"activity_id": 1, "text": "一" * 5001},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(given: dict[str, Any]) -> None:
    keys = {name: new_id() if value == 1 else value for name, value in given.items()}
    with pytest.raises(ValidationError):
        NewDiscussion.model_validate({"title": "主题"} | keys)


async def test_it_is_opened_where_one_runs_the_thing(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin, city.school)
    other = await make_activity(db, city.county, city.county_admin)
    draft = await make_activity(db, city.county, city.county_admin, state=ActivityState.DRAFT)
    for person in (city.school_admin, city.teacher_account):
        with pytest.raises(NotAllowed, match="discussion:write"):
            await make_discussion(db, person, activity_id=activity["id"])
    with pytest.raises(ActivityNotFound):
        await make_discussion(db, city.sibling_admin, activity_id=activity["id"])
    for on, of in ((activity, other), (draft, draft)):
        with pytest.raises(SessionNotFound):
            await make_discussion(
                db, city.county_admin, activity_id=on["id"], session_id=of["sessions"][0]["id"]
            )
    assert await listed(db, city.county_admin) == []


async def test_what_is_pinned_comes_first(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    one, two = [
        await make_discussion(db, city.school_admin, activity_id=activity["id"]) for _ in range(2)
    ]
    changes = DiscussionChanges.model_validate({"is_pinned": True, "text": "请先看这里"})
    changed = await update_discussion(
        db, city.school_admin.actor, discussion_id=two["id"], changes=changes
    )
    assert changed == two | {"is_pinned": True, "text": "请先看这里"}
    assert await listed(db, city.school_admin) == [two["id"], one["id"]]
    first = await list_discussions(db, city.school_admin.actor, page=PageRequest(limit=1))
    rest = PageRequest(limit=1, cursor=first.next)
    second = await list_discussions(db, city.school_admin.actor, page=rest)
    assert [row["id"] for row in (*first.items, *second.items)] == [two["id"], one["id"]]
    with pytest.raises(ValidationError):
        DiscussionChanges.model_validate({"title": None})


async def test_nothing_is_said_in_one_that_is_closed(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    made = await make_discussion(db, city.school_admin, activity_id=activity["id"])
    admin, key = city.school_admin.actor, {"discussion_id": made["id"]}
    with pytest.raises(DiscussionOpen):
        await reopen_discussion(db, admin, **key)
    closed = await close_discussion(db, admin, **key, closing=CLOSING, now=NOW)
    assert (closed["closed_at"], closed["closed_because"]) == (NOW, "讨论结束")
    assert await listed(db, city.school_admin, closed=True) == [made["id"]]
    with pytest.raises(DiscussionClosed):
        await close_discussion(db, admin, **key, closing=CLOSING, now=NOW)
    with pytest.raises(DiscussionClosed):
        await say(db, city.teacher_account, made)
    assert await reopen_discussion(db, admin, **key) == made
    await say(db, city.teacher_account, made)


async def reading(db: Connection, who: Person, made: Row) -> tuple[int, int]:
    row = await get_discussion_reading(db, who.actor, discussion_id=made["id"])
    return row["read_to"], row["unread"]


async def test_how_far_one_has_read_is_one_row(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    made = await make_discussion(db, city.school_admin, activity_id=activity["id"])
    for text in ("一", "二", "三"):
        await say(db, city.school_admin, made, text)
    teacher, key = city.teacher_account, {"discussion_id": made["id"]}

    async def read(to: int) -> None:
        mark = DiscussionMark(read_to=to)
        await read_discussion(db, teacher.actor, **key, mark=mark, now=NOW)

    assert await reading(db, teacher, made) == (0, 3)
    assert await listed(db, teacher, offered=True, unread=True) == [made["id"]]
    await read(2)
    await read(1)
    assert await reading(db, teacher, made) == (2, 1)
    await say(db, teacher, made, "未读完就说")
    assert await reading(db, teacher, made) == (2, 2)
    await read(99)
    assert await reading(db, teacher, made) == (4, 0)
    assert await listed(db, teacher, offered=True, unread=True) == []
    await say(db, teacher, made, "读完再说")
    assert await reading(db, teacher, made) == (5, 0)
    assert await reading(db, city.colleague_account, made) == (0, 5)
    with pytest.raises(DiscussionNotFound):
        await reading(db, city.sibling_teacher_account, made)

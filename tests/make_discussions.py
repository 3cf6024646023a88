"""Discussions, posts and consultations for tests, made by what people do with them."""

from typing import Any

from app.domain.learning.consultations import NewConsultation, ask_consultation
from app.domain.learning.discussion_posts import NewDiscussionPost, write_discussion_post
from app.domain.learning.discussions import NewDiscussion, open_discussion
from app.domain.learning.post_reports import NewPostReport, PostRuling, hide_post, report_post
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity, make_group
from tests.make_courses import make_course
from tests.make_resources import make_resource
from tests.make_topics import make_topic
from tests.make_trainers import make_trainer

RULING = PostRuling(reason="含有人身攻击")


async def make_discussion(db: Connection, by: Person, **given: Any) -> Row:
    """A discussion on what is named by its key."""
    new = NewDiscussion.model_validate({"title": "如何设计追问"} | given)
    return await open_discussion(db, by.actor, new=new, now=NOW)


async def make_observation(db: Connection, by: Person, activity: Row, **given: Any) -> Row:
    """A discussion of an activity with a lesson video of ten minutes."""
    unit_id = activity["school_id"] or activity["county_id"]
    video = await make_resource(db, by, unit_id=unit_id, kind="audio_visual")
    given = {"resource_id": video["id"], "duration_ms": 600_000} | given
    return await make_discussion(db, by, activity_id=activity["id"], **given)


async def say(
    db: Connection, by: Person, discussion: Row, text: str = "很受启发", **given: Any
) -> Row:
    """A post in a discussion."""
    now = given.pop("now", NOW)
    new = NewDiscussionPost.model_validate({"text": text} | given)
    return await write_discussion_post(
        db, by.actor, discussion_id=discussion["id"], new=new, now=now
    )


async def make_post(db: Connection, city: City, by: Person, **given: Any) -> Row:
    """A post about an activity of the school."""
    activity = await make_activity(db, city.school, city.school_admin)
    made = await make_discussion(db, city.school_admin, activity_id=activity["id"])
    return await say(db, by, made, **given)


async def report(db: Connection, by: Person, post: Row, **given: Any) -> Row:
    """A report of a post."""
    new = NewPostReport.model_validate({"reason": "abuse"} | given)
    return await report_post(db, by.actor, post_id=post["id"], new=new, now=NOW)


async def hide(db: Connection, by: Person, post: Row) -> Row:
    """A post that those who moderate have hidden."""
    return await hide_post(db, by.actor, post_id=post["id"], ruling=RULING, now=NOW)


async def ask(db: Connection, by: Person, **given: Any) -> Row:
    """A question to an adviser whom one of the keys names."""
    new = NewConsultation.model_validate(
        {"title": "追问的层次", "text": "学生答非所问时怎样追问？"} | given
    )
    return await ask_consultation(db, by.actor, new=new, now=NOW)


async def make_busy_discussions(db: Connection, city: City) -> None:
    """Of each of two schools a discussion on what there is, with two posts, and a consultation of two."""
    trainer = await make_trainer(db, city.county, city.county_admin, city.far_teacher)
    for unit, by, teacher in (
        (city.school, city.school_admin, city.teacher_account),
        (city.sibling, city.sibling_admin, city.sibling_teacher_account),
    ):
        activity = await make_activity(db, unit, by)
        group = await make_group(db, unit, name="研讨教研组")
        course = await make_course(db, by, unit_id=unit["id"])
        topic = await make_topic(db, teacher)
        for on in (
            {"activity_id": activity["id"]}, {"group_id": group["id"]},
            {"course_id": course["id"]}, {"topic_id": topic["id"]},
        ):  # fmt: skip
            discussion = await make_discussion(db, by, **on)
            for text in ("先行后知", "知行合一"):
                await say(db, by, discussion, text)
        await ask(db, teacher, trainer_id=trainer["id"], is_private=False)

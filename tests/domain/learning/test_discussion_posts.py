"""Posts: numbered, at moments of a video, replied to, edited within a while, taken back; who is named."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.learning.discussion_posts import (
    AT_ONCE,
    DISCUSSION_POSTS,
    EDITABLE_FOR,
    EVERY,
    MentionOutsideAudience,
    MomentUnfit,
    NewDiscussionPost,
    PostGone,
    PostNotFound,
    PostOfAnother,
    PostSettled,
    PostText,
    PostWording,
    ReplyUnfit,
    TooManyPosts,
    edit_discussion_post,
    get_discussion_post,
    list_discussion_posts,
    list_post_wordings,
    withdraw_discussion_post,
)
from app.domain.learning.discussions import (
    DiscussionMark,
    DiscussionNotFound,
    read_discussion,
)
from app.domain.paging import PageRequest
from app.domain.training.activities import ActivityState
from app.domain.training.evidence import list_missing_evidence
from app.request import Resources
from app.sql import Connection, Row, Statement, new_id
from tests.make import NOW, City, Person, make_account, make_activity, make_attendance, make_city
from tests.make_courses import make_school_course
from tests.make_discussions import hide, make_discussion, make_observation, say
from tests.make_forms import make_form
from tests.make_people import enter_person
from tests.make_programmes import merge_twins

ALL = PageRequest(limit=100)


@pytest.fixture
async def activity(db: Connection, city: City) -> Row:
    """An activity of the county for one of its schools."""
    return await make_activity(db, city.county, city.county_admin, city.school)


@pytest.fixture
async def made(db: Connection, city: City, activity: Row) -> Row:
    """What is said of it, with a video of ten minutes."""
    return await make_observation(db, city.county_admin, activity)


async def edit(db: Connection, who: Person, post: Row, text: str, **at: Any) -> Row:
    change = PostText(text=text)
    given = {"post_id": post["id"], "change": change, "now": NOW} | at
    return await edit_discussion_post(db, who.actor, **given)


async def withdraw(db: Connection, who: Person, post: Row) -> Row:
    return await withdraw_discussion_post(db, who.actor, post_id=post["id"], now=NOW)


async def numbers(db: Connection, who: Person, made: Row, **asked: Any) -> list[int]:
    asked = {"page": ALL} | asked
    page = await list_discussion_posts(db, who.actor, discussion_id=made["id"], **asked)
    return [row["number"] for row in page.items]


async def test_a_post_is_seen_by_whoever_sees_the_discussion(
    db: Connection, city: City, made: Row
) -> None:
    before = db.statements
    post = await say(db, city.teacher_account, made, "  板书 <b>清晰</b>  ", at_ms=61_500)
    assert db.statements - before == 6
    assert (post["number"], post["name"], post["works_at"]) == (1, "测试甲", city.school["name"])
    assert (post["text"], post["at_ms"]) == ("板书 <b>清晰</b>", 61_500)
    by_bureau = await say(db, city.county_admin, made)
    assert (by_bureau["number"], by_bureau["teacher_id"], by_bureau["works_at"]) == (2, None, None)
    for person in (city.colleague_account, city.school_admin, city.county_admin, city.city_admin):
        before = db.statements
        assert await get_discussion_post(db, person.actor, post_id=post["id"]) == post
        assert await numbers(db, person, made) == [1, 2]
        assert db.statements - before == 3
    for person in (city.sibling_admin, city.sibling_teacher_account):
        with pytest.raises(PostNotFound):
            await get_discussion_post(db, person.actor, post_id=post["id"])
        with pytest.raises(DiscussionNotFound):
            await numbers(db, person, made)
        with pytest.raises(DiscussionNotFound):
            await say(db, person, made)
        seen = await DISCUSSION_POSTS.by_id(db, person.actor, [post["id"]])
        assert seen == {post["id"]: None}
    with pytest.raises(NotAllowed, match="discussion:read"):
        await say(db, city.auditor, made)


async def test_comments_are_read_by_the_moments_of_the_video(
    db: Connection, city: City, made: Row
) -> None:
    for at_ms in (300_000, None, 0, 600_000, 300_000):
        await say(db, city.teacher_account, made, at_ms=at_ms)
    timed = PageRequest(limit=100, sort="at_ms")
    assert await numbers(db, city.teacher_account, made, page=timed) == [3, 1, 5, 4]
    assert await numbers(db, city.teacher_account, made, from_ms=1, to_ms=600_000) == [1, 5]
    parts, cursor = [], None
    while True:
        request = PageRequest(limit=1, sort="at_ms", cursor=cursor)
        page = await list_discussion_posts(
            db, city.teacher_account.actor, discussion_id=made["id"], page=request
        )
        parts += [row["number"] for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert parts == [3, 1, 5, 4]
    with pytest.raises(MomentUnfit):
        await say(db, city.teacher_account, made, at_ms=600_001)


async def test_a_moment_needs_a_video(db: Connection, city: City, activity: Row) -> None:
    plain = await make_discussion(db, city.county_admin, activity_id=activity["id"])
    with pytest.raises(MomentUnfit):
        await say(db, city.teacher_account, plain, at_ms=0)
    assert await numbers(db, city.teacher_account, plain) == []


async def test_replies_have_one_level(db: Connection, city: City, activity: Row, made: Row) -> None:
    first = await say(db, city.teacher_account, made, at_ms=5)
    reply = await say(db, city.colleague_account, made, parent_id=first["id"])
    assert (reply["parent_id"], reply["at_ms"]) == (first["id"], None)
    assert await numbers(db, city.teacher_account, made, parent_id=first["id"]) == [2]
    with pytest.raises(MomentUnfit):
        await say(db, city.colleague_account, made, parent_id=first["id"], at_ms=5)
    other = await make_discussion(db, city.county_admin, activity_id=activity["id"])
    gone = await withdraw(db, city.teacher_account, await say(db, city.teacher_account, made))
    for into, parent in ((made, reply["id"]), (other, first["id"]), (made, gone["id"]),
                         (made, new_id())):  # fmt: skip
        with pytest.raises(ReplyUnfit):
            await say(db, city.colleague_account, into, parent_id=parent)


async def test_only_those_are_named_for_whom_it_is_and_they_find_it(
    db: Connection, city: City, made: Row
) -> None:
    post = await say(
        db, city.teacher_account, made, mentions=[city.colleague["id"], city.colleague["id"]]
    )
    assert post["mentions"] == [city.colleague["id"]]

    async def waiting(who: Person) -> list[Any]:
        page = await list_tasks(db, who.actor, page=ALL, now=NOW, kind=TaskKind.MENTION_TO_READ)
        return [row["subject_id"] for row in page.items]

    assert await waiting(city.colleague_account) == [post["id"]]
    assert await waiting(city.teacher_account) == []
    await read_discussion(
        db, city.colleague_account.actor, discussion_id=made["id"], mark=DiscussionMark(read_to=1),
        now=NOW,
    )  # fmt: skip
    assert await waiting(city.colleague_account) == []
    with pytest.raises(MentionOutsideAudience):
        await say(
            db, city.teacher_account, made,
            mentions=[city.colleague["id"], city.sibling_teacher["id"]],
        )  # fmt: skip
    draft = await make_activity(db, city.school, city.school_admin, state=ActivityState.DRAFT)
    of_draft = await make_discussion(db, city.school_admin, activity_id=draft["id"])
    with pytest.raises(MentionOutsideAudience):
        await say(db, city.school_admin, of_draft, mentions=[city.teacher["id"]])
    course = await make_school_course(db, city)
    of_course = await make_discussion(db, city.school_admin, course_id=course["id"])
    await say(db, city.teacher_account, of_course, mentions=[city.colleague["id"]])
    with pytest.raises(MentionOutsideAudience):
        await say(db, city.teacher_account, of_course, mentions=[city.far_teacher["id"]])


async def test_a_post_is_edited_within_a_while_and_that_is_kept(
    db: Connection, city: City, made: Row
) -> None:
    post = await say(db, city.teacher_account, made, "原话")
    last = NOW + EDITABLE_FOR
    edited = await edit(db, city.teacher_account, post, "改过的话", now=last)
    assert (edited["text"], edited["edited_at"]) == ("改过的话", last)
    assert await edit(db, city.teacher_account, post, "改过的话", now=last) == edited
    for person in (city.teacher_account, city.county_admin):
        kept = await list_post_wordings(db, person.actor, post_id=post["id"])
        assert kept == [{"text": "原话", "replaced_at": last}]
    with pytest.raises(NotAllowed, match="discussion:moderate"):
        await list_post_wordings(db, city.colleague_account.actor, post_id=post["id"])
    with pytest.raises(PostSettled):
        await edit(db, city.teacher_account, post, "太晚", now=last + timedelta(seconds=1))
    for person in (city.colleague_account, city.county_admin):
        with pytest.raises(PostOfAnother):
            await edit(db, person, post, "不是我的")
        with pytest.raises(PostOfAnother):
            await withdraw(db, person, post)
    assert await get_discussion_post(db, city.teacher_account.actor, post_id=post["id"]) == edited


async def test_what_is_taken_back_is_gone_and_its_place_stays(
    db: Connection, city: City, made: Row
) -> None:
    post = await say(db, city.teacher_account, made, "说错了")
    await edit(db, city.teacher_account, post, "又说错了")
    gone = await withdraw(db, city.teacher_account, post)
    assert (gone["text"], gone["withdrawn_at"]) == (None, NOW)
    await say(db, city.colleague_account, made)
    assert await numbers(db, city.colleague_account, made) == [1, 2]
    kept = Statement(select(func.count()).select_from(PostWording))
    assert await db.value(kept) == 0
    for act in (
        withdraw(db, city.teacher_account, post),
        edit(db, city.teacher_account, post, "再来"),
    ):
        with pytest.raises(PostGone):
            await act


async def test_who_writes_without_end_is_told_to_wait(
    db: Connection, city: City, made: Row
) -> None:
    for _ in range(AT_ONCE):
        await say(db, city.teacher_account, made)
    with pytest.raises(TooManyPosts) as refused:
        await say(db, city.teacher_account, made)
    assert refused.value.details == {"retry_after": EVERY.total_seconds()}
    await say(db, city.colleague_account, made)
    await say(db, city.teacher_account, made, now=NOW + EVERY)
    assert await numbers(db, city.teacher_account, made) == list(range(1, AT_ONCE + 3))


@pytest.mark.parametrize(
    "given",
    [{"text": " "}, {"text": "长" * 5001}, {"text": "好", "at_ms": -1},
     {"text": "好", "mentions": [new_id() for _ in range(21)]}, {"text": "好", "html": True}],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewDiscussionPost.model_validate(given)


async def test_a_form_may_ask_each_participant_for_comments(db: Connection, city: City) -> None:
    asked = [{"kind": "comment", "per": "participant", "at_least": 2}]
    form = await make_form(db, city.city, evidence=asked, kind="seminar", steps=[])
    activity = await make_activity(
        db, city.county, city.county_admin, city.school, form_id=form["id"]
    )
    await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    made = await make_observation(db, city.county_admin, activity)

    async def found() -> list[int]:
        rows = await list_missing_evidence(db, city.county_admin.actor, activity_id=activity["id"])
        return [row["found"] for row in rows]

    await say(db, city.colleague_account, made)
    assert await found() == [0]
    first = await say(db, city.teacher_account, made)
    assert await found() == [1]
    second = await say(db, city.teacher_account, made)
    assert await found() == []
    await withdraw(db, city.teacher_account, first)
    assert await found() == [1]
    await say(db, city.teacher_account, made)
    await hide(db, city.county_admin, second)
    assert await found() == [1]


async def test_a_delegate_writes_as_itself(db: Connection, city: City, made: Row) -> None:
    actor = replace(
        city.county_admin.actor,
        account_id=city.colleague_account.actor.account_id,
        on_behalf_of=city.county_admin.actor.account_id,
    )
    theirs = await say(db, city.county_admin, made)
    with pytest.raises(PostOfAnother):
        await withdraw_discussion_post(db, actor, post_id=theirs["id"], now=NOW)


async def test_what_one_said_follows_when_two_records_become_one(
    db: Connection, city: City, resources: Resources
) -> None:
    other = await enter_person(db, city, resources, "far_school")
    account = await make_account(db, "other", Role.TEACHER, other)
    activity = await make_activity(db, city.city, city.city_admin)
    made = await make_discussion(db, city.city_admin, activity_id=activity["id"])
    post = await say(db, account, made, mentions=[city.colleague["id"]])
    assert post["teacher_id"] == other["id"]
    await merge_twins(db, resources, city.city_admin, city.teacher, other)
    gone = await withdraw(db, city.teacher_account, post)
    assert (gone["teacher_id"], gone["name"]) == (city.teacher["id"], "测试甲")
    with pytest.raises(MentionOutsideAudience):
        await say(db, city.teacher_account, made, mentions=[other["id"]])


async def test_posts_are_numbered_without_gaps_however_many_write_at_once(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await make_activity(db, city.school, city.school_admin)
        made = await make_discussion(db, city.school_admin, activity_id=activity["id"])

    async def write(who: Person) -> int | str:
        try:
            async with real_pool.transaction() as db:
                return int((await say(db, who, made))["number"])
        except DomainError as refused:
            return refused.code

    writers = [city.teacher_account, city.colleague_account, city.school_admin]
    outcomes = await asyncio.gather(*(write(who) for who in writers for _ in range(AT_ONCE + 1)))
    assert outcomes.count("too_many_posts") == 3
    written = sorted(each for each in outcomes if isinstance(each, int))
    assert written == list(range(1, 3 * AT_ONCE + 1))

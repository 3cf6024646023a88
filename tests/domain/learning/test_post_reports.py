"""Moderation: a post is reported, hidden, restored, or let stand; nobody moderates their own."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.learning.discussion_posts import (
    PostGone,
    PostNotFound,
    PostNotHidden,
    acknowledge_hidden_post,
    get_discussion_post,
    withdraw_discussion_post,
)
from app.domain.learning.discussions import DiscussionClosing, close_discussion
from app.domain.learning.post_reports import (
    PostNotReported,
    PostOfOneself,
    PostReported,
    dismiss_post_reports,
    list_moderated_posts,
    list_post_decisions,
    list_post_reports,
    restore_post,
)
from app.domain.paging import PageRequest
from app.domain.people.transfers.following import leave_groups
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_account, make_activity, make_group
from tests.make_discussions import RULING, hide, make_discussion, report, say
from tests.make_places import make_partnership

ALL = PageRequest(limit=100)


@pytest.fixture
async def post(db: Connection, city: City) -> Row:
    """A post of the teacher about an activity of the county for two schools."""
    activity = await make_activity(db, city.county, city.county_admin, city.school, city.sibling)
    made = await make_discussion(db, city.county_admin, activity_id=activity["id"])
    return await say(db, city.teacher_account, made, "不堪入目")


async def moderated(db: Connection, who: Person, **asked: Any) -> list[Row]:
    return (await list_moderated_posts(db, who.actor, page=ALL, **asked)).items


async def tasks(db: Connection, who: Person, kind: TaskKind) -> list[Any]:
    page = await list_tasks(db, who.actor, page=ALL, now=NOW, kind=kind)
    return [row["subject_id"] for row in page.items]


async def restore(db: Connection, who: Person, post: Row) -> Row:
    return await restore_post(db, who.actor, post_id=post["id"], ruling=RULING, now=NOW)


async def dismiss(db: Connection, who: Person, post: Row) -> Row:
    return await dismiss_post_reports(db, who.actor, post_id=post["id"], ruling=RULING, now=NOW)


async def test_a_reported_post_waits_where_the_thing_is(
    db: Connection, city: City, post: Row
) -> None:
    made = await report(db, city.colleague_account, post, remark="侮辱同事")
    assert (made["text"], made["outcome"]) == ("不堪入目", None)
    await report(db, city.sibling_teacher_account, post, reason="false")
    with pytest.raises(PostReported):
        async with db.transaction():
            await report(db, city.colleague_account, post)
    assert await tasks(db, city.county_admin, TaskKind.POST_TO_MODERATE) == [post["id"]]
    for person in (city.school_admin, city.city_admin, city.other_county_admin):
        assert await tasks(db, person, TaskKind.POST_TO_MODERATE) == []
    reports = await list_post_reports(db, city.county_admin.actor, page=ALL, post_id=post["id"])
    assert [row["reason"] for row in reports.items] == ["abuse", "false"]
    assert not any("reported_by" in row or "name" in row for row in reports.items)
    assert (await list_post_reports(db, city.school_admin.actor, page=ALL)).items == []
    for person in (city.teacher_account, city.auditor, city.integration):
        with pytest.raises(NotAllowed, match="discussion:moderate"):
            await list_post_reports(db, person.actor, page=ALL)
        with pytest.raises(NotAllowed, match="discussion:moderate"):
            await moderated(db, person)


async def test_what_is_hidden_is_read_by_those_alone_who_moderate(
    db: Connection, city: City, post: Row
) -> None:
    await report(db, city.colleague_account, post)
    before = db.statements
    hidden = await hide(db, city.county_admin, post)
    assert db.statements - before == 6
    assert (hidden["text"], hidden["hidden_because"]) == ("不堪入目", RULING.reason)
    for person in (city.teacher_account, city.colleague_account, city.county_admin):
        seen = await get_discussion_post(db, person.actor, post_id=post["id"])
        assert (seen["text"], seen["hidden_at"]) == (None, NOW)
        assert "hidden_because" not in seen
    assert await moderated(db, city.county_admin, hidden=True) == [hidden]
    assert await moderated(db, city.county_admin, reported=True) == []
    assert await tasks(db, city.county_admin, TaskKind.POST_TO_MODERATE) == []
    settled = await list_post_reports(db, city.county_admin.actor, page=ALL, waiting=False)
    assert [row["outcome"] for row in settled.items] == ["hidden"]
    with pytest.raises(PostGone):
        await hide(db, city.county_admin, post)
    with pytest.raises(PostGone):
        await report(db, city.colleague_account, post)
    with pytest.raises(PostGone):
        await withdraw_discussion_post(db, city.teacher_account.actor, post_id=post["id"], now=NOW)


async def test_the_author_is_told_why(db: Connection, city: City, post: Row) -> None:
    kind = TaskKind.HIDDEN_POST_TO_ACKNOWLEDGE
    with pytest.raises(PostNotHidden):
        await acknowledge_hidden_post(db, city.teacher_account.actor, post_id=post["id"], now=NOW)
    await hide(db, city.county_admin, post)
    assert await tasks(db, city.teacher_account, kind) == [post["id"]]
    decided = await list_post_decisions(db, city.teacher_account.actor, post_id=post["id"])
    assert [(row["outcome"], row["reason"]) for row in decided] == [("hidden", RULING.reason)]
    with pytest.raises(NotAllowed, match="discussion:moderate"):
        await list_post_decisions(db, city.colleague_account.actor, post_id=post["id"])
    await acknowledge_hidden_post(db, city.teacher_account.actor, post_id=post["id"], now=NOW)
    assert await tasks(db, city.teacher_account, kind) == []


async def test_it_is_restored_and_the_trace_stays(db: Connection, city: City, post: Row) -> None:
    with pytest.raises(PostNotHidden):
        await restore(db, city.county_admin, post)
    await hide(db, city.county_admin, post)
    shown = await restore(db, city.city_admin, post)
    assert (shown["hidden_at"], shown["hidden_because"], shown["text"]) == (None, None, "不堪入目")
    assert await get_discussion_post(db, city.colleague_account.actor, post_id=post["id"]) == post
    trace = await list_post_decisions(db, city.county_admin.actor, post_id=post["id"])
    assert [row["outcome"] for row in trace] == ["hidden", "restored"]


async def test_reports_are_dismissed(db: Connection, city: City, post: Row) -> None:
    with pytest.raises(PostNotReported):
        async with db.transaction():
            await dismiss(db, city.county_admin, post)
    assert await list_post_decisions(db, city.county_admin.actor, post_id=post["id"]) == []
    await report(db, city.colleague_account, post)
    await dismiss(db, city.county_admin, post)
    assert await moderated(db, city.county_admin, reported=True) == []
    await report(db, city.colleague_account, post)
    assert len(await moderated(db, city.county_admin, reported=True)) == 1


async def test_what_was_reported_stays_when_its_author_takes_it_back(
    db: Connection, city: City, post: Row
) -> None:
    await report(db, city.colleague_account, post)
    await withdraw_discussion_post(db, city.teacher_account.actor, post_id=post["id"], now=NOW)
    (made,) = (await list_post_reports(db, city.county_admin.actor, page=ALL)).items
    assert made["text"] == "不堪入目"
    hidden = await hide(db, city.county_admin, post)
    assert hidden["text"] is None


async def test_nobody_reports_or_moderates_their_own(db: Connection, city: City, post: Row) -> None:
    with pytest.raises(PostOfOneself):
        await report(db, city.teacher_account, post)
    own = await make_account(db, "both", Role.COUNTY_ADMIN, city.county)
    as_teacher = Person(replace(own.actor, teacher_id=city.teacher["id"]), own.name, {})
    delegate = Person(
        replace(
            city.county_admin.actor,
            account_id=city.teacher_account.actor.account_id,
            on_behalf_of=city.county_admin.actor.account_id,
        ),
        "delegate", {},
    )  # fmt: skip
    for person in (as_teacher, delegate):
        with pytest.raises(PostOfOneself):
            await hide(db, person, post)
    await report(db, city.colleague_account, post)
    assert await tasks(db, as_teacher, TaskKind.POST_TO_MODERATE) == []
    with pytest.raises(PostOfOneself):
        await dismiss(db, as_teacher, post)


async def test_who_organises_jointly_sees_and_does_not_moderate(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    made = await make_discussion(db, city.school_admin, activity_id=activity["id"])
    said = await say(db, city.teacher_account, made)
    await make_partnership(
        db, activity, city.sibling, city.school_admin, state="accepted", answered_at=NOW,
        answered_by=city.sibling_admin.actor.account_id,
    )  # fmt: skip
    await report(db, city.colleague_account, said)
    partner = city.sibling_admin
    assert await get_discussion_post(db, partner.actor, post_id=said["id"]) == said
    for wanted in (hide, dismiss):
        with pytest.raises(NotAllowed, match="discussion:moderate"):
            await wanted(db, partner, said)
    with pytest.raises(NotAllowed, match="discussion:moderate"):
        await list_post_decisions(db, partner.actor, post_id=said["id"])
    assert await moderated(db, partner) == []
    assert (await list_post_reports(db, partner.actor, page=ALL)).items == []
    closing = DiscussionClosing(reason="不再讨论")
    with pytest.raises(NotAllowed, match="discussion:write"):
        await close_discussion(
            db, partner.actor, discussion_id=made["id"], closing=closing, now=NOW
        )


async def test_who_left_still_takes_note_and_takes_back(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher, city.colleague)
    made = await make_discussion(db, city.school_admin, group_id=group["id"])
    posts = [await say(db, city.teacher_account, made) for _ in range(2)]
    await say(db, city.colleague_account, made, mentions=[city.teacher["id"]])
    await hide(db, city.school_admin, posts[0])
    await leave_groups(db, teacher_id=city.teacher["id"], place=[], on=TODAY, now=NOW)
    author, key = city.teacher_account, {"post_id": posts[0]["id"]}
    with pytest.raises(PostNotFound):
        await get_discussion_post(db, author.actor, **key)
    assert await tasks(db, author, TaskKind.MENTION_TO_READ) == []
    assert [row["outcome"] for row in await list_post_decisions(db, author.actor, **key)] == [
        "hidden"
    ]
    await acknowledge_hidden_post(db, author.actor, now=NOW, **key)
    assert await tasks(db, author, TaskKind.HIDDEN_POST_TO_ACKNOWLEDGE) == []
    gone = await withdraw_discussion_post(db, author.actor, post_id=posts[1]["id"], now=NOW)
    assert gone["text"] is None


async def test_who_does_not_moderate_there_hides_nothing(
    db: Connection, city: City, post: Row
) -> None:
    for person in (city.school_admin, city.colleague_account):
        with pytest.raises(NotAllowed, match="discussion:moderate"):
            await hide(db, person, post)
    with pytest.raises(PostNotFound):
        await hide(db, city.other_county_admin, post)
    assert await get_discussion_post(db, city.colleague_account.actor, post_id=post["id"]) == post

"""Reporting a post, hiding it, restoring it, dismissing what was reported of it.

Nobody moderates what they wrote themselves. Who reported a post may decide of it: whoever moderates may hide
it without any report.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, NotAllowed
from app.domain.learning.discussion_posts import (
    DISCUSSION_POSTS,
    POSTS_TO_MODERATE,
    DecisionFields,
    PostDecision,
    PostGone,
    PostNotHidden,
    PostOutcome,
    PostReport,
    ReportFields,
    check_stands,
    count_post,
    is_author,
)
from app.domain.learning.discussions import DiscussionPost
from app.domain.learning.post_reports.report import MODERATED_POSTS, PostReportView
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id


class NewPostReport(ReportFields, Command):
    """A report of a post."""


class PostRuling(DecisionFields, Command):
    """Why those who moderate decide so."""


# What can be refused.


class PostOfOneself(NotAllowed):
    """Nobody reports or moderates what they wrote themselves."""

    code = "post_of_oneself"
    zh = "不能举报或处理本人的发言。"
    en = "Nobody reports or moderates a post of their own."


class PostReported(Conflict):
    """One reports a post once; the report waits."""

    code = "post_reported"
    zh = "您已举报该发言，正在处理中。"
    en = "You have reported this post: the report waits."


class PostNotReported(Conflict):
    """No report of the post waits."""

    code = "post_not_reported"
    zh = "该发言没有待处理的举报。"
    en = "No report of this post waits."


# What may be done.


async def report_post(
    db: Connection, actor: Actor, *, post_id: UUID, new: NewPostReport, now: datetime
) -> Row:
    """Report a post that the actor may see, with a reason; the text is kept as it stands."""
    join = Permission.DISCUSSION_JOIN
    post = await DISCUSSION_POSTS.get(db, actor, post_id, lock=True)
    actor.require(join)
    check_stands(post)
    if await is_author(db, actor, post=post):
        raise PostOfOneself(join.value)
    await count_post(db, actor, now=now)
    row = {
        "id": new_id(), **new.model_dump(), "post_id": post_id, "text": post["text"],
        "reported_by": actor.account_id, "reported_at": now,
    }  # fmt: skip
    try:
        await db.insert(PostReport, row)
    except UniqueViolationError:
        raise PostReported from None
    await db.run(_SINCE, post_id=post_id, now=now)
    report = row | {"outcome": None, "decided_at": None}
    return {name: report[name] for name in PostReportView.model_fields}


_POST = bindparam("post_id", type_=Uuid)
_SINCE = Statement(
    update(DiscussionPost)
    .where(col(DiscussionPost.id) == _POST, col(DiscussionPost.reported_at).is_(None))
    .values(reported_at=bindparam("now", type_=DiscussionPost.__table__.c.reported_at.type))  # type: ignore[attr-defined]
)
_AUTHOR = Statement(
    select(col(DiscussionPost.written_by), col(DiscussionPost.teacher_id)).where(
        col(DiscussionPost.id) == _POST
    )
)


async def _held(db: Connection, actor: Actor, post_id: UUID) -> Row:
    """A post where the actor moderates that the actor did not write, locked."""
    moderate = Permission.DISCUSSION_MODERATE
    post = await POSTS_TO_MODERATE.get(db, actor, post_id, permission=moderate, lock=True)
    author = await db.one(_AUTHOR, post_id=post_id)
    assert author is not None  # noqa: S101  its row is locked
    if author["written_by"] in actor.accounts or await is_oneself(
        db, actor, teacher_ids=[author["teacher_id"]]
    ):
        raise PostOfOneself(moderate.value)
    return post


_SETTLE = Statement(
    update(PostReport)
    .where(col(PostReport.post_id) == _POST, col(PostReport.decision_id).is_(None))
    .values(decision_id=bindparam("new_decision_id", type_=Uuid))
)


async def _decide(
    db: Connection, actor: Actor, post_id: UUID, outcome: PostOutcome, reason: str, now: datetime
) -> int:
    """Write a decision, and settle by it what was reported; how many reports waited."""
    row = {
        "id": new_id(), "post_id": post_id, "outcome": outcome, "reason": reason,
        "decided_by": actor.account_id, "decided_at": now,
    }  # fmt: skip
    await db.insert(PostDecision, row)
    if outcome is PostOutcome.RESTORED:
        return 0
    return await db.run(_SETTLE, post_id=post_id, new_decision_id=row["id"])


async def hide_post(
    db: Connection, actor: Actor, *, post_id: UUID, ruling: PostRuling, now: datetime
) -> Row:
    """Hide a post from all but those who moderate; what was reported of it is settled by that.

    One that its author has taken back is hidden as well: what was reported of it stays with the report.
    """
    post = await _held(db, actor, post_id)
    if post["hidden_at"] is not None:
        raise PostGone
    await _decide(db, actor, post_id, PostOutcome.HIDDEN, ruling.reason, now)
    values = {
        "hidden_at": now, "hidden_because": ruling.reason, "told_at": None, "reported_at": None,
    }  # fmt: skip
    await db.change(DiscussionPost, post_id, values)
    return await MODERATED_POSTS.get(db, actor, post_id)


async def restore_post(
    db: Connection, actor: Actor, *, post_id: UUID, ruling: PostRuling, now: datetime
) -> Row:
    """Show a post again that was hidden."""
    post = await _held(db, actor, post_id)
    if post["hidden_at"] is None:
        raise PostNotHidden
    await _decide(db, actor, post_id, PostOutcome.RESTORED, ruling.reason, now)
    values = dict.fromkeys(("hidden_at", "hidden_because", "told_at"))
    await db.change(DiscussionPost, post_id, values)
    return await MODERATED_POSTS.get(db, actor, post_id)


async def dismiss_post_reports(
    db: Connection, actor: Actor, *, post_id: UUID, ruling: PostRuling, now: datetime
) -> Row:
    """Let a post stand as it is, whatever was reported of it."""
    await _held(db, actor, post_id)
    if not await _decide(db, actor, post_id, PostOutcome.DISMISSED, ruling.reason, now):
        raise PostNotReported
    await db.change(DiscussionPost, post_id, {"reported_at": None})
    return await MODERATED_POSTS.get(db, actor, post_id)

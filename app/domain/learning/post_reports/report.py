"""What those who moderate read: posts that were reported or hidden, the reports, the decisions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.discussion_posts import (
    SHOWN,
    WITH_AUTHOR,
    DecisionFields,
    DiscussionPostView,
    PostDecision,
    PostNotFound,
    PostOutcome,
    PostReport,
    ReportFields,
    open_own_or_moderated,
)
from app.domain.learning.discussions import RUN_PLACES, Discussion, DiscussionPost
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement


class ModeratedPostView(DiscussionPostView):
    """A post as those see it who moderate: with its text, hidden or not."""

    hidden_because: str | None = Field(description="隐藏原因 / why it was hidden")
    told_at: datetime | None = Field(description="作者知悉时间 / when its author took note of that")
    reported_at: datetime | None = Field(
        description="待处理举报的最早时间 / since when a report of it waits, null for none"
    )


class PostReportView(ReportFields):
    """A report as those see it who moderate; who reported is told to nobody."""

    id: UUID = Field(description="标识 / key")
    post_id: UUID = Field(description="发言 / post")
    text: str = Field(description="举报时的内容 / what the post said when it was reported")
    reported_at: datetime = Field(description="举报时间 / when it was reported")
    outcome: PostOutcome | None = Field(
        description="处理结果 / what was decided, null while it waits"
    )
    decided_at: datetime | None = Field(description="处理时间 / when it was decided")


class PostDecisionView(DecisionFields):
    """A decision about a post, as its author sees it and those who moderate."""

    id: UUID = Field(description="标识 / key")
    post_id: UUID = Field(description="发言 / post")
    outcome: PostOutcome = Field(description="处理结果 / what was decided")
    decided_at: datetime = Field(description="处理时间 / when")


# What can be refused.


class PostReportNotFound(NotFound):
    """There is no such report for the one who asks."""

    code = "post_report_not_found"
    zh = "未找到该举报。"
    en = "There is no such report."


# What may be asked.

_POSTS, _DISCUSSIONS, _REPORTS, _DECISIONS = (
    each.__table__  # type: ignore[union-attr]
    for each in (DiscussionPost, Discussion, PostReport, PostDecision)
)
_COMMON: dict[str, Any] = {"read": Permission.DISCUSSION_MODERATE, "places": RUN_PLACES}

MODERATED_POSTS = Door(
    table=DiscussionPost,
    view=ModeratedPostView,
    missing=PostNotFound,
    computed=SHOWN,
    joined=WITH_AUTHOR,
    filters={
        "discussion_id": _POSTS.c.discussion_id,
        "reported": lambda wanted: _POSTS.c.reported_at.is_not(None) == wanted,
        "hidden": lambda wanted: _POSTS.c.hidden_at.is_not(None) == wanted,
    },
    sorts={"created": ()},
    **_COMMON,
)
"""Posts for those who moderate what the discussion is on."""

POST_REPORTS = Door(
    table=PostReport,
    view=PostReportView,
    missing=PostReportNotFound,
    computed={"outcome": _DECISIONS.c.outcome, "decided_at": _DECISIONS.c.decided_at},
    joined=_REPORTS.join(_POSTS, _REPORTS.c.post_id == _POSTS.c.id)
    .join(_DISCUSSIONS, _POSTS.c.discussion_id == _DISCUSSIONS.c.id)
    .outerjoin(_DECISIONS, _REPORTS.c.decision_id == _DECISIONS.c.id),
    filters={
        "post_id": _REPORTS.c.post_id,
        "reason": _REPORTS.c.reason,
        "waiting": lambda wanted: _REPORTS.c.decision_id.is_(None) == wanted,
    },
    sorts={"created": ()},
    **_COMMON,
)


async def list_moderated_posts(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    discussion_id: UUID | None = None,
    reported: bool | None = None,
    hidden: bool | None = None,
) -> Page:
    """The posts where the actor moderates, with the text of those that are hidden.

    `reported` keeps those with a report that waits, `hidden` those that are hidden.
    """
    filters = {"discussion_id": discussion_id, "reported": reported, "hidden": hidden}
    return await MODERATED_POSTS.page(db, actor, page, filters=filters)


async def list_post_reports(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    post_id: UUID | None = None,
    waiting: bool | None = None,
) -> Page:
    """The reports of posts where the actor moderates, in their order."""
    return await POST_REPORTS.page(
        db, actor, page, filters={"post_id": post_id, "waiting": waiting}
    )


_DECISIONS_OF = Statement(
    select(*(_DECISIONS.c[name] for name in PostDecisionView.model_fields))
    .where(col(PostDecision.post_id) == bindparam("post_id", type_=Uuid))
    .order_by(col(PostDecision.id))
)


async def list_post_decisions(db: Connection, actor: Actor, *, post_id: UUID) -> list[Row]:
    """What was decided of a post and why, for its author and those who moderate, in its order."""
    await open_own_or_moderated(db, actor, post_id=post_id)
    return await db.all(_DECISIONS_OF, post_id=post_id)

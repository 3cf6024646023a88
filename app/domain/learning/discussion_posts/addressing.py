"""To which post one replies, and whom one names: what is checked before a post is written."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, exists, func, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.base import TODAY, holds_on
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.learning.courses import AUDIENCE as COURSE_AUDIENCE
from app.domain.learning.courses import Course
from app.domain.learning.discussion_posts.post import DISCUSSION_POSTS
from app.domain.learning.discussions import Discussion
from app.domain.learning.topics import TopicMember
from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity, is_meant_for_teacher
from app.domain.training.groups import GroupMember
from app.sql import Connection, Row, Statement

# What can be refused.


class ReplyUnfit(Invalid):
    """A reply is to a post of the same discussion that still stands and is itself no reply."""

    code = "discussion_reply_unfit"
    zh = "只能回复本研讨中未撤回、未隐藏的发言，且不能回复“回复”。"
    en = "A reply is to a standing post of this discussion that is itself no reply."


class MentionOutsideAudience(Invalid):
    """Only those are named who are meant to see the discussion."""

    code = "discussion_mention_outside"
    zh = "只能提及该研讨所面向的教师。"
    en = "Only teachers for whom the discussion is are named."


class PostGone(Conflict):
    """The post was withdrawn or hidden."""

    code = "discussion_post_gone"
    zh = "该发言已撤回或已隐藏。"
    en = "The post was withdrawn or hidden."


def check_stands(post: Row) -> None:
    """Refuse what is not done with a post that was withdrawn or hidden."""
    if post["withdrawn_at"] is not None or post["hidden_at"] is not None:
        raise PostGone


# What may be asked.

_is_member = exists(
    select(col(TopicMember.id)).where(
        col(TopicMember.topic_id) == col(Discussion.topic_id),
        col(TopicMember.teacher_id) == col(Teacher.id),
    )
)
_is_in_group = exists(
    select(col(GroupMember.id)).where(
        col(GroupMember.group_id) == col(Discussion.group_id),
        col(GroupMember.teacher_id) == col(Teacher.id),
        holds_on(GroupMember, TODAY),
    )
)
_activity, _course = (
    exists(
        select(col(thing.id)).where(col(thing.id) == key, col(thing.published_at).is_not(None))
    ).correlate(Discussion)
    for thing, key in (
        (Activity, col(Discussion.activity_id)), (Course, col(Discussion.course_id)),
    )
)  # fmt: skip
IS_MEANT = or_(
    and_(_activity, is_meant_for_teacher(col(Discussion.activity_id))),
    and_(_course, COURSE_AUDIENCE.is_for_teacher(col(Discussion.course_id))),
    _is_member,
    _is_in_group,
)
"""That what this row of discussions is on is, today, for this row of teachers; a draft is for nobody."""
_MEANT = Statement(
    select(func.count())
    .select_from(Discussion)
    .join(Teacher, IS_MEANT)
    .where(
        col(Discussion.id) == bindparam("discussion_id", type_=Uuid),
        col(Teacher.id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        col(Teacher.merged_into_id).is_(None),
    )
)


async def check_parent(
    db: Connection, actor: Actor, *, discussion_id: UUID, parent_id: UUID | None
) -> None:
    """Refuse a reply to what is not a post of this discussion, does not stand, or is a reply."""
    if parent_id is None:
        return
    try:
        parent = await DISCUSSION_POSTS.get(db, actor, parent_id)
        check_stands(parent)
    except (NotFound, PostGone):
        raise ReplyUnfit from None
    if parent["discussion_id"] != discussion_id or parent["parent_id"] is not None:
        raise ReplyUnfit


async def check_mentions(
    db: Connection,
    actor: Actor,  # noqa: ARG001  the door was passed
    *,
    discussion_id: UUID,
    mentions: Sequence[UUID],
) -> None:
    """Refuse to name somebody for whom the discussion is not; the caller has opened its door."""
    if mentions:
        meant = await db.value(_MEANT, discussion_id=discussion_id, teacher_ids=list(mentions))
        if meant != len(mentions):
            raise MentionOutsideAudience

"""What waits in discussions and consultations."""

from typing import Any

from sqlalchemy import and_, case, exists, func, select
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.waiting import Waiting
from app.domain.learning.consultations import Consultation, ConsultationState
from app.domain.learning.courses import Course
from app.domain.learning.discussion_posts import IS_MEANT, PostMention
from app.domain.learning.discussions import Discussion, DiscussionPost, DiscussionReading
from app.domain.learning.topics import Topic
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import Activity
from app.domain.training.groups import ResearchGroup

_THINGS: dict[str, Any] = {
    "activity_id": Activity, "course_id": Course, "topic_id": Topic, "group_id": ResearchGroup,
}  # fmt: skip
_POSTS = beside(DiscussionPost, Discussion, col(DiscussionPost.discussion_id) == col(Discussion.id))


def _with_things() -> Any:
    rows = _POSTS
    for name, thing in _THINGS.items():
        rows = rows.outerjoin(thing.__table__, col(getattr(Discussion, name)) == col(thing.id))
    return rows


def _of_thing(name: str) -> Any:
    return func.coalesce(*(col(getattr(thing, name)) for thing in _THINGS.values()))


_SCHOOL, _COUNTY, _CITY = (_of_thing(name) for name in ("school_id", "county_id", "city_id"))
_UNREAD = ~exists(
    select(col(DiscussionReading.read_to))
    .join(Account, col(Account.id) == col(DiscussionReading.account_id))
    .where(
        col(Account.teacher_id) == col(PostMention.teacher_id),
        col(DiscussionReading.discussion_id) == col(DiscussionPost.discussion_id),
        col(DiscussionReading.read_to) >= col(DiscussionPost.number),
    )
    .correlate(PostMention, DiscussionPost)
)
_STANDS = and_(col(DiscussionPost.withdrawn_at).is_(None), col(DiscussionPost.hidden_at).is_(None))

OF_DISCUSSIONS = (
    Waiting(
        kind=TaskKind.POST_TO_MODERATE,
        permission=Permission.DISCUSSION_MODERATE,
        table=DiscussionPost,
        rows=_with_things(),
        title=col(Discussion.title),
        since=col(DiscussionPost.reported_at),
        at=func.coalesce(_SCHOOL, _COUNTY),
        above=case((_SCHOOL.is_not(None), _COUNTY), (_COUNTY != _CITY, _CITY)),
        waits=col(DiscussionPost.reported_at).is_not(None),
        by=col(DiscussionPost.written_by),
        of=col(DiscussionPost.teacher_id),
    ),
    Waiting(
        kind=TaskKind.MENTION_TO_READ,
        permission=Permission.RECORD_OWN,
        table=DiscussionPost,
        rows=_POSTS.join(
            PostMention.__table__,  # type: ignore[attr-defined]
            col(PostMention.post_id) == col(DiscussionPost.id),
        ).join(
            Teacher.__table__,  # type: ignore[attr-defined]
            col(Teacher.id) == col(PostMention.teacher_id),
        ),
        title=col(Discussion.title),
        since=col(DiscussionPost.written_at),
        at=col(PostMention.teacher_id),
        # Who no longer sees the discussion has nothing to read in it.
        waits=and_(_STANDS, _UNREAD, IS_MEANT),
    ),
    Waiting(
        kind=TaskKind.HIDDEN_POST_TO_ACKNOWLEDGE,
        permission=Permission.RECORD_OWN,
        table=DiscussionPost,
        rows=_POSTS,
        title=col(DiscussionPost.hidden_because),
        since=col(DiscussionPost.hidden_at),
        at=col(DiscussionPost.teacher_id),
        waits=and_(
            col(DiscussionPost.hidden_at).is_not(None),
            col(DiscussionPost.told_at).is_(None),
            col(DiscussionPost.teacher_id).is_not(None),
        ),
    ),
)

OF_CONSULTATIONS = (
    Waiting(
        kind=TaskKind.CONSULTATION_TO_ANSWER,
        permission=Permission.CONSULTATION_READ,
        table=Consultation,
        rows=beside(Consultation, Teacher, col(Consultation.adviser_id) == col(Teacher.id)),
        # What is asked is between the two: the adviser's school sees whose answer is overdue.
        title=col(Teacher.name),
        since=col(Consultation.since),
        due=col(Consultation.due_on),
        at=col(Consultation.adviser_id),
        above=col(Teacher.school_id),
        waits=is_among(col(Consultation.state), [ConsultationState.ASKED]),
    ),
)

"""What a calendar link shows: the sessions that its owner may see at the moment of asking."""

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Uuid, any_, bindparam, or_, select
from sqlmodel import col

from app.domain.access.actors import Shape, within
from app.domain.access.roles import Permission
from app.domain.access.sign_in import actor_of_account, may_stay, read_credentials
from app.domain.base import MOMENT
from app.domain.errors import NotAllowed, NotFound
from app.domain.organisation.units import Unit
from app.domain.training.activities import (
    Activity,
    ActivitySession,
    ActivityState,
    addresses_of,
    is_addressed,
    was_published,
)
from app.domain.training.activities.activity import ACTIVITY_PLACES
from app.domain.training.activities.audience import is_candidate
from app.domain.training.calendar_links.link import (
    CalendarAbout,
    CalendarLink,
    CalendarLinkNotFound,
    open_subject,
)
from app.sql import Connection, Row, Statement

PAST, FUTURE = timedelta(days=180), timedelta(days=400)
"""How far a calendar reaches back and ahead."""
MOST_SHOWN = 2_000
"""How many sessions a calendar shows at most, the earliest first."""

# What may be asked.

_LINK = Statement(
    select(
        col(CalendarLink.account_id), col(CalendarLink.about), col(CalendarLink.subject_id)
    ).where(
        col(CalendarLink.token_hash) == bindparam("token_hash", type_=LargeBinary),
        col(CalendarLink.revoked_at).is_(None),
    )
)


async def calendar_of_link(db: Connection, *, token_hash: bytes, now: datetime) -> Row:
    """What a link shows: `name` of the calendar, and `sessions` from half a year ago to a year ahead.

    A session holds its key, moments, place, speaker, ordinal, and of its activity the title, who
    organises it, whether it was cancelled, and `change_sequence`, which every change raises.
    """
    link = await db.one(_LINK, token_hash=token_hash)
    account = link and await read_credentials(db, account_id=link["account_id"])
    if link is None or account is None or not may_stay(account, now=now):
        raise CalendarLinkNotFound
    actor = await actor_of_account(db, account=account, now=now)
    about = CalendarAbout(link["about"])
    try:
        name = await open_subject(db, actor, about=about, subject_id=link["subject_id"])
        scope = actor.scope(Permission.ACTIVITY_READ)
        shown = addresses_of(actor) if about is CalendarAbout.OWN else [link["subject_id"]]
    except (NotFound, NotAllowed):
        raise CalendarLinkNotFound from None
    sessions = await db.all(
        _sessions(scope.shape, about),
        **scope.parameters(ACTIVITY_PLACES),
        audience=actor.audience,
        shown=shown,
        since=now - PAST,
        until=now + FUTURE,
    )
    return {"name": name, "sessions": sessions}


def _concerns(about: CalendarAbout) -> ColumnElement[bool]:
    """The predicate 'this activity belongs in the calendar': organised by its subject, or meant for it."""
    shown = bindparam("shown", type_=ARRAY(Uuid))
    addressed = is_addressed(col(Activity.id), shown)
    if about is CalendarAbout.OWN:
        return addressed & is_candidate(col(Activity.id), any_(shown))
    return or_(col(getattr(Activity, f"organiser_{about}_id")) == any_(shown), addressed)


@lru_cache(maxsize=64)
def _sessions(shape: Shape, about: CalendarAbout) -> Statement:
    visible = within(shape, ACTIVITY_PLACES)
    offered = is_addressed(col(Activity.id), bindparam("audience", type_=ARRAY(Uuid)))
    return Statement(
        select(
            *(
                col(getattr(ActivitySession, name))
                for name in (
                    "id",
                    "activity_id",
                    "ordinal",
                    "starts_at",
                    "ends_at",
                    "place",
                    "speaker",
                )
            ),
            col(Activity.title),
            (col(Activity.state) == ActivityState.CANCELLED).label("cancelled"),
            col(Activity.change_sequence),
            col(Unit.name).label("organiser"),
        )
        .join_from(ActivitySession, Activity, col(ActivitySession.activity_id) == col(Activity.id))
        .join(Unit, col(Activity.organiser_unit_id) == col(Unit.id))
        .where(
            was_published(),
            _concerns(about),
            or_(visible, offered),
            col(ActivitySession.ends_at) >= bindparam("since", type_=MOMENT),
            col(ActivitySession.starts_at) <= bindparam("until", type_=MOMENT),
        )
        .order_by(col(ActivitySession.starts_at), col(ActivitySession.id))
        .limit(MOST_SHOWN)
    )

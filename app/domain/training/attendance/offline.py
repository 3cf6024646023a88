"""Checking in without a network (离线签到): the code is kept on the phone and handed in later.

A code is shown for one step of time and can be computed by nobody without the session's secret: who has
one had it from the room, at that step or later. It does not show who had it. The moment that the phone
names must fit the code, so that a program that tells its clock truly gives away what was passed on; a
program that lies can pass on a code to whoever is not there, as it can while the network is up. What
was handed in from one device or address for several people is therefore put up for review (`doubts`).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance
from app.domain.errors import Conflict, Invalid
from app.domain.training.activities import SessionNotFound, addresses_of
from app.domain.training.attendance.checking_in import ENTER, NewCheckIn, entry_arguments
from app.domain.training.attendance.codes import shown_at
from app.domain.training.attendance.record import AttendanceMethod
from app.domain.training.attendance.situation import (
    check_open,
    find_secret,
    find_situation,
    presence_in,
)
from app.sql import Connection, Row

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far a phone's clock may be from ours."""
LATEST_HAND_IN = timedelta(hours=72)
"""How long after it was shown a code can be handed in."""


class OfflineCheckIn(NewCheckIn):
    """What a teacher hands in who had no network in the room."""

    seen_at: AwareDatetime = Field(
        description="手机看到签到码的时间，须带时区 / when the phone saw the code, by its own clock"
    )


# What can be refused.


class ClockAhead(Invalid):
    """The phone says that it saw the code at a moment that is still to come."""

    code = "offline_clock_ahead"
    zh = "手机时间晚于服务器时间，请校准手机时钟后重试。"
    en = "The phone's clock is ahead of the server's: set it right and try again."


class HandedInTooLate(Conflict):
    """Too long ago: whoever was there without a network is recorded by the organiser."""

    code = "offline_too_late"
    zh = "离线签到须在 {hours} 小时内补交；逾期请由组织者登记。"
    en = "A code seen offline is handed in within {hours} hours; after that the organiser records it."


class OfflineCodeWrong(Invalid):
    """The code was not shown at the moment that the phone names: mistyped, or seen at another time."""

    code = "offline_code_wrong"
    zh = "该签到码与手机记录的时间不符。"
    en = "This code was not the one shown at the time that the phone tells."


# What may be done.


async def check_in_offline(
    db: Connection,
    actor: Actor,
    *,
    session_id: UUID,
    given: OfflineCheckIn,
    now: datetime,
    provenance: Provenance | None = None,
) -> Row:
    """Record that the actor was at a session when a code was shown there, until the activity is closed.

    The record is of the moment at which the code began to be shown, whatever the phone's clock says.
    A repeat answers the record that there is.
    """
    key: dict[str, Any] = {"session_id": session_id, "teacher_id": actor.teacher_id}
    secret = await find_secret(db, session_id=session_id)
    situation = await find_situation(db, **key, addresses=addresses_of(actor), held=True)
    record = presence_in(situation)
    if record is not None:
        return record
    if given.seen_at > now + CLOCKS_DIFFER:
        raise ClockAhead
    if given.seen_at < now - LATEST_HAND_IN:
        raise HandedInTooLate(hours=LATEST_HAND_IN // timedelta(hours=1))
    check_open(situation, given.seen_at)
    moment = shown_at(given.code, secret, session_id, given.seen_at, CLOCKS_DIFFER)
    if moment is None or moment > now:
        raise OfflineCodeWrong
    check_open(situation, moment)
    arguments = entry_arguments(actor, session_id, secret, given, provenance, moment)
    entered = await db.one(ENTER, **arguments, method=AttendanceMethod.OFFLINE)
    if entered is not None:
        return entered
    # Checked in by code at the same moment.
    record = presence_in(await find_situation(db, **key, addresses=addresses_of(actor)))
    if record is None:
        raise SessionNotFound
    return record

"""A calendar as text (RFC 5545), for the programs that people subscribe with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from icalendar import Calendar, Event

from app.sql import Row

_LATEST_SEQUENCE = 2**31 - 1
"""SEQUENCE is a whole number of 32 bits for most programs."""


def write_calendar(name: str, sessions: Sequence[Row], *, now: datetime) -> bytes:
    """The sessions as events: one of a cancelled activity says so, and a change raises SEQUENCE.

    Moments are written in UTC, which every program shows in its own zone. Nothing but `now` tells two
    answers of the same sessions apart: it is the hour, so that an unchanged calendar is the same text.
    """
    calendar = Calendar()
    for field, value in (
        ("VERSION", "2.0"), ("PRODID", "-//Yanxun//Yanxun//ZH"), ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", name), ("X-WR-TIMEZONE", "Asia/Shanghai"),
    ):  # fmt: skip
        calendar.add(field, value)
    stamp = now.replace(minute=0, second=0, microsecond=0)
    for session in sessions:
        calendar.add_component(_event(session, stamp))
    written: bytes = calendar.to_ical()
    return written


def _event(session: Mapping[str, Any], stamp: datetime) -> Event:
    event = Event()
    event.add("UID", f"{session['id']}@yanxun")
    event.add("DTSTAMP", stamp)
    event.add("DTSTART", session["starts_at"])
    event.add("DTEND", session["ends_at"])
    event.add("SEQUENCE", session["change_sequence"] % _LATEST_SEQUENCE)
    event.add("SUMMARY", session["title"])
    event.add("STATUS", "CANCELLED" if session["cancelled"] else "CONFIRMED")
    if session["place"]:
        event.add("LOCATION", session["place"])
    said = [f"组织：{session['organiser']}", f"第 {session['ordinal']} 场"]
    if session["speaker"]:
        said.append(f"主讲：{session['speaker']}")
    event.add("DESCRIPTION", "\n".join(said))
    return event

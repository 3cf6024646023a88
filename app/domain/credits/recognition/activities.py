"""Recognising an activity: who attended it and qualified gets what the rules give for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.credits.recognition.awards import Hindrance, Offered, Share
from app.domain.credits.recognition.recognising import RecognisedFields, recognise_source
from app.domain.credits.recognition.sources import ACTIVITY
from app.domain.errors import Conflict
from app.domain.learning.course_completions import OPEN, completion_of, settled_of
from app.domain.learning.courses import ConditionKind
from app.domain.training.activities import ACTIVITIES, Activity, ActivityState
from app.domain.training.attendance import AttendanceRole
from app.domain.training.qualification import qualified_attendees
from app.sql import Connection, Row


class RecognitionView(RecognisedFields):
    """What recognising an activity did."""

    activity_id: UUID = Field(description="活动 / activity")


# What can be refused.


class ActivityNotClosed(Conflict):
    """What is not over yet cannot be recognised."""

    code = "activity_not_closed"
    zh = "活动结束（closed）后才能认定学分，当前状态为 {state}。"
    en = "Credit is recognised once the activity is closed; its state is {state}."


class ActivityNotOver(Conflict):
    """Credit is earned on an activity's last day, and that is still to come."""

    code = "activity_not_over"
    zh = "活动于{day}结束，届时方可认定学分。"
    en = "The activity ends on {day}: its credit is recognised from that day on."


class CompletionsUnsettled(Conflict):
    """Credit of a class goes to who completed it, which is to be settled first."""

    code = "course_completions_unsettled"
    zh = "该班尚未核定结业，核定后方可认定学分。"
    en = "It is not settled yet who completed this class: credit is recognised once it is."


class _Activity(BaseModel):
    """What recognition needs to know of an activity."""

    id: UUID
    city_id: UUID
    county_id: UUID
    level: str
    kind: str
    mode: str
    channel: str
    content: list[str]
    ends_on: date
    state: str
    completion: str | None


_RECOGNISABLE = replace(
    ACTIVITIES, view=_Activity, computed={"completion": completion_of(col(Activity.id))}
)

_NOT_QUALIFIED = {
    each.code: each
    for each in (
        Hindrance("absent", "未出席。", "Was not present."),
        Hindrance(
            "note_missing",
            "未提交要求的研修笔记或反思。",
            "The note or reflection asked for is missing.",
        ),
        Hindrance(
            "evidence_missing",
            "未提交活动样式要求的佐证材料。",
            "Evidence that the activity's form asks for is missing.",
        ),
    )
}

_NOT_COMPLETED = {
    ConditionKind.ATTENDANCE: ("出勤率未达到结业要求", "Attendance does not suffice"),
    ConditionKind.EXERCISES: ("通过的作业未达到结业要求", "Too few exercises were accepted"),
    ConditionKind.JUDGEMENT: ("组织者评定未合格", "The organiser judged it insufficient"),
    ConditionKind.TEST: ("测验未合格", "The test was not passed"),
}

_CORRECTED = Hindrance(
    "course_completion_withdrawn",
    "结业核定后经更正为未结业。",
    "That the class was completed was corrected: it was not.",
)


def _incomplete(settled: Row | None) -> Hindrance | None:
    """Why somebody who took part in a class did not complete it: the first condition that is not met."""
    if settled is not None and settled["completed"]:
        return None
    for each in () if settled is None else settled["conditions"]:
        if not each["is_met"]:
            zh, en = _NOT_COMPLETED[ConditionKind(each["kind"])]
            figures = f"{each['reached'] or 0} / {each['required']}"
            code = f"course_{each['kind']}_insufficient"
            return Hindrance(code, f"{zh}（{figures}）。", f"{en} ({figures}).")
    if settled is not None:
        return _CORRECTED
    return Hindrance(
        "course_not_completed", "未核定结业。", "It was not settled that the class was completed."
    )


# What may be done.


def offer_of(activity: Mapping[str, Any]) -> Offered:
    """What an activity offers to the rules: it earns on its last day."""
    return Offered(
        source_kind=ACTIVITY,
        source_id=activity["id"],
        city_id=activity["city_id"],
        earned_on=activity["ends_on"],
        level=activity["level"],
        activity_kind=activity["kind"],
        mode=activity["mode"],
        channel=activity["channel"],
        content=tuple(activity["content"]),
    )


async def recognise_activity(
    db: Connection, actor: Actor, *, activity_id: UUID, now: datetime
) -> Row:
    """Enter what a closed activity earned for everybody who qualified and has no entry for it yet.

    Asking again enters nothing twice; whose entry was reversed gets a new one, as the next attempt. Of a
    class whose course declares what completes it, participants earn once they completed it.
    """
    activity = await _recognisable(db, actor, activity_id, civil_date(now))
    attendees = await qualified_attendees(db, actor, activity_id=activity_id)
    hindrances = {row["teacher_id"]: _NOT_QUALIFIED.get(row["reason"]) for row in attendees}
    if activity["completion"] is not None:
        settled = await settled_of(db, actor, activity_id=activity_id)
        hindrances |= {
            row["teacher_id"]: _incomplete(settled.get(row["teacher_id"]))
            for row in attendees
            if row["qualified"] and row["role"] == AttendanceRole.PARTICIPANT
        }
    shares = [
        Share(row["teacher_id"], row["hours"], row["role"], hindrances[row["teacher_id"]])
        for row in attendees
    ]
    done = await recognise_source(
        db, offered=offer_of(activity), shares=shares, recorded_by=actor.account_id, now=now
    )
    return {"activity_id": activity_id, **done}


async def _recognisable(db: Connection, actor: Actor, activity_id: UUID, today: date) -> Row:
    """The activity, locked, closed and over, if the actor may recognise it for the bureau in charge."""
    permission = Permission.CREDIT_RECOGNISE
    activity = await _RECOGNISABLE.get(db, actor, activity_id, permission=permission, lock=True)
    bureau = {name: activity[name] for name in ("city_id", "county_id")}
    # A school does not recognise its own activities, whatever role is held there.
    actor.require(permission, bureau)
    if activity["state"] != ActivityState.CLOSED:
        raise ActivityNotClosed(state=activity["state"])
    if activity["ends_on"] > today:
        raise ActivityNotOver(day=activity["ends_on"].isoformat())
    if activity["completion"] == OPEN:
        raise CompletionsUnsettled
    return activity

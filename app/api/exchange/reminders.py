"""Reminders over REST: of one piece of work, and how long ahead a unit's people are told."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.answers import answer
from app.domain.exchange import reminders
from app.domain.exchange.reminders import (
    NewReminder,
    NewReminderRule,
    ReminderRuleView,
    ReminderView,
)
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["exchange"], route_class=Route)


@router.post(
    "/reminders", operation_id="remind_of_task", response_model=ReminderView, status_code=201
)
async def remind_of_task(db: Transaction, actor: CurrentActor, new: NewReminder) -> Response:
    """Have those told who are to do a piece of work that waits below the actor, once a day."""
    return answer(await reminders.remind_of_task(db, actor, new=new, now=now()), 201)


@router.get("/me/reminders", operation_id="list_own_reminders", response_model=list[ReminderView])
async def list_own_reminders(db: Reading, actor: CurrentActor) -> Response:
    """The latest reminders that the actor has made, the last first."""
    return answer(await reminders.list_own_reminders(db, actor))


@router.get(
    "/units/{unit_id}/reminder-rule",
    operation_id="get_reminder_rule",
    response_model=ReminderRuleView,
)
async def get_reminder_rule(db: Reading, actor: CurrentActor, unit_id: UUID) -> Response:
    """How long ahead a unit's people are told of what falls due."""
    return answer(await reminders.get_reminder_rule(db, actor, unit_id=unit_id))


@router.post(
    "/units/{unit_id}/reminder-rule",
    operation_id="set_reminder_rule",
    response_model=ReminderRuleView,
)
async def set_reminder_rule(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewReminderRule
) -> Response:
    """Say how long ahead a unit's people are told."""
    return answer(await reminders.set_reminder_rule(db, actor, unit_id=unit_id, new=new))

"""Reminders over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.exchange import reminders
from app.domain.exchange.reminders import (
    NewReminder,
    NewReminderRule,
    ReminderRuleView,
    ReminderView,
)
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(name="Reminder", description="催办记录 / a reminder of a task")
class ReminderNode(ReminderView):
    """A reminder, as who made it sees it."""


@strawberry.pydantic.type(name="ReminderRule", description="临期提醒规则 / how long ahead")
class ReminderRuleNode(ReminderRuleView):
    """How long ahead a unit's people are told."""


@strawberry.pydantic.input(name="NewReminder")
class NewReminderInput(NewReminder):
    """The work of which those who are to do it are to be reminded."""


@strawberry.pydantic.input(name="NewReminderRule")
class NewReminderRuleInput(NewReminderRule):
    """How long ahead they are to be told from now on."""


@strawberry.type
class ReminderQueries:
    """What may be asked about reminders."""

    @strawberry.field(
        description="本人的催办记录 / reminders that one has made", graphql_type=list[ReminderNode]
    )
    async def own_reminders(self, info: Info[Context]) -> Any:
        """The latest reminders that the actor has made."""
        actor = info.context.actor
        return await info.context.read(lambda db: reminders.list_own_reminders(db, actor))

    @strawberry.field(
        description="单位的临期提醒规则 / how long ahead a unit's people are told",
        graphql_type=ReminderRuleNode,
    )
    async def reminder_rule(self, info: Info[Context], unit_id: UUID) -> Any:
        """How long ahead a unit's people are told."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: reminders.get_reminder_rule(db, actor, unit_id=unit_id)
        )


@strawberry.type
class ReminderMutations:
    """What may be done with reminders."""

    @strawberry.mutation(
        description="催办下级的待办 / have those told who are to do a task",
        graphql_type=ReminderNode,
    )
    async def remind_of_task(self, info: Info[Context], new: NewReminderInput) -> Any:
        """Have those told who are to do a piece of work that waits below the actor."""
        async with info.context.transaction() as db:
            return await reminders.remind_of_task(db, info.context.actor, new=new, now=now())

    @strawberry.mutation(
        description="设置单位的临期提醒规则 / say how long ahead a unit's people are told",
        graphql_type=ReminderRuleNode,
    )
    async def set_reminder_rule(
        self, info: Info[Context], unit_id: UUID, new: NewReminderRuleInput
    ) -> Any:
        """Say how long ahead a unit's people are told."""
        async with info.context.transaction() as db:
            return await reminders.set_reminder_rule(
                db, info.context.actor, unit_id=unit_id, new=new
            )

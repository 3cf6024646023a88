"""Calendar links over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.training import calendar_links
from app.domain.training.calendar_links import (
    CalendarLinkView,
    CalendarLinkWithPath,
    NewCalendarLink,
)
from app.graphql.context import Context
from app.request import now
from app.security import passwords


@strawberry.pydantic.type(name="CalendarLink", description="日历订阅 / a calendar link")
class CalendarLinkNode(CalendarLinkView):
    """A link as its owner sees it."""


@strawberry.pydantic.type(
    name="CalendarLinkWithPath", description="新建的日历订阅 / a new link with its address"
)
class CalendarLinkWithPathNode(CalendarLinkWithPath):
    """A new link with its secret address."""


@strawberry.pydantic.input(name="NewCalendarLink")
class NewCalendarLinkInput(NewCalendarLink):
    """A link to be made."""


@strawberry.type
class CalendarLinkQueries:
    """What may be asked about one's calendar links."""

    @strawberry.field(
        description="本人的日历订阅 / one's own calendar links", graphql_type=list[CalendarLinkNode]
    )
    async def calendar_links(self, info: Info[Context]) -> Any:
        """One's own links."""
        actor = info.context.actor
        return await info.context.read(lambda db: calendar_links.list_calendar_links(db, actor))


@strawberry.type
class CalendarLinkMutations:
    """What may be done with calendar links."""

    @strawberry.mutation(
        description="创建日历订阅 / make a calendar link", graphql_type=CalendarLinkWithPathNode
    )
    async def create_calendar_link(self, info: Info[Context], new: NewCalendarLinkInput) -> Any:
        """Make a secret address of a calendar; it is shown this once."""
        secret = passwords.new_secret()
        async with info.context.transaction() as db:
            row = await calendar_links.create_calendar_link(
                db,
                info.context.actor,
                new=new,
                token_hash=passwords.hash_secret(secret),
                now=now(),
            )
        return {**row, "path": f"/calendars/{secret}.ics"}

    @strawberry.mutation(
        description="撤销日历订阅 / revoke a calendar link", graphql_type=CalendarLinkNode
    )
    async def revoke_calendar_link(self, info: Info[Context], link_id: UUID) -> Any:
        """Revoke one of one's own links."""
        async with info.context.transaction() as db:
            return await calendar_links.revoke_calendar_link(
                db, info.context.actor, link_id=link_id, now=now()
            )

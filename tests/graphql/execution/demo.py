"""The demo city as its people see it: who asks, and with which values.

Everything is found out from the database and the schema, so that a new noun is asked about by itself.
"""

from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import asyncpg
from graphql import GraphQLSchema
from sqlalchemy import Uuid

from app.domain.access.actors import Actor
from app.domain.access.roles import Role
from app.domain.access.sign_in import actor_of_account
from app.domain.base import Table
from app.graphql.execution import Engine
from app.request import Resources, now
from tests.graphql.execution.arguments import Values
from tests.graphql.execution.exploring import NOBODY, Asking, Explorer
from tests.make import id_number

SCALARS: Values = {
    "first": [*[1, 2, 3, 5] * 6, 100, 0, -1, 101],
    "sort": [None],
    "after": [None],
    "name": [None, "测试", "于"],
    "code": [None, "430602", "0"],
    "NewUnit.name": ["新设小学"],
    "NewUnit.code": [None],
    "NewAccount.name": ["new.account", "x"],
    "displayName": ["测试账号"],
    "idNumber": [id_number(), "0"],
    "birthDate": [None],
    "startsOn": ["2026-12-01"],
    "endsOn": ["2026-12-02"],
    "startsAt": ["2026-12-01T01:00:00Z"],
    "endsAt": ["2026-12-01T03:00:00Z"],
    "hours": ["2.00"],
    "capacity": [None, 1, 30],
    "validFrom": [None, "2026-11-20"],
    "validTo": [None, "2031-08-31"],
    "since": [None, "2026-09-01"],
    "text": ["这次研修让我重新思考了作业的设计。" * 20, "短"],
    "reason": ["登记有误，予以冲销。"],
    "String": ["测试", "", "x"],
    "Int": [0, 1, 3, -1, 2**31 - 1],
    "Date": ["2026-11-20", "2024-02-29", "1999-12-31", "2031-08-31"],
    "DateTime": ["2026-11-20T02:00:00Z", "2024-02-29T23:59:59.999999+08:00"],
    "Decimal": ["2.00", "0", "-1.5", "999999.99"],
    "Boolean": [True, False],
    "JSON": [{}, [], {"id": "x"}],
}
"""What every place takes that is not known better."""

_PERSON = """
    SELECT a.* FROM role_grant g JOIN account a ON a.id = g.account_id
    WHERE g.role = $1 AND (a.school_id IS NOT NULL OR g.role NOT IN ('county_admin')
        OR EXISTS (SELECT FROM unit s WHERE s.level = 'school' AND s.county_id = g.subject_id))
    ORDER BY (SELECT count(*) FROM role_grant o WHERE o.account_id = a.id), a.id LIMIT 1
"""


@dataclass
class DemoCity:
    """The loaded city: a way to it, and those of its people who have asked."""

    held: Resources
    owner: asyncpg.Connection
    schema: GraphQLSchema
    engine: Engine
    people: dict[Role, Asking] = field(default_factory=dict)

    async def asking(self, role: Role) -> Asking:
        """An account with a role, with keys inside and outside its reach, sorts and cursors."""
        if role not in self.people:
            row = await self.owner.fetchrow(_PERSON, role.value)
            async with self.held.pool.connection() as db:
                actor = await actor_of_account(db, account=row, now=now())
            self.people[role] = Asking(actor, SCALARS | await self._keys(actor, dict(row)))
            await Explorer(self.schema, self.engine, self.held, self.people[role]).explore()
        return self.people[role]

    async def _keys(self, actor: Actor, account: dict[str, Any]) -> Values:
        """Keys of every table, those of the actor's own school first; some that nobody has."""
        values: Values = {}
        for table in Table.metadata.sorted_tables:
            if "id" not in table.columns or not isinstance(table.columns["id"].type, Uuid):
                continue
            own = "school_id" in table.columns
            order = "(school_id = $1) DESC NULLS LAST, id" if own else "id"
            arguments = [account["school_id"]] if own else []
            rows = await self.owner.fetch(
                f"SELECT id FROM {table.name} ORDER BY {order} LIMIT 3",  # noqa: S608  our names
                *arguments,
            )
            last = await self.owner.fetch(f"SELECT id FROM {table.name} ORDER BY id DESC LIMIT 1")  # noqa: S608
            values[table.name] = [str(row["id"]) for row in [*rows, *last]]
        subjects = [str(grant.subject_id) for grant in actor.grants]
        values["unit"].extend([*map(str, actor.ancestors), *map(str, actor.ancestors)])
        if actor.teacher_id is not None:
            values["teacher"].extend([str(actor.teacher_id)] * 4)
        values["UUID"] = [*chain.from_iterable(each[:2] for each in values.values()), *subjects]
        values["ID"] = [*values["UUID"], "x"]
        for each in values.values():
            each.append(NOBODY)
        return values

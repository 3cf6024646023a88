"""Whether a teacher is the one who asks: nobody decides on what is their own. And who speaks for a unit itself.

A delegate acts by the roles of another and stays the person who it is, so that its token names no teacher
(`access.delegations`). What is the delegate's own, or the granter's, neither of them decides in that way.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, exists, select
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.sql import Connection, Statement

_IS_BEHIND = Statement(
    select(
        exists().where(
            col(Account.id) == any_(bindparam("accounts", type_=ARRAY(Uuid))),
            col(Account.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
        )
    )
)


async def is_oneself(db: Connection, actor: Actor, *, teacher_ids: Sequence[UUID | None]) -> bool:
    """Whether one of these is the teacher who the actor is, or for whom the actor acts."""
    people = [teacher_id for teacher_id in teacher_ids if teacher_id is not None]
    if not people or actor.on_behalf_of is None:
        return actor.teacher_id in people
    return bool(await db.value(_IS_BEHIND, accounts=list(actor.accounts), teacher_ids=people))


def speaks_for(actor: Actor, subject_id: UUID, permission: Permission) -> bool:
    """Whether a role over this very subject permits this to the actor, and not merely one from above it."""
    return any(
        grant.subject_id == subject_id and permission in grant.permissions for grant in actor.grants
    )

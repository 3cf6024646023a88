"""Replacing (替换) somebody who cannot go on: the place passes to another who was nominated."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Invalid
from app.domain.people.cohort_members.member import (
    COHORT_MEMBERS,
    CohortMember,
    MembershipState,
    require_another,
)
from app.domain.people.cohort_members.nominating import require_state
from app.domain.people.cohorts import hold_cohort
from app.sql import Connection, Row


class MemberReplacement(Command):
    """Who takes the place, and why it is given up."""

    by_id: UUID = Field(
        description="替换者的推荐记录，同一期次 / membership of who takes the place, of the same cohort"
    )
    reason: str = Field(min_length=2, max_length=500, description="替换原因 / why")


# What can be refused.


class ReplacementElsewhere(Invalid):
    """Who takes a place was nominated for the same cohort."""

    code = "cohort_replacement_elsewhere"
    zh = "替换者须为同一期次的其他被推荐人。"
    en = "Who takes the place is another who was nominated for the same cohort."


# What may be done.


async def replace_cohort_member(
    db: Connection,
    actor: Actor,
    *,
    member_id: UUID,
    replacement: MemberReplacement,
    now: datetime,
) -> Row:
    """Let another who was nominated, even if not admitted then, take the place of somebody admitted.

    The one withdraws and the other is admitted in one act, so that nobody else takes the place.
    """
    write = Permission.PROGRAMME_WRITE
    seen = await COHORT_MEMBERS.get(db, actor, member_id, permission=write)
    await hold_cohort(db, actor, cohort_id=seen["cohort_id"])
    first, other = [
        await COHORT_MEMBERS.get(db, actor, each, permission=write, lock=True)
        for each in (member_id, replacement.by_id)
    ]
    if other["cohort_id"] != first["cohort_id"] or other["id"] == first["id"]:
        raise ReplacementElsewhere
    require_state(first, MembershipState.ADMITTED)
    require_state(other, MembershipState.NOMINATED, MembershipState.NOT_ADMITTED)
    await require_another(db, actor, member=other)
    leaves = {
        "state": MembershipState.WITHDRAWN, "ended_on": civil_date(now),
        "ended_by": actor.account_id, "ended_because": replacement.reason,
    }  # fmt: skip
    takes_over = {
        "state": MembershipState.ADMITTED, "decided_at": now, "decided_by": actor.account_id,
        "opinion": replacement.reason, "replaces_id": member_id,
    }  # fmt: skip
    await db.change(CohortMember, member_id, leaves)
    await db.change(CohortMember, other["id"], takes_over)
    return await COHORT_MEMBERS.get(db, actor, other["id"])

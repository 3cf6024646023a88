"""Answering an invitation to organise an activity jointly."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.errors import Conflict
from app.domain.training.activities import (
    ACTIVITIES,
    ActivityAudience,
    check_state,
)
from app.domain.training.activities.audience import AUDIENCE, check_audience, write_candidates
from app.domain.training.activities.joint import (
    Acceptance,
    Partnership,
    PartnershipState,
    Refusal,
)
from app.domain.training.partnerships.partnership import OPEN, PARTNERSHIPS
from app.sql import Connection, Row, Statement

# What can be refused.


class PartnershipAnswered(Conflict):
    """The invitation was answered, or withdrawn, before."""

    code = "partnership_wrong_state"
    zh = "该邀请当前状态为“{state}”，不能执行此操作。"
    en = "The partnership is '{state}': this cannot be done with it now."


# What may be done.

_ADDRESS = Statement(
    insert(ActivityAudience)
    .from_select(
        ["activity_id", "target_id"],
        select(
            bindparam("activity_id", type_=Uuid),
            func.unnest(bindparam("targets", type_=ARRAY(Uuid))),
        ),
    )
    .on_conflict_do_nothing()
)
_ANSWER = Statement(
    update(Partnership)
    .where(
        col(Partnership.id) == bindparam("partnership_id", type_=Uuid),
        col(Partnership.state) == PartnershipState.INVITED,
    )
    .values(
        state=bindparam("answer", type_=text_enum(PartnershipState)),
        answered_at=bindparam("now", type_=MOMENT),
        answered_by=bindparam("by", type_=Uuid),
        opinion=bindparam("words", type_=Text),
    )
)


async def _answer(
    db: Connection,
    actor: Actor,
    partnership_id: UUID,
    answer: PartnershipState,
    now: datetime,
    words: str | None = None,
) -> Row:
    found = await PARTNERSHIPS.get(
        db, actor, partnership_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    answered = await db.run(
        _ANSWER, partnership_id=partnership_id, answer=answer, now=now, by=actor.account_id,
        words=words,
    )  # fmt: skip
    if not answered:
        raise PartnershipAnswered(state=found["state"])
    return await PARTNERSHIPS.get(db, actor, partnership_id)


async def accept_partnership(
    db: Connection, actor: Actor, *, partnership_id: UUID, acceptance: Acceptance, now: datetime
) -> Row:
    """Accept, for a unit of the actor's, to organise an activity jointly, also for these of its own."""
    answered = await _answer(db, actor, partnership_id, PartnershipState.ACCEPTED, now)
    activity_id = answered["activity_id"]
    activity = await ACTIVITIES.get(db, actor, activity_id, lock=True)
    check_state(activity, *OPEN)
    wanted = list(dict.fromkeys(acceptance.audience))
    if wanted:
        own = {
            "organiser_unit_id": answered["unit_id"],
            "organiser_network_id": None,
            "organiser_department_id": answered["department_id"],
        }
        await check_audience(db, actor, activity=own, wanted=wanted)
        await db.run(_ADDRESS, activity_id=activity_id, targets=wanted)
        await AUDIENCE.expand_networks(db, thing_id=activity_id, today=civil_date(now))
        await write_candidates(db, actor, activity=activity)
    return answered


async def decline_partnership(
    db: Connection, actor: Actor, *, partnership_id: UUID, refusal: Refusal, now: datetime
) -> Row:
    """Decline, for a unit of the actor's, to organise an activity jointly, and say why."""
    declined = PartnershipState.DECLINED
    return await _answer(db, actor, partnership_id, declined, now, refusal.opinion)

"""Drafting a round, publishing it, calling it off."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    String,
    Uuid,
    bindparam,
    column,
    table,
    update,
)

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date
from app.domain.errors import Conflict, Invalid, Unfit
from app.domain.learning.choice_rounds.offering import (
    ChoiceRoundStateWrong,
    hold_choice_round,
    hold_offerings,
    keep_places,
)
from app.domain.learning.choice_rounds.round import (
    CHOICE_ROUNDS,
    ChoiceRoundChanges,
    NewChoiceRound,
    check_fit,
)
from app.domain.learning.choice_rounds.table import (
    ChoiceRound,
    ChoiceRoundFields,
    ChoiceRoundState,
)
from app.domain.organisation.units import hold_unit, place_of
from app.domain.training.activities import ActivityState
from app.sql import Connection, Row, Statement, new_id

# What can be refused.


class ChoiceRoundUnfit(Invalid):
    """With this change the round would not fit together: its times, its numbers, or its priorities."""

    code = "choice_round_unfit"
    zh = "修改后选课轮次的起止时间、选报与录取数或优先规则互不相符。"
    en = "With this change the times, the numbers or the priorities of the round do not fit together."


class ChoiceRoundOver(Invalid):
    """Nobody could choose in a round that ends before it is published."""

    code = "choice_round_over"
    zh = "截止选课时间已过，不能发布。"
    en = "The round would be over before it is published."


class ChoiceOfferingsMissing(Conflict):
    """A round is published with something to choose."""

    code = "choice_round_without_offerings"
    zh = "发布前须至少加入一项可选活动。"
    en = "Add at least one activity before you publish the round."


class ChoiceOfferingUnpublished(Conflict):
    """Nobody chooses what is not published, or begins before the round has ended."""

    code = "choice_offering_unpublished"
    zh = "“{title}”尚未发布，或在选课截止前已开始。"
    en = "'{title}' is not published, or begins before the round has ended."


# What may be done.


async def create_choice_round(db: Connection, actor: Actor, *, new: NewChoiceRound) -> Row:
    """Draft a round that a unit holds, for which the actor organises activities."""
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.ACTIVITY_WRITE)
    round_id = new_id()
    row = {
        "id": round_id,
        **new.model_dump(include=set(ChoiceRoundFields.model_fields)),
        **place_of(unit),
        "state": ChoiceRoundState.DRAFT,
        "created_by": actor.account_id,
    }
    await db.insert(ChoiceRound, row)
    return await CHOICE_ROUNDS.get(db, actor, round_id)


async def update_choice_round(
    db: Connection, actor: Actor, *, round_id: UUID, changes: ChoiceRoundChanges
) -> Row:
    """Change a draft; what is published stands, for people choose by it."""
    row = await hold_choice_round(db, actor, round_id=round_id, allowed=ChoiceRoundState.DRAFT)
    values: dict[str, Any] = changes.model_dump(exclude_none=True)
    fields = {name: row[name] for name in ChoiceRoundFields.model_fields} | values
    try:
        check_fit(ChoiceRoundFields.model_validate(fields))
    except Unfit:
        raise ChoiceRoundUnfit from None
    await db.change(ChoiceRound, round_id, values)
    return await CHOICE_ROUNDS.get(db, actor, round_id)


async def publish_choice_round(
    db: Connection, actor: Actor, *, round_id: UUID, now: datetime
) -> Row:
    """Publish a draft to all those for whom something is in it."""
    row = await hold_choice_round(db, actor, round_id=round_id, allowed=ChoiceRoundState.DRAFT)
    if row["closes_at"] <= now:
        raise ChoiceRoundOver
    offered = await hold_offerings(db, round_id=round_id)
    if not offered:
        raise ChoiceOfferingsMissing
    last_day = civil_date(row["closes_at"])
    for each in offered:
        if each["state"] != ActivityState.PUBLISHED or each["starts_on"] < last_day:
            raise ChoiceOfferingUnpublished(title=each["title"])
    await db.change(
        ChoiceRound, round_id, {"state": ChoiceRoundState.PUBLISHED, "published_at": now}
    )
    return await CHOICE_ROUNDS.get(db, actor, round_id)


_CHOICES = table(
    "choice", column("ground", String()),
    *(column(name, Uuid()) for name in ("round_id", "decided_by")),
    *(column(name, DateTime()) for name in ("withdrawn_at", "accepted_at", "declined_at")),
)  # fmt: skip
# The noun above this one describes this table; here its rows are only ended.
_CALL_OFF = Statement(
    update(_CHOICES)
    .where(
        _CHOICES.c.round_id == bindparam("round_id", type_=Uuid),
        *(_CHOICES.c[name].is_(None) for name in ("withdrawn_at", "accepted_at", "declined_at")),
    )
    .values(
        declined_at=bindparam("now", type_=MOMENT),
        ground="cancelled",
        decided_by=bindparam("by", type_=Uuid),
    )
)


async def cancel_choice_round(
    db: Connection, actor: Actor, *, round_id: UUID, now: datetime
) -> Row:
    """Call a round off before its places were given; what people have by it already, they keep.

    Choices about which nobody has decided are declined with it.
    """
    row = await CHOICE_ROUNDS.get(
        db, actor, round_id, permission=Permission.ACTIVITY_WRITE, lock=True
    )
    if row["state"] not in {ChoiceRoundState.DRAFT, ChoiceRoundState.PUBLISHED}:
        raise ChoiceRoundStateWrong(state=row["state"])
    offered = [each["id"] for each in await hold_offerings(db, round_id=round_id)]
    await keep_places(db, activity_ids=offered, by_choice=False)
    await db.run(_CALL_OFF, round_id=round_id, now=now, by=actor.account_id)
    await db.change(ChoiceRound, round_id, {"state": ChoiceRoundState.CANCELLED})
    return await CHOICE_ROUNDS.get(db, actor, round_id)

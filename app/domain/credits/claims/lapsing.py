"""Claims that lapse (失效): what is still open when the time for late claims of a closed year is over."""

from datetime import datetime

from sqlalchemy import ARRAY, Date, Text, any_, bindparam, exists, literal, or_, select
from sqlmodel import col

from app.domain.base import civil_date
from app.domain.credits.claims.steps import ClaimAct, Move, move_claims
from app.domain.credits.claims.table import OPEN, Claim, ClaimState
from app.domain.credits.school_years import SchoolYearClosing, is_late_window_open
from app.sql import Connection, Statement

_REASON = (
    "所属学年已关账，补录期内未办结。 / Its school year is closed, and it was not settled in time."
)
_today = bindparam("today", type_=Date)
_over = exists(
    select(col(SchoolYearClosing.id)).where(
        col(SchoolYearClosing.city_id) == col(Claim.city_id),
        or_(
            col(SchoolYearClosing.county_id) == col(Claim.county_id),
            col(SchoolYearClosing.county_id) == col(Claim.city_id),
        ),
        col(Claim.earned_on).between(
            col(SchoolYearClosing.starts_on), col(SchoolYearClosing.ends_on)
        ),
        col(SchoolYearClosing.claims_lapse_on) <= _today,
        ~is_late_window_open(Claim, col(SchoolYearClosing.school_year), _today),
    )
)
_LAPSING = Statement(
    select(*Claim.__table__.c)  # type: ignore[attr-defined]
    .where(col(Claim.state) == any_(literal([each.value for each in OPEN], ARRAY(Text))), _over)
    .order_by(col(Claim.id))
    .limit(200)
    .with_for_update(key_share=True, skip_locked=True)
)


async def lapse_claims(db: Connection, *, now: datetime) -> int:
    """Let open claims lapse for which neither days nor a late window are left, 200 at most; how many.

    Whose claim it was reads the reason in its last step.
    """
    held = await db.all(_LAPSING, today=civil_date(now))
    moves = [
        Move(
            claim=claim,
            act=ClaimAct.LAPSE,
            state=ClaimState.LAPSED,
            stage=claim["stage"],
            opinion=_REASON,
        )
        for claim in held
    ]
    if moves:
        await move_claims(db, moves=moves, now=now)
    return len(moves)

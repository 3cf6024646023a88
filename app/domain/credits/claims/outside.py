"""Claims of outside training (校外培训): they say no more than what the school has confirmed."""

from collections.abc import Sequence

from sqlalchemy import Uuid, bindparam, literal, select
from sqlmodel import col

from app.domain.errors import Conflict, DomainError
from app.domain.training.outside_training import OutsideTraining, OutsideTrainingState
from app.sql import Connection, Row, Statement

# What can be refused.


class ClaimTrainingUnconfirmed(Conflict):
    """The outside training that it refers to is not the claimant's, or the school has not confirmed it."""

    code = "credit_claim_training_unconfirmed"
    zh = "所依据的校外培训不是本人的，或未经学校核实。"
    en = "The outside training is not the claimant's, or the school has not confirmed it."


class ClaimTrainingDiffers(Conflict):
    """It says more than the outside training that it refers to."""

    code = "credit_claim_training_differs"
    zh = "申报与核实的校外培训不符：应为{day}结束，至多{hours}学时。"
    en = "The training that was confirmed ended on {day}, and had {hours} hours at most."


# What may be asked.

_TRAINING = Statement(
    select(col(OutsideTraining.ends_on), col(OutsideTraining.hours)).where(
        col(OutsideTraining.id) == bindparam("training_id", type_=Uuid),
        col(OutsideTraining.teacher_id) == bindparam("teacher_id", type_=Uuid),
        col(OutsideTraining.state) == literal(OutsideTrainingState.CONFIRMED.value),
    )
)


async def find_unconfirmed(db: Connection, *, claim: Row) -> Sequence[DomainError]:
    """Whether it refers to outside training that is not confirmed, or that says otherwise."""
    training_id = claim["outside_training_id"]
    if training_id is None:
        return []
    found = await db.one(_TRAINING, training_id=training_id, teacher_id=claim["teacher_id"])
    if found is None:
        return [ClaimTrainingUnconfirmed()]
    day, hours = found["ends_on"], found["hours"]
    if claim["earned_on"] != day or claim["hours"] > hours:
        return [ClaimTrainingDiffers(day=day.isoformat(), hours=hours)]
    return []

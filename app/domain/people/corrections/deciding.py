"""Asking for a correction, deciding it, and applying what was granted."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import SecretStr, TypeAdapter, ValidationError
from sqlalchemy import String, Uuid, bindparam, insert, null, select, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date, text_enum
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.units import Stage
from app.domain.people.corrections.correction import (
    CORRECTIONS,
    CorrectedField,
    Correction,
    CorrectionFields,
    CorrectionOpinion,
    CorrectionState,
    NewCorrection,
)
from app.domain.people.identity import (
    IdKind,
    PersonalDataCipher,
    check_id_number,
    mask_id_number,
)
from app.domain.people.optional_data import require_oneself
from app.domain.people.teachers import PersonName, Subject, Teacher, TeacherNotFound
from app.domain.people.teachers.correcting import TeacherCorrection, correct_teacher
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

# What can be refused.


class StatedValueUnfit(Invalid):
    """What is stated cannot be the value of that field; the refusal does not repeat it."""

    code = "correction_value_unfit"
    zh = "填写的正确内容与更正项不符。"
    en = "What is stated cannot be a value of that field."


class IdKindUnfit(Invalid):
    """An ID number is of a kind of document, and nothing else is."""

    code = "correction_id_kind_unfit"
    zh = "更正证件号码时须填写证件类型，更正其他内容时不填。"
    en = "Give the kind of document with an ID number, and with nothing else."


class CorrectionOpen(Conflict):
    """A correction of the same thing is asked for already."""

    code = "correction_open"
    zh = "该项已有待处理的更正申请。"
    en = "A correction of the same field is waiting to be decided."


class CorrectionDecided(Conflict):
    """It was decided or withdrawn before."""

    code = "correction_decided"
    zh = "该更正申请已处理（{state}）。"
    en = "This request has been dealt with already ({state})."


class CorrectionOfOneself(Conflict):
    """Nobody decides about the own record."""

    code = "correction_of_oneself"
    zh = "不能处理本人的更正申请。"
    en = "Nobody decides a correction of their own record."


# What may be done.

_NAME: Final[TypeAdapter[str]] = TypeAdapter(PersonName)
_CHECKS: Final[dict[CorrectedField, Callable[[str], Any]]] = {
    CorrectedField.NAME: _NAME.validate_python,
    CorrectedField.SUBJECT: Subject,
    CorrectedField.STAGE: Stage,
    CorrectedField.BIRTH_DATE: date.fromisoformat,
    CorrectedField.OTHER: str,
}
_SEALED: Final = frozenset({CorrectedField.ID_NUMBER, CorrectedField.BIRTH_DATE})
"""What is sealed or hidden in the record is sealed here."""


def _stated(new: NewCorrection, today: date) -> tuple[str, str]:
    """What is stated, normalised; and as it may be shown."""
    given = new.stated.get_secret_value()
    if (new.field is CorrectedField.ID_NUMBER) != (new.id_kind is not None):
        raise IdKindUnfit
    if new.id_kind is not None:
        number = check_id_number(new.id_kind, given, today=today)
        return number, mask_id_number(number)
    try:
        _CHECKS[new.field](given)
    except (ValueError, ValidationError):
        raise StatedValueUnfit from None
    return given, f"{given[:4]}-**-**" if new.field is CorrectedField.BIRTH_DATE else given


_PLACE = ("city_id", "county_id", "school_id")
_GIVEN = (
    "id", "field", "id_kind", "reason", "evidence", "stated", "stated_sealed", "state", "asked_at",
)  # fmt: skip
_TABLE = Correction.__table__  # type: ignore[attr-defined]
_ASK = Statement(
    insert(_TABLE).from_select(
        [*_GIVEN, "teacher_id", *_PLACE],
        select(
            *(bindparam(name, type_=_TABLE.c[name].type) for name in _GIVEN),
            col(Teacher.id),
            *(col(getattr(Teacher, name)) for name in _PLACE),
        ).where(col(Teacher.id) == bindparam("of_teacher", type_=Uuid)),
        include_defaults=False,
    )
)


async def request_correction(
    db: Connection,
    actor: Actor,
    *,
    new: NewCorrection,
    cipher: PersonalDataCipher,
    now: datetime,
) -> Row:
    """Say that something in one's own record is wrong, and what is right."""
    teacher_id = require_oneself(actor)
    value, shown = _stated(new, civil_date(now))
    correction_id = new_id()
    sealed = cipher.seal(value, context=_context(correction_id)) if new.field in _SEALED else None
    row = {
        "id": correction_id,
        **new.model_dump(include=set(CorrectionFields.model_fields)),
        "stated": shown,
        "stated_sealed": sealed,
        "state": CorrectionState.ASKED,
        "asked_at": now,
    }
    try:
        if not await db.run(_ASK, of_teacher=teacher_id, **row):
            raise TeacherNotFound
    except UniqueViolationError:
        raise CorrectionOpen from None
    return await CORRECTIONS.get(db, actor, correction_id)


def _context(correction_id: UUID) -> str:
    return f"correction|stated|{correction_id}"


_STATED = Statement(
    select(col(Correction.stated_sealed)).where(
        col(Correction.id) == bindparam("correction_id", type_=Uuid)
    )
)
_DECIDE = Statement(
    update(Correction)
    .where(col(Correction.id) == bindparam("correction_id", type_=Uuid))
    .values(
        state=bindparam("to", type_=text_enum(CorrectionState)),
        decided_at=bindparam("now", type_=MOMENT),
        decided_by=bindparam("decided_by", type_=Uuid),
        opinion=bindparam("answer", type_=String),
        stated_sealed=null(),
    )
)


async def grant_correction(
    db: Connection,
    actor: Actor,
    *,
    correction_id: UUID,
    decision: CorrectionOpinion,
    cipher: PersonalDataCipher,
    now: datetime,
) -> Row:
    """Find the person right: what is stated is written into the record as any correction is."""
    asked = await _open(db, actor, correction_id)
    if asked["field"] != CorrectedField.OTHER:
        stated = asked["stated"]
        sealed = await db.value(_STATED, correction_id=correction_id)
        if sealed is not None:
            stated = cipher.open(sealed, context=_context(correction_id))
        await correct_teacher(
            db,
            actor,
            teacher_id=asked["teacher_id"],
            correction=_applied(asked, stated),
            cipher=cipher,
            now=now,
        )
    return await _decide(db, actor, asked, CorrectionState.GRANTED, decision.opinion, now)


def _applied(asked: Row, stated: str) -> TeacherCorrection:
    """What was asked for, as the correction of a record."""
    if asked["field"] == CorrectedField.ID_NUMBER:
        kind = IdKind(asked["id_kind"])
        return TeacherCorrection(id_kind=kind, id_number=SecretStr(stated))
    return TeacherCorrection.model_validate({asked["field"]: stated})


async def decline_correction(
    db: Connection, actor: Actor, *, correction_id: UUID, decision: CorrectionOpinion, now: datetime
) -> Row:
    """Find the record right, and say why; the person may ask again with other evidence."""
    asked = await _open(db, actor, correction_id)
    return await _decide(db, actor, asked, CorrectionState.DECLINED, decision.opinion, now)


async def withdraw_correction(
    db: Connection, actor: Actor, *, correction_id: UUID, now: datetime
) -> Row:
    """Take one's own request back while it waits."""
    asked = await CORRECTIONS.get(
        db, actor, correction_id, permission=Permission.RECORD_OWN, lock=True
    )
    _check_waits(asked)
    return await _decide(db, actor, asked, CorrectionState.WITHDRAWN, None, now)


async def _open(db: Connection, actor: Actor, correction_id: UUID) -> Row:
    """The request, locked, if it waits and the actor may decide it."""
    decide = Permission.CORRECTION_DECIDE
    asked = await CORRECTIONS.get(db, actor, correction_id, permission=decide, lock=True)
    if await is_oneself(db, actor, teacher_ids=[asked["teacher_id"]]):
        raise CorrectionOfOneself
    _check_waits(asked)
    return asked


def _check_waits(asked: Row) -> None:
    if asked["state"] != CorrectionState.ASKED:
        raise CorrectionDecided(state=asked["state"])


async def _decide(
    db: Connection,
    actor: Actor,
    asked: Row,
    state: CorrectionState,
    opinion: str | None,
    now: datetime,
) -> Row:
    await db.run(
        _DECIDE,
        correction_id=asked["id"],
        to=state,
        now=now,
        decided_by=actor.account_id,
        answer=opinion,
    )
    return await CORRECTIONS.get(db, actor, asked["id"])

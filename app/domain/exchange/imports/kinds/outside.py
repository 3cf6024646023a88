"""Training attended elsewhere (校外培训), from schools' lists and from the national platform (国家平台研修).

Each row states one training of one person, as the school enters it: it waits for the school's confirmation,
and a claim of credit rests on it. Nothing goes into the ledger. What stands already is never changed.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import civil_date
from app.domain.errors import Conflict
from app.domain.exchange.imports.certificate_files import find_certified
from app.domain.exchange.imports.kind import Draft, Ground, ImportKind, ImportSubject
from app.domain.exchange.imports.kinds.outside_lines import (
    HEADERS,
    NATIONAL_COLUMNS,
    OUTSIDE_COLUMNS,
    NationalStudyLine,
    OutsideLine,
    identify_outside,
)
from app.domain.exchange.imports.places import plain_with_amounts, wanted_of
from app.domain.exchange.imports.reading import refuse_unfit
from app.domain.exchange.imports.reasons import ChangedSince
from app.domain.people.teachers.strata import is_among
from app.domain.training.outside_training import (
    NewOutsideTraining,
    OutsideTraining,
    OutsideTrainingNotOver,
    OutsideTrainingState,
    enter_outside_trainings,
    retract_outside_trainings,
)
from app.sql import Connection, Row, Statement

_STANDING = (OutsideTrainingState.STATED, OutsideTrainingState.CONFIRMED)
_SAID = ("organiser", "level", "kind", "mode", "channel", "hours", "certificate_number")
"""What of a training is compared with what stands; its title and days are what it is found by."""


# What can be refused.


class TrainingDiffers(Conflict):
    """The training stands already, and says otherwise: it is returned first, and then stated anew."""

    code = "import_training_differs"
    zh = "该校外培训已填报，“{column}”与文件不一致；如需更改，请先退回或撤回原记录。"
    en = "This training stands with another '{column}': to change it, return or withdraw it first."


class CertificateOfAnother(Conflict):
    """The number of the certificate stands at somebody else."""

    code = "import_certificate_of_another"
    zh = "该证书编号已用于另一名教师，请核对。"
    en = "The number of this certificate stands at another teacher."


# What may be asked.

_IN_PLACE = or_(
    *(
        col(getattr(OutsideTraining, name)) == bindparam("unit_id", type_=Uuid)
        for name in PLACE
    )
)  # fmt: skip
_THERE = Statement(
    select(
        *(
            col(getattr(OutsideTraining, name))
            for name in ("id", "teacher_id", "title", "starts_on", "ends_on", *_SAID)
        )
    ).where(
        or_(
            col(OutsideTraining.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
            col(OutsideTraining.certificate_number)
            == any_(bindparam("certificates", type_=ARRAY(Text))),
        ),
        _IN_PLACE,
        is_among(col(OutsideTraining.state), _STANDING),
    )
)


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    found = await find_certified(db, ground=ground, drafts=drafts, lock=lock)
    for draft, person, file_id in found:
        _state(draft, person, file_id, ground)
    await _compare(db, ground, [draft for draft in drafts if draft.work is not None])


def _state(draft: Draft, person: Row, file_id: UUID | None, ground: Ground) -> None:
    """What is stated of the person, as the noun's own command; refused where that refuses it."""
    said: OutsideLine = draft.said
    given = said.model_dump(include=set(NewOutsideTraining.model_fields))
    try:
        new = NewOutsideTraining(**given | {"starts_on": said.first_day, "file_id": file_id})
    except ValidationError as problem:
        refuse_unfit(OUTSIDE_TRAINING, draft, problem)
        return
    if new.ends_on > civil_date(ground.now):
        draft.refuse(OutsideTrainingNotOver(ends_on=new.ends_on.isoformat()))
        return
    draft.unit, draft.work = {"id": person["school_id"]}, (person["id"], new)
    draft.wanted = wanted_of(said, _SAID)


async def _compare(db: Connection, ground: Ground, drafts: Sequence[Draft]) -> None:
    """What stands already of what the drafts state, and whose their certificates are."""
    there: dict[tuple[Any, ...], Row] = {}
    holders: dict[str, set[UUID]] = {}
    numbers = {draft.said.certificate_number for draft in drafts} - {None}
    rows = await db.all(
        _THERE,
        teacher_ids=list({draft.work[0] for draft in drafts}),
        certificates=sorted(numbers),
        unit_id=ground.unit_id,
    )
    for row in rows:
        there[row["teacher_id"], row["title"], row["starts_on"], row["ends_on"]] = row
        if row["certificate_number"] is not None:
            holders.setdefault(row["certificate_number"], set()).add(row["teacher_id"])
    for draft in drafts:
        said, (teacher_id, new) = draft.said, draft.work
        if holders.get(said.certificate_number, {teacher_id}) != {teacher_id}:
            draft.refuse(CertificateOfAnother(), column=HEADERS["certificate_number"])
        stands = there.get((teacher_id, said.title, new.starts_on, said.ends_on))
        if stands is None:
            continue
        current = {name: plain_with_amounts(stands[name]) for name in draft.wanted}
        draft.target_id, draft.current = stands["id"], current
        for name, value in draft.wanted.items():
            if current[name] != value:
                draft.refuse(TrainingDiffers(column=HEADERS[name]), column=HEADERS[name])


# What may be done.


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    holders: dict[str, UUID] = {}
    new: list[Draft] = []
    for draft in drafts:
        number, teacher_id = draft.said.certificate_number, draft.work[0]
        if number is not None and holders.setdefault(number, teacher_id) != teacher_id:
            draft.refuse(CertificateOfAnother(), column=HEADERS["certificate_number"])
        if not draft.refused:
            new.append(draft)
    entries = [draft.work for draft in new]
    keys = await enter_outside_trainings(db, actor, entries=entries, now=ground.now)
    for draft, key in zip(new, keys, strict=True):
        draft.target_id = key


async def _restore(_: Connection, __: Actor, ___: Ground, ____: Sequence[Row]) -> None:
    # No row changes what stands.
    raise ChangedSince


async def _remove(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    """What waits still is withdrawn, and stays so; what the school has dealt with is no longer taken back."""
    ids = [row["target_id"] for row in rows]
    await retract_outside_trainings(db, actor, training_ids=ids, now=ground.now)


OUTSIDE_TRAINING = ImportKind(
    subject=ImportSubject.OUTSIDE_TRAINING,
    words="校外培训 / training attended elsewhere",
    permission=Permission.ATTENDANCE_WRITE,
    columns=OUTSIDE_COLUMNS,
    row=OutsideLine,
    identified_by=("title", "ends_on"),
    identify=identify_outside,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
)
NATIONAL_STUDY = ImportKind(
    subject=ImportSubject.NATIONAL_STUDY,
    words="国家平台研修 / study on the national platform",
    permission=Permission.ATTENDANCE_WRITE,
    columns=NATIONAL_COLUMNS,
    row=NationalStudyLine,
    identified_by=("title", "certificate_number"),
    identify=identify_outside,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
)

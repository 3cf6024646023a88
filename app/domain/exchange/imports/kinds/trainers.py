"""Trainers (导师库): in each row somebody to be in a unit's library, who is invited and answers in person.

A teacher is meant as other files mean one, an outside expert by name and unit. Of whom the library has, or has
invited, the qualification and what they are kept for follow the file; nobody leaves because a file does not
name them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError
from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, or_, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import DomainError
from app.domain.exchange.imports.comparing import apart
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportAction,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.person_columns import PERSON_COLUMNS
from app.domain.exchange.imports.kinds.titled import check_as_written, need
from app.domain.exchange.imports.kinds.words import (
    CONTENT,
    ENGAGEMENTS,
    STAGES,
    SUBJECTS,
)
from app.domain.exchange.imports.named_persons import (
    Asked,
    NamedLine,
    identify_named,
    key_about,
    people_meant,
)
from app.domain.exchange.imports.places import hold_places, plain_value, wanted_of
from app.domain.exchange.imports.reading import refuse_unfit
from app.domain.exchange.imports.reasons import ColumnNeeded
from app.domain.learning.trainers import (
    NewTrainer,
    Trainer,
    TrainerChanges,
    TrainerEngagement,
    TrainerExit,
    TrainerRemoval,
    TrainerState,
    invite_trainer,
    remove_trainer,
    update_trainer,
)
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.domain.training.vocabulary import ActivityContent
from app.sql import Connection, Row, Statement


class TrainerLine(NamedLine):
    """A row of a list of trainers."""

    unit: str | None = Field(default=None, max_length=100)
    outside_unit: str | None = Field(default=None, min_length=1, max_length=100)
    engagement: TrainerEngagement | None = None
    stages: list[Stage] | None = Field(default=None, max_length=len(Stage))
    subjects: list[Subject] | None = Field(default=None, max_length=len(Subject))
    contents: list[ActivityContent] | None = Field(default=None, max_length=len(ActivityContent))
    qualification: str | None = Field(default=None, min_length=2, max_length=500)
    qualified_until: date | None = None


_COLUMNS = (
    *PERSON_COLUMNS,
    ImportColumn("outside_unit", "外聘专家单位", "Unit of an outside expert", also=("外聘单位",)),
    ImportColumn("unit", "导师库所属单位", "Library of the unit", also=("所属单位", "导师库")),
    ImportColumn("engagement", "专兼职", "Engagement", "兼职", needed=True, words=ENGAGEMENTS),
    ImportColumn("stages", "学段", "Stages", "小学", needed=True, words=STAGES, many=True),
    ImportColumn("subjects", "学科", "Subjects", "语文", needed=True, words=SUBJECTS, many=True),
    ImportColumn("contents", "擅长内容", "Contents", "教学设计", words=CONTENT, many=True,
                 also=("擅长的研修内容", "研修内容")),
    ImportColumn("qualification", "资质与依据", "Qualification", "市级学科带头人", needed=True,
                 also=("资质",)),
    ImportColumn("qualified_until", "资质有效期", "Qualified until", "2030-12-31", day=True,
                 also=("资质有效期至",)),
)  # fmt: skip
_COMPARED = (
    "engagement", "stages", "subjects", "contents", "qualification", "qualified_until"
)  # fmt: skip
_NEEDED = ("engagement", "stages", "subjects", "qualification")
_KEPT = select(
    *(
        col(getattr(Trainer, name))
        for name in (
            "id", "unit_id", "teacher_id", "outside_name", "outside_unit", "state", *_COMPARED
        )
    )
)  # fmt: skip
_THERE = Statement(
    _KEPT.where(
        col(Trainer.unit_id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
        or_(
            col(Trainer.state) == TrainerState.INVITED, col(Trainer.state) == TrainerState.ACCEPTED
        ),
        or_(
            col(Trainer.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
            col(Trainer.outside_name) == any_(bindparam("names", type_=ARRAY(Text))),
        ),
    )
)
_HELD = Statement(
    _KEPT.where(col(Trainer.id) == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(col(Trainer.id))
    .with_for_update()
)


def _identify(said: TrainerLine, ground: Ground) -> tuple[str, str]:
    if said.outside_unit is None:
        person, label = identify_named(said, ground, by_school=True)
        return key_about(person, said.unit or ""), label
    if said.name is None:
        raise ColumnNeeded(column=TRAINERS.column("name").zh)
    return key_about("", said.unit or "", said.name, said.outside_unit), said.name


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    known = await hold_places(
        db, ground=ground, drafts=drafts, column=TRAINERS.column("unit").zh, lock=lock
    )
    placed = [draft for draft in drafts if draft.unit is not None]
    asked = [Asked(draft, draft.school_id) for draft in placed if not draft.said.outside_unit]
    people = await people_meant(db, ground=ground, asked=asked, known=known, lock=lock)
    whole = []
    for draft in placed:
        person = people.get(draft.row_id)
        if isinstance(person, DomainError):
            draft.refuse(person)
            continue
        draft.work = _person(draft, None if person is None else person["id"])
        whole.append(draft)
    await _compare(db, whole)


Person = tuple[UUID, UUID | None, str | None, str | None]
"""In the library of which unit who is: a teacher, or an expert by name and unit."""


def _person(draft: Draft, teacher_id: UUID | None) -> Person:
    unit_id, said = (draft.unit or {})["id"], draft.said
    if teacher_id is not None:
        return unit_id, teacher_id, None, None
    return unit_id, None, said.name, said.outside_unit


async def _compare(db: Connection, drafts: Sequence[Draft]) -> None:
    """What the libraries have of those whom the drafts mean."""
    if not drafts:
        return
    rows = await db.all(
        _THERE,
        unit_ids=list({draft.work[0] for draft in drafts}),
        teacher_ids=[draft.work[1] for draft in drafts if draft.work[1] is not None],
        names=[draft.work[2] for draft in drafts if draft.work[2] is not None],
    )
    names = ("unit_id", "teacher_id", "outside_name", "outside_unit")
    there = {tuple(row[name] for name in names): row for row in rows}
    for draft in drafts:
        draft.wanted = wanted_of(draft.said, _COMPARED)
        kept = there.get(draft.work)
        if kept is not None:
            draft.target_id = kept["id"]
            draft.current = {name: plain_value(kept[name]) for name in draft.wanted}
        need(TRAINERS, draft, _NEEDED)
        if not draft.refused:
            _check(draft)


def _check(draft: Draft) -> None:
    """Refuse what the noun's own commands refuse, before anything is written."""
    given = draft.said.model_dump(include=set(_COMPARED), exclude_none=True)
    try:
        if draft.current is None:
            NewTrainer.model_validate(given | _named(draft.work))
        else:
            TrainerChanges.model_validate(given)
    except ValidationError as problem:
        refuse_unfit(TRAINERS, draft, problem)


def _named(person: Person) -> dict[str, Any]:
    names = ("unit_id", "teacher_id", "outside_name", "outside_unit")
    return dict(zip(names, person, strict=True))


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    for draft in apart(drafts, lambda draft: draft.work):
        if draft.action is ImportAction.CHANGE and draft.target_id is not None:
            changes = TrainerChanges.model_validate(draft.after)
            await update_trainer(db, actor, trainer_id=draft.target_id, changes=changes)
        else:
            given = draft.said.model_dump(include=set(_COMPARED), exclude_none=True)
            new = NewTrainer.model_validate(given | _named(draft.work))
            draft.target_id = (await invite_trainer(db, actor, new=new, now=ground.now))["id"]


async def _as_written(db: Connection, rows: Sequence[Row]) -> None:
    check_as_written(await db.all(_HELD, ids=[row["target_id"] for row in rows]), rows)


async def _restore(db: Connection, actor: Actor, _: Ground, rows: Sequence[Row]) -> None:
    await _as_written(db, rows)
    for row in rows:
        changes = TrainerChanges.model_validate(row["before"])
        await update_trainer(db, actor, trainer_id=row["target_id"], changes=changes)


async def _remove(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    """An invitation that waits is withdrawn; who has answered leaves as others do, and by hand."""
    await _as_written(db, rows)
    removal = TrainerRemoval(kind=TrainerExit.INVITATION_WITHDRAWN, reason="导入撤回")
    for row in rows:
        await remove_trainer(
            db, actor, trainer_id=row["target_id"], removal=removal, now=ground.now
        )


TRAINERS = ImportKind(
    subject=ImportSubject.TRAINERS,
    words="导师库（邀请） / trainers, to be invited",
    permission=Permission.TRAINER_WRITE,
    columns=_COLUMNS,
    row=TrainerLine,
    identified_by=("name", "qualification"),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    part=200,
)

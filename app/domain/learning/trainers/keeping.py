"""Keeping a library: inviting, answering, changing what is kept, and letting go with a reason."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Unfit
from app.domain.learning.trainers.trainer import (
    TRAINERS,
    Trainer,
    TrainerEngagement,
    TrainerExit,
    TrainerFields,
    TrainerState,
)
from app.domain.organisation.providers import get_provider
from app.domain.organisation.units import Stage, hold_unit, place_of
from app.domain.people.teachers import TEACHERS, PersonName, Subject
from app.domain.training.vocabulary import ActivityContent
from app.sql import Connection, Row, UniqueViolationError, new_id

_Unit = Annotated[str, StringConstraints(min_length=1, max_length=100)]


def _check_repeated(*lists: list[Stage] | list[Subject] | list[ActivityContent] | None) -> None:
    if any(given is not None and len(set(given)) < len(given) for given in lists):
        raise Unfit("学段、学科、内容不得重复。", "A stage, a subject or a content is named once.")


class NewTrainer(TrainerFields, Command):
    """Somebody to be invited into a library: a teacher, or an outside expert by name and unit."""

    unit_id: UUID = Field(description="导师库所属单位 / unit whose library it is")
    teacher_id: UUID | None = Field(default=None, description="教师，或 / teacher, or")
    outside_name: PersonName | None = Field(
        default=None, description="外聘专家姓名 / name of an outside expert"
    )
    outside_unit: _Unit | None = Field(
        default=None, description="外聘专家所在单位 / where the outside expert is from"
    )
    provider_id: UUID | None = Field(
        default=None, description="外聘专家所属培训机构 / provider the expert is of, if registered"
    )

    @model_validator(mode="after")
    def _is_one_person(self) -> Self:
        outside = self.outside_name is not None and self.outside_unit is not None
        partly = (self.outside_name is None) != (self.outside_unit is None)
        if partly or (self.teacher_id is None) != outside:
            raise Unfit(
                "须为一名教师，或一名外聘专家（姓名和单位）。",
                "It is a teacher, or an outside expert by name and unit.",
            )
        if self.provider_id is not None and not outside:
            raise Unfit(
                "只有外聘专家填写所属培训机构。", "Only an outside expert is of a provider."
            )
        _check_repeated(self.stages, self.subjects, self.contents)
        return self


class TrainerAnswer(Command):
    """Whether an invitation is accepted."""

    accepts: bool = Field(description="是否接受邀请 / whether the invitation is accepted")
    answer: str | None = Field(
        default=None, min_length=2, max_length=500, description="答复说明 / what is said with it"
    )


class TrainerChanges(Command):
    """What of a trainer is to change; what is left out stays."""

    engagement: TrainerEngagement | None = Field(default=None, description="专职或兼职")
    stages: list[Stage] | None = Field(default=None, min_length=1, description="学段 / stages")
    subjects: list[Subject] | None = Field(
        default=None, min_length=1, description="学科 / subjects"
    )
    contents: list[ActivityContent] | None = Field(default=None, description="擅长的研修内容")
    qualification: str | None = Field(
        default=None, min_length=2, max_length=500, description="资质与依据 / qualification"
    )
    qualified_until: date | None = Field(
        default=None, description="资质有效期至（含当日） / last day of the qualification"
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        _check_repeated(self.stages, self.subjects, self.contents)
        return self


class TrainerRemoval(Command):
    """Why somebody leaves a library."""

    kind: TrainerExit = Field(description="退出原因 / why")
    reason: str | None = Field(
        default=None, min_length=2, max_length=500, description="退出说明 / the reason in words"
    )


# What can be refused.


class TrainerListed(Conflict):
    """The person is in the library already, or invited."""

    code = "trainer_listed"
    zh = "此人已在该导师库中，或已受邀请。"
    en = "They are in this library already, or invited."


class TrainerAnswered(Conflict):
    """An invitation is answered once."""

    code = "trainer_answered"
    zh = "该邀请已答复或已撤回。"
    en = "This invitation was answered already, or withdrawn."


class TrainerAnswersInPerson(Conflict):
    """A teacher of the register answers for themselves."""

    code = "trainer_answers_in_person"
    zh = "受邀者是在册教师，须由本人答复。"
    en = "Whoever was invited is a teacher of the register and answers in person."


class TrainerGone(Conflict):
    """They are not in the library any more, or never were."""

    code = "trainer_gone"
    zh = "此人已退出导师库或未入库。"
    en = "They have left the library, or never entered it."


class TrainerExitUnfit(Conflict):
    """An invitation is withdrawn while it waits; whoever has entered leaves for another reason."""

    code = "trainer_exit_unfit"
    zh = "退出原因与状态不符：未答复的邀请只能撤回，已入库者须写明退出原因。"
    en = "An invitation that waits is withdrawn; whoever has entered leaves for another reason."


# What may be done.


async def invite_trainer(db: Connection, actor: Actor, *, new: NewTrainer, now: datetime) -> Row:
    """Invite somebody into the library of a school or a bureau that the actor administers.

    A teacher is one whom the actor may see; a provider one on the register that the actor sees.
    """
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=Permission.TRAINER_WRITE)
    if new.teacher_id is not None:
        await TEACHERS.get(db, actor, new.teacher_id)
    if new.provider_id is not None:
        await get_provider(db, actor, provider_id=new.provider_id)
    row = {
        "id": new_id(),
        **new.model_dump(exclude={"unit_id"}),
        **place_of(unit),
        "state": TrainerState.INVITED,
        "invited_at": now,
        "invited_by": actor.account_id,
    }
    try:
        await db.insert(Trainer, row)
    except UniqueViolationError:
        raise TrainerListed from None
    return await TRAINERS.get(db, actor, row["id"])


async def answer_trainer_invitation(
    db: Connection, actor: Actor, *, trainer_id: UUID, reply: TrainerAnswer, now: datetime
) -> Row:
    """Accept or decline, as the teacher who was invited."""
    trainer = await TRAINERS.get(db, actor, trainer_id, permission=Permission.RECORD_OWN, lock=True)
    return await _answer(db, actor, trainer, reply, now)


async def record_trainer_answer(
    db: Connection, actor: Actor, *, trainer_id: UUID, reply: TrainerAnswer, now: datetime
) -> Row:
    """Record what an outside expert, who has no account, has answered."""
    trainer = await TRAINERS.get(
        db, actor, trainer_id, permission=Permission.TRAINER_WRITE, lock=True
    )
    if not trainer["is_external"]:
        raise TrainerAnswersInPerson
    return await _answer(db, actor, trainer, reply, now)


async def _answer(
    db: Connection, actor: Actor, trainer: Row, reply: TrainerAnswer, now: datetime
) -> Row:
    if trainer["state"] != TrainerState.INVITED:
        raise TrainerAnswered
    entered = {"entered_on": civil_date(now)} if reply.accepts else {}
    state = TrainerState.ACCEPTED if reply.accepts else TrainerState.DECLINED
    said = {"state": state, "answered_at": now, "answer": reply.answer}
    await db.change(Trainer, trainer["id"], said | entered)
    return await TRAINERS.get(db, actor, trainer["id"])


async def update_trainer(
    db: Connection, actor: Actor, *, trainer_id: UUID, changes: TrainerChanges
) -> Row:
    """Change for what a trainer of the actor's place is kept; whoever has left stays as they were."""
    trainer = await TRAINERS.get(
        db, actor, trainer_id, permission=Permission.TRAINER_WRITE, lock=True
    )
    if trainer["state"] not in (TrainerState.INVITED, TrainerState.ACCEPTED):
        raise TrainerGone
    values = changes.model_dump(exclude_unset=True)
    kept = {
        name: value
        for name, value in values.items()
        if name == "qualified_until" or value is not None
    }
    await db.change(Trainer, trainer_id, kept)
    return await TRAINERS.get(db, actor, trainer_id)


async def remove_trainer(
    db: Connection, actor: Actor, *, trainer_id: UUID, removal: TrainerRemoval, now: datetime
) -> Row:
    """Let somebody leave the library today, with the reason; a waiting invitation is withdrawn."""
    trainer = await TRAINERS.get(
        db, actor, trainer_id, permission=Permission.TRAINER_WRITE, lock=True
    )
    if trainer["state"] not in (TrainerState.INVITED, TrainerState.ACCEPTED):
        raise TrainerGone
    withdraws = removal.kind is TrainerExit.INVITATION_WITHDRAWN
    if withdraws != (trainer["state"] == TrainerState.INVITED):
        raise TrainerExitUnfit
    values = {
        "state": TrainerState.LEFT,
        "left_on": civil_date(now),
        "left_by": actor.account_id,
        "exit_kind": removal.kind,
        "exit_reason": removal.reason,
        "answered_at": trainer["answered_at"] or now,
    }
    await db.change(Trainer, trainer_id, values)
    return await TRAINERS.get(db, actor, trainer_id)

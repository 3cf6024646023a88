"""The doors of the bank, and what may be asked of it: with what is right, by those who write tests alone."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, cast, func
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.learning.bank_questions.table import (
    BankQuestion,
    BankQuestionKind,
    BankQuestionVersion,
    BankQuestionVersionView,
    BankQuestionView,
    Difficulty,
)
from app.domain.organisation.units import Stage
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import Subject
from app.domain.training.activities import ActivityContent
from app.sql import Connection, Row

# What can be refused.


class BankQuestionNotFound(NotFound):
    """There is no such question for the one who asks."""

    code = "bank_question_not_found"
    zh = "未找到该题目。"
    en = "There is no such question in the bank."


# What may be asked.

_PLACES = {
    **{name: col(getattr(BankQuestion, name)) for name in PLACE},
    "group_id": col(BankQuestion.group_id),
    "department_id": col(BankQuestion.department_id),
}
BANK_QUESTIONS = Door(
    table=BankQuestion,
    view=BankQuestionView,
    # Whoever reads a question reads what is right: that is for those who write tests.
    read=Permission.COURSE_WRITE,
    missing=BankQuestionNotFound,
    places=_PLACES,
    filters={
        "owner_id": col(BankQuestion.owner_id),
        "course_id": col(BankQuestion.course_id),
        "kind": col(BankQuestion.kind),
        "difficulty": col(BankQuestion.difficulty),
        "subject": col(BankQuestion.subject),
        "stage": col(BankQuestion.stage),
        "content": lambda content: func.jsonb_exists(
            col(BankQuestion.content), cast(content, Text)
        ),
        "is_retired": lambda retired: col(BankQuestion.retired_at).is_not(None) == retired,
        "text": lambda part: func.strpos(func.lower(col(BankQuestion.text)), func.lower(part)) > 0,
    },
    sorts={"created": ()},
)
"""Questions where their owner lies."""

BANK_QUESTION_VERSIONS = Door(
    table=BankQuestionVersion,
    view=BankQuestionVersionView,
    read=Permission.COURSE_WRITE,
    missing=BankQuestionNotFound,
    places=_PLACES,
    joined=BankQuestionVersion.__table__.join(  # type: ignore[attr-defined]
        BankQuestion.__table__,  # type: ignore[attr-defined]
        col(BankQuestionVersion.question_id) == col(BankQuestion.id),
    ),
    filters={"question_id": col(BankQuestionVersion.question_id)},
    sorts={"number": (col(BankQuestionVersion.number),)},
)


async def get_bank_question(db: Connection, actor: Actor, *, question_id: UUID) -> Row:
    """One question of the bank in the actor's place."""
    return await BANK_QUESTIONS.get(db, actor, question_id)


async def list_bank_questions(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    owner_id: UUID | None = None,
    course_id: UUID | None = None,
    kind: BankQuestionKind | None = None,
    difficulty: Difficulty | None = None,
    subject: Subject | None = None,
    stage: Stage | None = None,
    content: ActivityContent | None = None,
    is_retired: bool | None = None,
    text: str | None = None,
) -> Page:
    """The questions in the actor's place, the first added first; `text` keeps those that have it."""
    filters = {
        "owner_id": owner_id, "course_id": course_id, "kind": kind, "difficulty": difficulty,
        "subject": subject, "stage": stage, "content": content, "is_retired": is_retired,
        "text": text,
    }  # fmt: skip
    return await BANK_QUESTIONS.page(db, actor, page, filters=filters)


async def list_bank_question_versions(
    db: Connection, actor: Actor, *, question_id: UUID, page: PageRequest
) -> Page:
    """The versions of a question, the first first."""
    await BANK_QUESTIONS.get(db, actor, question_id)
    return await BANK_QUESTION_VERSIONS.page(db, actor, page, filters={"question_id": question_id})


async def bank_question_versions_of(
    db: Connection,
    actor: Actor,
    *,
    question_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The versions of each of many questions, the first first."""
    return await BANK_QUESTION_VERSIONS.pages_of(
        db, actor, col(BankQuestionVersion.question_id), question_ids, page, columns=columns
    )

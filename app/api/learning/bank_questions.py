"""The question bank over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_one, answer_page
from app.domain.learning import bank_questions
from app.domain.learning.bank_questions import (
    BankQuestionKind,
    BankQuestionRetirement,
    BankQuestionVersionView,
    BankQuestionView,
    Difficulty,
    NewBankQuestion,
    NewBankQuestions,
)
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.domain.training.activities import ActivityContent
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now
from app.request.inclusions import Include

router = APIRouter(tags=["learning"], route_class=Route)


@router.get(
    "/bank-questions",
    operation_id="list_bank_questions",
    response_model=PageOf[BankQuestionView],
)
async def list_bank_questions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    include: Include,
    owner_id: Annotated[
        UUID | None, Query(description="所属单位、教研组或部门 / unit, group or department")
    ] = None,
    course_id: Annotated[UUID | None, Query(description="所属课程 / course")] = None,
    kind: Annotated[BankQuestionKind | None, Query(description="题型 / kind")] = None,
    difficulty: Annotated[Difficulty | None, Query(description="难度 / difficulty")] = None,
    subject: Annotated[Subject | None, Query(description="学科 / subject")] = None,
    stage: Annotated[Stage | None, Query(description="学段 / stage")] = None,
    content: Annotated[ActivityContent | None, Query(description="研修内容 / content")] = None,
    is_retired: Annotated[bool | None, Query(description="是否已停用 / whether retired")] = None,
    text: Annotated[
        str | None, Query(min_length=1, max_length=100, description="题干包含 / part of its text")
    ] = None,
) -> Response:
    """The questions in the actor's place, with what is right, the first added first (`created`)."""
    found = await bank_questions.list_bank_questions(
        db, actor, page=page, owner_id=owner_id, course_id=course_id, kind=kind,
        difficulty=difficulty, subject=subject, stage=stage, content=content,
        is_retired=is_retired, text=text,
    )  # fmt: skip
    await include.into("BankQuestion", found.items)
    return answer_page(request, found, fields)


@router.get(
    "/bank-questions/{question_id}",
    operation_id="get_bank_question",
    response_model=BankQuestionView,
)
async def get_bank_question(
    request: Request, db: Reading, actor: CurrentActor, question_id: UUID, include: Include
) -> Response:
    """One question of the bank, with what is right."""
    row = await bank_questions.get_bank_question(db, actor, question_id=question_id)
    await include.into("BankQuestion", [row])
    return answer_one(request, row)


@router.get(
    "/bank-questions/{question_id}/versions",
    operation_id="list_bank_question_versions",
    response_model=PageOf[BankQuestionVersionView],
)
async def list_bank_question_versions(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    question_id: UUID,
) -> Response:
    """The versions of a question, the first first (`number`)."""
    found = await bank_questions.list_bank_question_versions(
        db, actor, question_id=question_id, page=page
    )
    return answer_page(request, found, fields)


@router.post(
    "/bank-questions",
    operation_id="add_bank_questions",
    response_model=list[BankQuestionView],
    status_code=201,
)
async def add_bank_questions(
    db: Transaction, actor: CurrentActor, new: NewBankQuestions
) -> Response:
    """Add questions to a bank, all or none; what does not fit is named by its place in the list."""
    rows = await bank_questions.add_bank_questions(db, actor, new=new, now=now())
    return answer(rows, 201)


@router.post(
    "/bank-questions/{question_id}/versions",
    operation_id="revise_bank_question",
    response_model=BankQuestionView,
)
async def revise_bank_question(
    db: Transaction, actor: CurrentActor, question_id: UUID, new: NewBankQuestion
) -> Response:
    """Let a question say this from now on; published tests and attempts keep the version that they have."""
    row = await bank_questions.revise_bank_question(
        db, actor, question_id=question_id, new=new, now=now()
    )
    return answer(row)


@router.post(
    "/bank-questions/{question_id}/retire",
    operation_id="retire_bank_question",
    response_model=BankQuestionView,
)
async def retire_bank_question(
    db: Transaction, actor: CurrentActor, question_id: UUID, retirement: BankQuestionRetirement
) -> Response:
    """Let a question be in no test that is published from now on."""
    row = await bank_questions.retire_bank_question(
        db, actor, question_id=question_id, retirement=retirement, now=now()
    )
    return answer(row)

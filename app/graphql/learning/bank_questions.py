"""The question bank over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.learning import bank_questions
from app.domain.learning.bank_questions import (
    BankQuestionKind,
    BankQuestionRetirement,
    BankQuestionVersionView,
    BankQuestionView,
    Difficulty,
    NewBankQuestion,
    NewBankQuestions,
    WrittenBankQuestion,
)
from app.domain.organisation.units import Stage
from app.domain.people.teachers import Subject
from app.domain.training.activities import ActivityContent
from app.graphql.context import Context
from app.graphql.edges import paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

# What a version keeps has no edges: it is the type itself.
strawberry.pydantic.type(name="WrittenBankQuestion", description=WrittenBankQuestion.__doc__)(
    WrittenBankQuestion
)
strawberry.pydantic.input(name="NewBankQuestion", description=NewBankQuestion.__doc__)(
    NewBankQuestion
)


@node(
    bank_questions.BANK_QUESTION_VERSIONS,
    name="BankQuestionVersion",
    description="题目版本 / a version of a question",
)
class BankQuestionVersionNode(Node, BankQuestionVersionView):
    """A version of a question."""


@node(
    bank_questions.BANK_QUESTIONS, name="BankQuestion", description="题库题目 / a bank's question"
)
class BankQuestionNode(Node, BankQuestionView):
    """A question with its versions."""

    versions = paged_edge(
        bank_questions.bank_question_versions_of,
        BankQuestionVersionNode,
        keys="question_ids",
        first=20,
        description="各版本 / versions",
    )


@strawberry.pydantic.input(name="NewBankQuestions")
class NewBankQuestionsInput(NewBankQuestions):
    """Questions to be added to a bank."""


@strawberry.pydantic.input(name="BankQuestionRetirement")
class BankQuestionRetirementInput(BankQuestionRetirement):
    """Why a question is drawn no more."""


@strawberry.type
class BankQuestionQueries:
    """What may be asked about question banks."""

    @strawberry.field(
        description="题库题目列表 / questions of banks", graphql_type=Connection[BankQuestionNode]
    )
    async def bank_questions(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        owner_id: UUID | None = None,
        course_id: UUID | None = None,
        kind: BankQuestionKind | None = None,
        difficulty: Difficulty | None = None,
        subject: Subject | None = None,
        stage: Stage | None = None,
        content: ActivityContent | None = None,
        is_retired: bool | None = None,
        text: str | None = None,
    ) -> Any:
        """The questions in the actor's place, with what is right, the first added first."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: bank_questions.list_bank_questions(
                db, actor, page=page, owner_id=owner_id, course_id=course_id, kind=kind,
                difficulty=difficulty, subject=subject, stage=stage, content=content,
                is_retired=is_retired, text=text,
            ),
        )  # fmt: skip

    @strawberry.field(description="一道题目 / one question", graphql_type=BankQuestionNode)
    async def bank_question(self, info: Info[Context], id: UUID) -> Any:
        """One question of the bank, with what is right."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: bank_questions.get_bank_question(db, actor, question_id=id)
        )

    @strawberry.field(
        description="题目的各版本 / versions of a question",
        graphql_type=Connection[BankQuestionVersionNode],
    )
    async def bank_question_versions(
        self,
        info: Info[Context],
        question_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """The versions of a question, the first first (`number`)."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: bank_questions.list_bank_question_versions(
                db, actor, question_id=question_id, page=page
            ),
        )


@strawberry.type
class BankQuestionMutations:
    """What may be done about question banks."""

    @strawberry.mutation(
        description="批量入库 / add questions", graphql_type=list[BankQuestionNode]
    )
    async def add_bank_questions(self, info: Info[Context], new: NewBankQuestionsInput) -> Any:
        """Add questions to a bank, all or none."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await bank_questions.add_bank_questions(db, actor, new=new, now=now())

    @strawberry.mutation(description="修订题目 / revise a question", graphql_type=BankQuestionNode)
    async def revise_bank_question(
        self, info: Info[Context], question_id: UUID, new: NewBankQuestion
    ) -> Any:
        """Let a question say this from now on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await bank_questions.revise_bank_question(
                db, actor, question_id=question_id, new=new, now=now()
            )

    @strawberry.mutation(description="停用题目 / retire a question", graphql_type=BankQuestionNode)
    async def retire_bank_question(
        self, info: Info[Context], question_id: UUID, retirement: BankQuestionRetirementInput
    ) -> Any:
        """Let a question be in no test that is published from now on."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await bank_questions.retire_bank_question(
                db, actor, question_id=question_id, retirement=retirement, now=now()
            )

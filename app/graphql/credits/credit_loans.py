"""Loans of credit over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.credits import credit_loans
from app.domain.credits.credit_loans import CreditLoanView, NewCreditLoan
from app.graphql.context import Context
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now


@node(
    credit_loans.CREDIT_LOANS,
    name="CreditLoan",
    description="学分预借 / credit that was lent before it is earned",
)
class CreditLoanNode(Node, CreditLoanView):
    """A loan of credit."""


@strawberry.pydantic.input(name="NewCreditLoan")
class NewCreditLoanInput(NewCreditLoan):
    """What is lent to a teacher."""


@strawberry.type
class CreditLoanQueries:
    """What may be asked about loans of credit."""

    @strawberry.field(description="一项学分预借 / one loan of credit", graphql_type=CreditLoanNode)
    async def credit_loan(self, info: Info[Context], id: UUID) -> Any:
        """One loan of credit."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: credit_loans.get_credit_loan(db, actor, credit_loan_id=id)
        )

    @strawberry.field(
        description="教师的学分预借 / what was lent to a teacher",
        graphql_type=Connection[CreditLoanNode],
    )
    async def credit_loans(
        self,
        info: Info[Context],
        teacher_id: UUID,
        first: First = 50,
        after: After = None,
        sort: Sort = None,
    ) -> Any:
        """A page of what was lent to a teacher."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: credit_loans.list_credit_loans(db, actor, teacher_id=teacher_id, page=page),
        )


@strawberry.type
class CreditLoanMutations:
    """What may be done about loans of credit."""

    @strawberry.mutation(description="预借学分 / lend credit", graphql_type=CreditLoanNode)
    async def lend_credit(
        self, info: Info[Context], teacher_id: UUID, new: NewCreditLoanInput
    ) -> Any:
        """Lend credit to a teacher from today on."""
        async with info.context.transaction() as db:
            return await credit_loans.lend_credit(
                db, info.context.actor, teacher_id=teacher_id, new=new, now=now()
            )

    @strawberry.mutation(description="归还预借 / repay a loan", graphql_type=CreditLoanNode)
    async def repay_credit_loan(self, info: Info[Context], credit_loan_id: UUID) -> Any:
        """Take a loan back before it falls due."""
        async with info.context.transaction() as db:
            return await credit_loans.repay_credit_loan(
                db, info.context.actor, credit_loan_id=credit_loan_id, now=now()
            )

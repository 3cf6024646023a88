"""One's own second factor over GraphQL."""

from typing import Any

import strawberry
from strawberry import Info

from app.domain.access import second_factors
from app.domain.access.second_factors import (
    ConfirmedView,
    OwnProof,
    SecondFactorCode,
    SecondFactorEnrolmentView,
    plain_code,
)
from app.graphql.access.profile import SecondFactorNode
from app.graphql.context import Context
from app.request import now
from app.request.second_factor import check_own_proof, new_recovery_codes
from app.security import passwords


@strawberry.pydantic.type(
    name="SecondFactorEnrolment", description="待确认的验证器 / an authenticator to be confirmed"
)
class EnrolmentNode(SecondFactorEnrolmentView):
    """What an authenticator is told."""


@strawberry.pydantic.type(
    name="ConfirmedSecondFactor", description="两步验证及其恢复码 / with its recovery codes"
)
class ConfirmedNode(ConfirmedView):
    """A second factor that has just come into force."""


@strawberry.pydantic.input(name="OwnProof")
class OwnProofInput(OwnProof):
    """That it is oneself who asks."""


@strawberry.pydantic.input(name="SecondFactorCode")
class SecondFactorCodeInput(SecondFactorCode):
    """The first code of an authenticator."""


@strawberry.type
class SecondFactorMutations:
    """What may be done with one's second factor."""

    @strawberry.mutation(
        description="开始绑定验证器 / begin to enrol an authenticator", graphql_type=EnrolmentNode
    )
    async def enrol_second_factor(self, info: Info[Context], proof: OwnProofInput) -> Any:
        """Begin to enrol an authenticator; the answer holds its secret."""
        context = info.context
        account = await check_own_proof(context.held, context.actor, proof)
        async with context.transaction() as db:
            return await second_factors.enrol_second_factor(
                db,
                context.actor,
                account=account,
                secret=passwords.new_authenticator_secret(),
                cipher=context.held.cipher,
                now=now(),
            )

    @strawberry.mutation(
        description="确认验证器并启用两步验证，所有令牌随即失效 / confirm it; every token ends",
        graphql_type=ConfirmedNode,
    )
    async def confirm_second_factor(self, info: Info[Context], first: SecondFactorCodeInput) -> Any:
        """Confirm the authenticator by a code; the answer holds ten recovery codes."""
        context, codes = info.context, new_recovery_codes()
        async with context.transaction() as db:
            row = await second_factors.confirm_second_factor(
                db,
                context.actor,
                given=plain_code(first.code),
                recovery_hashes=codes.hashes,
                cipher=context.held.cipher,
                now=now(),
            )
        return {**row, "recovery_codes": codes.shown}

    @strawberry.mutation(
        description="移除本人的两步验证，所有令牌随即失效 / do without it; every token ends",
        graphql_type=SecondFactorNode,
    )
    async def remove_second_factor(self, info: Info[Context], proof: OwnProofInput) -> Any:
        """Do without one's second factor."""
        context = info.context
        account = await check_own_proof(context.held, context.actor, proof)
        demanded = context.held.settings.demands_second_factor
        async with context.transaction() as db:
            return await second_factors.remove_second_factor(
                db, context.actor, account=account, is_demanded=demanded, now=now()
            )

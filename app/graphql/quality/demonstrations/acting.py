"""What may be done about applications for a title over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.quality import demonstrations
from app.domain.quality.demonstrations import (
    DemonstrationAppeal,
    DemonstrationAppealDecision,
    DemonstrationDecision,
    DemonstrationRecommendation,
    DemonstrationReevaluation,
    DemonstrationText,
    DemonstrationWithdrawal,
    NewDemonstration,
)
from app.graphql.context import Context
from app.graphql.quality.demonstrations.asking import DemonstrationNode
from app.graphql.training.files import FileLinkNode, NewFileLinkInput
from app.request import now


@strawberry.pydantic.input(name="NewDemonstration")
class NewDemonstrationInput(NewDemonstration):
    """An application of a school."""


@strawberry.pydantic.input(name="DemonstrationText")
class DemonstrationTextInput(DemonstrationText):
    """What a school says of itself."""


@strawberry.pydantic.input(name="DemonstrationRecommendation")
class DemonstrationRecommendationInput(DemonstrationRecommendation):
    """What the county says."""


@strawberry.pydantic.input(name="DemonstrationDecision")
class DemonstrationDecisionInput(DemonstrationDecision):
    """What the bureau says."""


@strawberry.pydantic.input(name="DemonstrationReevaluation")
class DemonstrationReevaluationInput(DemonstrationReevaluation):
    """What is said of a title that is about to end."""


@strawberry.pydantic.input(name="DemonstrationWithdrawal")
class DemonstrationWithdrawalInput(DemonstrationWithdrawal):
    """Why a title is withdrawn."""


@strawberry.pydantic.input(name="DemonstrationAppeal")
class DemonstrationAppealInput(DemonstrationAppeal):
    """Why the school does not agree."""


@strawberry.pydantic.input(name="DemonstrationAppealDecision")
class DemonstrationAppealDecisionInput(DemonstrationAppealDecision):
    """What is answered to the school."""


@strawberry.type
class DemonstrationMutations:
    """What may be done about applications for a title."""

    @strawberry.mutation(
        description="建立申报 / begin an application", graphql_type=DemonstrationNode
    )
    async def create_demonstration(
        self,
        info: Info[Context],
        call_id: UUID,
        new: NewDemonstrationInput,
    ) -> Any:
        """Begin an application for the school itself."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.create_demonstration(
                db, actor, call_id=call_id, new=new, now=now()
            )

    @strawberry.mutation(description="填写申报 / write it", graphql_type=DemonstrationNode)
    async def write_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        said: DemonstrationTextInput,
    ) -> Any:
        """Write the application anew until it is handed in."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.write_demonstration(
                db, actor, demonstration_id=demonstration_id, said=said
            )

    @strawberry.mutation(
        description="佐证文件链接 / a link to a file that it shows", graphql_type=FileLinkNode
    )
    async def create_demonstration_file_link(
        self, info: Info[Context], demonstration_id: UUID, file_id: UUID, new: NewFileLinkInput
    ) -> Any:
        """A link to a file of an application, for ten minutes; that it was asked for is recorded."""
        actor, links = info.context.actor, info.context.held.archive.links
        async with info.context.transaction() as db:
            return await demonstrations.create_demonstration_file_link(
                db, actor, demonstration_id=demonstration_id, file_id=file_id, new=new, links=links,
                now=now(),
            )  # fmt: skip

    @strawberry.mutation(description="申报 / hand it in", graphql_type=DemonstrationNode)
    async def hand_in_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
    ) -> Any:
        """Hand an application in; the conditions are looked up in the register."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.hand_in_demonstration(
                db, actor, demonstration_id=demonstration_id, now=now()
            )

    @strawberry.mutation(description="撤回修改 / take it back", graphql_type=DemonstrationNode)
    async def take_back_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
    ) -> Any:
        """Take an application back to change it."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.take_back_demonstration(
                db, actor, demonstration_id=demonstration_id, now=now()
            )

    @strawberry.mutation(description="推荐 / recommend it, or not", graphql_type=DemonstrationNode)
    async def recommend_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        said: DemonstrationRecommendationInput,
    ) -> Any:
        """Say for the county whether it recommends a school of its own."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.recommend_demonstration(
                db, actor, demonstration_id=demonstration_id, said=said, now=now()
            )

    @strawberry.mutation(
        description="审定并公示 / publish it, or say no", graphql_type=DemonstrationNode
    )
    async def decide_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        decision: DemonstrationDecisionInput,
    ) -> Any:
        """Publish a school for objections, or say no."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.decide_demonstration(
                db, actor, demonstration_id=demonstration_id, decision=decision, now=now()
            )

    @strawberry.mutation(description="命名 / give the title", graphql_type=DemonstrationNode)
    async def award_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
    ) -> Any:
        """Give the title after the days for objections."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.award_demonstration(
                db, actor, demonstration_id=demonstration_id, now=now()
            )

    @strawberry.mutation(description="复评 / evaluate it again", graphql_type=DemonstrationNode)
    async def reevaluate_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        said: DemonstrationReevaluationInput,
    ) -> Any:
        """Evaluate a title again in the last half year of its term."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.reevaluate_demonstration(
                db, actor, demonstration_id=demonstration_id, said=said, now=now()
            )

    @strawberry.mutation(
        description="撤销命名 / withdraw the title", graphql_type=DemonstrationNode
    )
    async def withdraw_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        said: DemonstrationWithdrawalInput,
    ) -> Any:
        """Withdraw a title with a reason."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.withdraw_demonstration(
                db, actor, demonstration_id=demonstration_id, said=said, now=now()
            )

    @strawberry.mutation(description="申诉 / appeal", graphql_type=DemonstrationNode)
    async def appeal_demonstration(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        said: DemonstrationAppealInput,
    ) -> Any:
        """Appeal for the school against the withdrawal of its title."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.appeal_demonstration(
                db, actor, demonstration_id=demonstration_id, said=said, now=now()
            )

    @strawberry.mutation(
        description="处理申诉 / decide on an appeal", graphql_type=DemonstrationNode
    )
    async def decide_demonstration_appeal(
        self,
        info: Info[Context],
        demonstration_id: UUID,
        decision: DemonstrationAppealDecisionInput,
    ) -> Any:
        """Decide on an appeal, as another than who withdrew the title."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await demonstrations.decide_demonstration_appeal(
                db, actor, demonstration_id=demonstration_id, decision=decision, now=now()
            )

"""Surveys over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from pydantic import BaseModel
from strawberry import Info

from app.domain.organisation import units
from app.domain.training import activities, survey_links, surveys
from app.domain.training.surveys import (
    BreakdownResult,
    ComparedQuestion,
    GivenAnswer,
    GroupResult,
    NewOption,
    NewQuestion,
    NewSurvey,
    OptionResult,
    OptionView,
    QuestionResult,
    QuestionView,
    ResultScope,
    SurveyAnswers,
    SurveyChanges,
    SurveyComparison,
    SurveyPurpose,
    SurveyReceiptView,
    SurveyRepetition,
    SurveyResults,
    SurveyState,
    SurveyView,
)
from app.graphql.context import Context
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node
from app.graphql.pages import After, Connection, First, Sort, connection, page_request
from app.request import now

_PARTS: dict[str, type[BaseModel]] = {
    "SurveyOption": OptionView,
    "SurveyQuestion": QuestionView,
    "SurveyReceipt": SurveyReceiptView,
    "SurveyOptionResult": OptionResult,
    "SurveyQuestionResult": QuestionResult,
    "SurveyGroupResult": GroupResult,
    "SurveyBreakdown": BreakdownResult,
    "SurveyResults": SurveyResults,
    "ComparedQuestion": ComparedQuestion,
    "SurveyComparison": SurveyComparison,
}
_PART_INPUTS: dict[str, type[BaseModel]] = {
    "NewSurveyOption": NewOption,
    "NewSurveyQuestion": NewQuestion,
    "GivenAnswer": GivenAnswer,
}
# The parts have no edges: their views are the types themselves.
for _name, _part in _PARTS.items():
    strawberry.pydantic.type(name=_name, description=_part.__doc__)(_part)
for _name, _part in _PART_INPUTS.items():
    strawberry.pydantic.input(name=_name, description=_part.__doc__)(_part)


@node(surveys.SURVEYS, name="Survey", description="问卷调查 / a survey")
class SurveyNode(Node, SurveyView):
    """A survey with its edges."""

    unit = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="unit_id",
        description="所属单位 / unit that it belongs to",
    )
    activity = edge(
        activities.activities_by_id,
        lazy("app.graphql.training.activities", "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="所评估的活动 / activity that it evaluates",
    )
    previous = edge(
        surveys.surveys_by_id,
        lazy("app.graphql.training.surveys", "SurveyNode"),
        many=False,
        keys="survey_ids",
        key="previous_id",
        description="上一期调查 / the earlier survey that it repeats",
    )
    links = paged_edge(
        survey_links.survey_links_of,
        lazy("app.graphql.training.survey_links", "SurveyLinkNode"),
        keys="survey_ids",
        first=20,
        description="家长链接 / links for parents",
    )


@strawberry.pydantic.input(name="NewSurvey")
class NewSurveyInput(NewSurvey):
    """A survey to be drafted."""


@strawberry.pydantic.input(name="SurveyChanges")
class SurveyChangesInput(SurveyChanges):
    """What of a draft is to be changed."""


@strawberry.pydantic.input(name="SurveyRepetition")
class SurveyRepetitionInput(SurveyRepetition):
    """When a survey is held again."""


@strawberry.pydantic.input(name="SurveyAnswers")
class SurveyAnswersInput(SurveyAnswers):
    """The answers to a survey."""


@strawberry.type
class SurveyQueries:
    """What may be asked about surveys."""

    @strawberry.field(description="一份问卷 / one survey", graphql_type=SurveyNode)
    async def survey(self, info: Info[Context], id: UUID) -> Any:
        """One survey."""
        actor = info.context.actor
        return await info.context.read(lambda db: surveys.get_survey(db, actor, survey_id=id))

    @strawberry.field(description="问卷列表 / surveys", graphql_type=Connection[SurveyNode])
    async def surveys(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        purpose: SurveyPurpose | None = None,
        state: SurveyState | None = None,
        unit_id: UUID | None = None,
        group_id: UUID | None = None,
        activity_id: UUID | None = None,
        is_template: bool | None = None,
    ) -> Any:
        """A page of surveys."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: surveys.list_surveys(
                db, actor, page=page, purpose=purpose, state=state, unit_id=unit_id,
                group_id=group_id, activity_id=activity_id, is_template=is_template,
            ),
        )  # fmt: skip

    @strawberry.field(
        description="面向本人的问卷 / surveys for the actor", graphql_type=Connection[SurveyNode]
    )
    async def offered_surveys(
        self,
        info: Info[Context],
        first: First = 50,
        after: After = None,
        sort: Sort = None,
        purpose: SurveyPurpose | None = None,
        state: SurveyState | None = None,
    ) -> Any:
        """A page of the surveys that are for the actor."""
        actor, page = info.context.actor, page_request(first, after, sort)
        return await connection(
            info.context,
            lambda db: surveys.list_offered_surveys(
                db, actor, page=page, purpose=purpose, state=state
            ),
        )

    @strawberry.field(description="问卷结果 / what it has shown", graphql_type=SurveyResults)
    async def survey_results(
        self, info: Info[Context], survey_id: UUID, scope: ResultScope | None = None
    ) -> Any:
        """The results of a closed survey."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: surveys.get_survey_results(db, actor, survey_id=survey_id, scope=scope)
        )

    @strawberry.field(description="与上一期比较 / two surveys", graphql_type=SurveyComparison)
    async def survey_comparison(self, info: Info[Context], survey_id: UUID) -> Any:
        """A survey beside the one that it repeats."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: surveys.get_survey_comparison(db, actor, survey_id=survey_id)
        )


@strawberry.type
class SurveyMutations:
    """What may be done with surveys."""

    @strawberry.mutation(description="起草问卷 / draft a survey", graphql_type=SurveyNode)
    async def create_survey(self, info: Info[Context], new: NewSurveyInput) -> Any:
        """Draft a survey, or a template of one."""
        async with info.context.transaction() as db:
            return await surveys.create_survey(db, info.context.actor, new=new)

    @strawberry.mutation(description="修改草稿 / change a draft", graphql_type=SurveyNode)
    async def update_survey(
        self, info: Info[Context], survey_id: UUID, changes: SurveyChangesInput
    ) -> Any:
        """Change a draft."""
        async with info.context.transaction() as db:
            return await surveys.update_survey(
                db, info.context.actor, survey_id=survey_id, changes=changes
            )

    @strawberry.mutation(description="开放作答 / open a survey", graphql_type=SurveyNode)
    async def open_survey(self, info: Info[Context], survey_id: UUID) -> Any:
        """Let a draft be answered."""
        async with info.context.transaction() as db:
            return await surveys.open_survey(db, info.context.actor, survey_id=survey_id, now=now())

    @strawberry.mutation(description="截止 / close a survey", graphql_type=SurveyNode)
    async def close_survey(self, info: Info[Context], survey_id: UUID) -> Any:
        """End the answering."""
        async with info.context.transaction() as db:
            return await surveys.close_survey(
                db, info.context.actor, survey_id=survey_id, now=now()
            )

    @strawberry.mutation(description="公布结果 / publish results", graphql_type=SurveyNode)
    async def publish_survey(self, info: Info[Context], survey_id: UUID) -> Any:
        """Show the results as a whole to all whom the survey was for."""
        async with info.context.transaction() as db:
            return await surveys.publish_survey(
                db, info.context.actor, survey_id=survey_id, now=now()
            )

    @strawberry.mutation(description="再次调查 / hold a survey again", graphql_type=SurveyNode)
    async def copy_survey(
        self, info: Info[Context], survey_id: UUID, new: SurveyRepetitionInput
    ) -> Any:
        """Hold a survey, or a template, again."""
        async with info.context.transaction() as db:
            return await surveys.copy_survey(db, info.context.actor, survey_id=survey_id, new=new)

    @strawberry.mutation(description="作答 / answer a survey", graphql_type=SurveyReceiptView)
    async def answer_survey(
        self, info: Info[Context], survey_id: UUID, given: SurveyAnswersInput
    ) -> Any:
        """Answer a survey, once."""
        async with info.context.transaction() as db:
            return await surveys.answer_survey(
                db, info.context.actor, survey_id=survey_id, given=given, now=now()
            )

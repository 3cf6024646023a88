"""Careers over GraphQL: the whole, each kind of its facts, and what is done with them."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import careers
from app.domain.people.careers import CareerView, FactEnd, FactWithdrawal, NewRank
from app.domain.people.facts import merits, qualifications
from app.domain.people.facts.engagement import (
    EmploymentView,
    EstablishmentView,
    NewEmployment,
    NewEstablishment,
    NewServicePlace,
    NewServiceState,
    ServicePlaceView,
    ServiceStateView,
)
from app.domain.people.facts.fact import FactKind, FactName, NamedFactView
from app.domain.people.facts.kinds import KINDS
from app.domain.people.facts.posts import NewPost, PostView
from app.domain.people.facts.ranks import RankView
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(name="Employment", description="人事关系 / a personnel relation")
class EmploymentNode(EmploymentView):
    """A personnel relation."""


@strawberry.pydantic.type(name="EstablishmentFact", description="编制 / an establishment")
class EstablishmentNode(EstablishmentView):
    """An establishment under which somebody was employed."""


@strawberry.pydantic.type(name="ServiceStateFact", description="在岗状态 / a state of service")
class StateNode(ServiceStateView):
    """A state of service."""


@strawberry.pydantic.type(name="ServicePlace", description="任教学校 / a service place")
class PlaceNode(ServicePlaceView):
    """A school at which somebody serves."""


@strawberry.pydantic.type(name="RankFact", description="职称 / a rank over time")
class RankNode(RankView):
    """A rank over time."""


@strawberry.pydantic.type(name="PostFact", description="岗位 / a post over time")
class PostNode(PostView):
    """A post over time."""


@strawberry.pydantic.type(name="HonourFact", description="荣誉 / an honour")
class HonourNode(merits.HonourView):
    """An honour."""


@strawberry.pydantic.type(name="Education", description="学历 / a course of study")
class EducationNode(merits.EducationView):
    """A course of study."""


@strawberry.pydantic.type(name="GrowthResult", description="成长考核 / a result at a growth stage")
class GrowthResultNode(merits.GrowthResultView):
    """A result at a growth stage."""


@strawberry.pydantic.type(name="TeacherQualification", description="教师资格证书 / certificate")
class QualificationNode(qualifications.QualificationView):
    """A teacher certificate."""


@strawberry.pydantic.type(name="TeacherRegistration", description="定期注册 / registration")
class RegistrationNode(qualifications.RegistrationView):
    """A periodic registration."""


@strawberry.pydantic.type(name="Fact", description="任职记录的时间 / the times of a fact")
class FactNode(NamedFactView):
    """The times of a fact of any kind."""


@strawberry.pydantic.type(name="Career", description="任职经历 / a career")
class CareerNode(CareerView):
    """A career: the facts of every kind."""

    employments: list[EmploymentNode]  # type: ignore[assignment]  # the same fields, as nodes
    establishments: list[EstablishmentNode]  # type: ignore[assignment]
    service_states: list[StateNode]  # type: ignore[assignment]
    service_places: list[PlaceNode]  # type: ignore[assignment]
    ranks: list[RankNode]  # type: ignore[assignment]
    posts: list[PostNode]  # type: ignore[assignment]
    honours: list[HonourNode]  # type: ignore[assignment]
    education: list[EducationNode]  # type: ignore[assignment]
    growth_results: list[GrowthResultNode]  # type: ignore[assignment]
    qualifications: list[QualificationNode]  # type: ignore[assignment]
    registrations: list[RegistrationNode]  # type: ignore[assignment]


@strawberry.pydantic.input(name="NewEmployment")
class NewEmploymentInput(NewEmployment):
    """A former personnel relation."""


@strawberry.pydantic.input(name="NewEstablishment")
class NewEstablishmentInput(NewEstablishment):
    """An establishment from a day on."""


@strawberry.pydantic.input(name="NewServiceState")
class NewStateInput(NewServiceState):
    """A state of service from a day on."""


@strawberry.pydantic.input(name="NewServicePlace")
class NewPlaceInput(NewServicePlace):
    """A school at which somebody serves from a day on."""


@strawberry.pydantic.input(name="NewRank")
class NewRankInput(NewRank):
    """A rank that a teacher holds from a day on."""


@strawberry.pydantic.input(name="NewPost")
class NewPostInput(NewPost):
    """A post that a teacher holds from a day on."""


@strawberry.pydantic.input(name="NewHonour")
class NewHonourInput(merits.NewHonour):
    """An honour that was conferred on a day."""


@strawberry.pydantic.input(name="NewEducation")
class NewEducationInput(merits.NewEducation):
    """A course of study in a state from a day on."""


@strawberry.pydantic.input(name="NewGrowthResult")
class NewGrowthResultInput(merits.NewGrowthResult):
    """What was found at a growth stage."""


@strawberry.pydantic.input(name="NewQualification")
class NewQualificationInput(qualifications.NewQualification):
    """A teacher certificate that was conferred on a day."""


@strawberry.pydantic.input(name="NewRegistration")
class NewRegistrationInput(qualifications.NewRegistration):
    """A periodic registration from a day on."""


@strawberry.pydantic.input(name="FactEnd")
class FactEndInput(FactEnd):
    """The end of a fact."""


@strawberry.pydantic.input(name="FactWithdrawal")
class FactWithdrawalInput(FactWithdrawal):
    """Why a fact never was."""


_TYPES: dict[FactName, tuple[Any, Any]] = {
    FactName.EMPLOYMENT: (EmploymentNode, NewEmploymentInput),
    FactName.ESTABLISHMENT: (EstablishmentNode, NewEstablishmentInput),
    FactName.SERVICE_STATE: (StateNode, NewStateInput),
    FactName.SERVICE_PLACE: (PlaceNode, NewPlaceInput),
    FactName.RANK: (RankNode, NewRankInput),
    FactName.POST: (PostNode, NewPostInput),
    FactName.HONOUR: (HonourNode, NewHonourInput),
    FactName.EDUCATION: (EducationNode, NewEducationInput),
    FactName.GROWTH_RESULT: (GrowthResultNode, NewGrowthResultInput),
    FactName.QUALIFICATION: (QualificationNode, NewQualificationInput),
    FactName.REGISTRATION: (RegistrationNode, NewRegistrationInput),
}
"""The type and the input of each kind of fact."""


def _listing(kind: FactKind) -> Callable[..., Any]:
    async def list_facts(
        info: Info[Context],
        teacher_id: UUID,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        actor = info.context.actor
        return await info.context.read(
            lambda db: careers.list_facts(
                db, actor, kind=kind, teacher_id=teacher_id, as_of=as_of, known_on=known_on
            )
        )

    return list_facts


def _recording(kind: FactKind) -> Callable[..., Any]:
    async def record_fact(info: Info[Context], teacher_id: UUID, new: Any) -> Any:
        context = info.context
        async with context.transaction() as db:
            return await careers.record_fact(
                db, context.actor, kind=kind, teacher_id=teacher_id, new=new, now=now()
            )

    record_fact.__annotations__["new"] = _TYPES[kind.name][1]
    return record_fact


@strawberry.type
class CareerQueries:
    """What may be asked about careers."""

    @strawberry.field(description="任职经历 / a career", graphql_type=CareerNode)
    async def career(
        self,
        info: Info[Context],
        teacher_id: UUID,
        as_of: date | None = None,
        known_on: date | None = None,
    ) -> Any:
        """The whole career of a teacher, or what of it held on a day."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: careers.get_career(
                db, actor, teacher_id=teacher_id, as_of=as_of, known_on=known_on
            )
        )


@strawberry.type
class CareerMutations:
    """What may be done with careers."""

    @strawberry.mutation(description="终止一条记录 / end a fact", graphql_type=FactNode)
    async def end_fact(
        self, info: Info[Context], teacher_id: UUID, fact_id: UUID, end: FactEndInput
    ) -> Any:
        """End a fact of a career on a day."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await careers.end_fact(
                db, actor, teacher_id=teacher_id, fact_id=fact_id, end=end, now=now()
            )

    @strawberry.mutation(description="撤销一条记录 / withdraw a fact", graphql_type=FactNode)
    async def withdraw_fact(
        self,
        info: Info[Context],
        teacher_id: UUID,
        fact_id: UUID,
        withdrawal: FactWithdrawalInput,
    ) -> Any:
        """Withdraw a fact of a career that never was."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await careers.withdraw_fact(
                db, actor, teacher_id=teacher_id, fact_id=fact_id, withdrawal=withdrawal, now=now()
            )


class FactQueries:
    """What may be asked about the facts of a career, kind by kind."""


class FactMutations:
    """What may be recorded, or corrected, in a career, kind by kind."""


for _kind in KINDS.values():
    _node: Any = _TYPES[_kind.name][0]
    setattr(
        FactQueries,
        _kind.plural,
        strawberry.field(_listing(_kind), description=_kind.words, graphql_type=list[_node]),
    )
    setattr(
        FactMutations,
        f"record_{_kind.name}",
        strawberry.mutation(
            _recording(_kind), description=f"登记或更正：{_kind.words}", graphql_type=_node
        ),
    )
strawberry.type(FactQueries)
strawberry.type(FactMutations)

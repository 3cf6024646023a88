"""Careers over REST: the whole, each kind of its facts, and what is done with them."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import answer, answer_one
from app.domain.people import careers
from app.domain.people.careers import CareerView, FactEnd, FactWithdrawal
from app.domain.people.facts.fact import FactKind, NamedFactView, NewFact
from app.domain.people.facts.kinds import KINDS
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(prefix="/teachers/{teacher_id}", tags=["people"], route_class=Route)

AsOf = Annotated[date | None, Query(description="只看该日有效的记录 / what held on this day")]
KnownOn = Annotated[date | None, Query(description="该日终了时系统所知 / as believed at its end")]


@router.get("/career", operation_id="get_career", response_model=CareerView)
async def get_career(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    teacher_id: UUID,
    as_of: AsOf = None,
    known_on: KnownOn = None,
) -> Response:
    """The whole career of a teacher, or what of it held on a day, as believed now or on a day."""
    row = await careers.get_career(db, actor, teacher_id=teacher_id, as_of=as_of, known_on=known_on)
    return answer_one(request, row)


@router.post("/facts/{fact_id}/end", operation_id="end_fact", response_model=NamedFactView)
async def end_fact(
    db: Transaction, actor: CurrentActor, teacher_id: UUID, fact_id: UUID, end: FactEnd
) -> Response:
    """End a fact of a career on a day; the answer has its new key."""
    row = await careers.end_fact(
        db, actor, teacher_id=teacher_id, fact_id=fact_id, end=end, now=now()
    )
    return answer(row)


@router.post(
    "/facts/{fact_id}/withdraw", operation_id="withdraw_fact", response_model=NamedFactView
)
async def withdraw_fact(
    db: Transaction,
    actor: CurrentActor,
    teacher_id: UUID,
    fact_id: UUID,
    withdrawal: FactWithdrawal,
) -> Response:
    """Withdraw a fact of a career that never was; `known_on` still tells that it was believed."""
    row = await careers.withdraw_fact(
        db, actor, teacher_id=teacher_id, fact_id=fact_id, withdrawal=withdrawal, now=now()
    )
    return answer(row)


def _listing(kind: FactKind) -> Callable[..., Awaitable[Response]]:
    async def list_facts(
        db: Reading,
        actor: CurrentActor,
        teacher_id: UUID,
        as_of: AsOf = None,
        known_on: KnownOn = None,
    ) -> Response:
        rows = await careers.list_facts(
            db, actor, kind=kind, teacher_id=teacher_id, as_of=as_of, known_on=known_on
        )
        return answer(rows)

    return list_facts


def _recording(kind: FactKind) -> Callable[..., Awaitable[Response]]:
    async def record_fact(
        db: Transaction, actor: CurrentActor, teacher_id: UUID, new: NewFact
    ) -> Response:
        row = await careers.record_fact(
            db, actor, kind=kind, teacher_id=teacher_id, new=new, now=now()
        )
        return answer(row, 201)

    record_fact.__annotations__["new"] = kind.new
    return record_fact


for _kind in KINDS.values():
    _path = f"/{_kind.plural.replace('_', '-')}"
    router.add_api_route(
        _path,
        _listing(_kind),
        name=f"list_{_kind.plural}",
        operation_id=f"list_{_kind.plural}",
        response_model=list[_kind.view],  # type: ignore[name-defined]
        description=f"{_kind.words}：该教师的记录，按起始日排列 / the teacher's, from the first day on.",
    )
    router.add_api_route(
        _path,
        _recording(_kind),
        methods=["POST"],
        name=f"record_{_kind.name}",
        operation_id=f"record_{_kind.name}",
        response_model=_kind.view,
        status_code=201,
        description=(
            f"{_kind.words}：登记；填写 corrects 则为更正"
            " / record one; with `corrects` it takes the place of one that was wrong."
        ),
    )

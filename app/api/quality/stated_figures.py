"""Stated figures over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_page
from app.domain.quality import stated_figures
from app.domain.quality.stated_figures import (
    FigureCheckRowView,
    FigureCheckView,
    FigureComparison,
    FigureConclusion,
    FigureExampleView,
    FigureExplanation,
    FigureState,
    FigureVerdict,
    NewStatedFigure,
    StatedFigureView,
)
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/stated-figures", operation_id="list_stated_figures", response_model=PageOf[StatedFigureView]
)
async def list_stated_figures(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="填报单位 / unit")] = None,
    state: Annotated[FigureState | None, Query(description="状态 / state")] = None,
    verdict: Annotated[FigureVerdict | None, Query(description="核对结论 / verdict")] = None,
    comparison: Annotated[FigureComparison | None, Query(description="核对方式 / way")] = None,
) -> Response:
    """What documents of the units in the actor's place state, with its last verdict (`created`)."""
    found = await stated_figures.list_stated_figures(
        db, actor, page=page, unit_id=unit_id, state=state, verdict=verdict, comparison=comparison
    )
    return answer_page(request, found, fields)


@router.get(
    "/stated-figures/{figure_id}",
    operation_id="get_stated_figure",
    response_model=StatedFigureView,
)
async def get_stated_figure(db: Reading, actor: CurrentActor, figure_id: UUID) -> Response:
    """One stated figure in its own words."""
    return answer(await stated_figures.get_stated_figure(db, actor, figure_id=figure_id))


@router.post(
    "/units/{unit_id}/stated-figures",
    operation_id="state_figure",
    response_model=StatedFigureView,
    status_code=201,
)
async def state_figure(
    db: Transaction, actor: CurrentActor, unit_id: UUID, new: NewStatedFigure
) -> Response:
    """Enter what a document of a unit states; it is checked at once."""
    row = await stated_figures.state_figure(db, actor, unit_id=unit_id, new=new, now=now())
    return answer(row, 201)


@router.post(
    "/stated-figures/{figure_id}/checks",
    operation_id="check_stated_figure",
    response_model=StatedFigureView,
)
async def check_stated_figure(db: Transaction, actor: CurrentActor, figure_id: UUID) -> Response:
    """Check it again against the register as it is now; earlier answers stay."""
    row = await stated_figures.check_stated_figure(db, actor, figure_id=figure_id, now=now())
    return answer(row)


@router.post(
    "/stated-figures/{figure_id}/explain",
    operation_id="explain_stated_figure",
    response_model=StatedFigureView,
)
async def explain_stated_figure(
    db: Transaction, actor: CurrentActor, figure_id: UUID, said: FigureExplanation
) -> Response:
    """Say for the unit why its document states otherwise."""
    row = await stated_figures.explain_stated_figure(
        db, actor, figure_id=figure_id, said=said, now=now()
    )
    return answer(row)


@router.post(
    "/stated-figures/{figure_id}/conclude",
    operation_id="conclude_stated_figure",
    response_model=StatedFigureView,
)
async def conclude_stated_figure(
    db: Transaction, actor: CurrentActor, figure_id: UUID, conclusion: FigureConclusion
) -> Response:
    """Say for the bureau over the unit what becomes of it."""
    row = await stated_figures.conclude_stated_figure(
        db, actor, figure_id=figure_id, conclusion=conclusion, now=now()
    )
    return answer(row)


@router.get(
    "/figure-checks", operation_id="list_figure_checks", response_model=PageOf[FigureCheckView]
)
async def list_figure_checks(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    figure_id: Annotated[UUID | None, Query(description="所核对的数据 / stated figure")] = None,
) -> Response:
    """The answers that were given, each as it was given (`created`)."""
    found = await stated_figures.list_figure_checks(db, actor, page=page, figure_id=figure_id)
    return answer_page(request, found, fields)


@router.get(
    "/figure-checks/{check_id}", operation_id="get_figure_check", response_model=FigureCheckView
)
async def get_figure_check(db: Reading, actor: CurrentActor, check_id: UUID) -> Response:
    """One answer with its reasons and lines."""
    return answer(await stated_figures.get_figure_check(db, actor, check_id=check_id))


@router.get(
    "/figure-checks/{check_id}/rows",
    operation_id="list_figure_check_rows",
    response_model=list[FigureCheckRowView],
)
async def list_figure_check_rows(
    db: Reading,
    actor: CurrentActor,
    check_id: UUID,
    differing: Annotated[
        bool | None, Query(description="只看自报数不一致的单位 / only those who state another")
    ] = None,
) -> Response:
    """What each unit has in the registered number, beside what it stated itself."""
    found = await stated_figures.list_figure_check_rows(
        db, actor, check_id=check_id, differing=differing
    )
    return answer(found)


@router.get(
    "/figure-examples",
    operation_id="list_figure_examples",
    response_model=list[FigureExampleView],
)
async def list_figure_examples(db: Reading, actor: CurrentActor) -> Response:
    """What the source documents state, and what is answered to each passage by itself."""
    return answer(await stated_figures.list_figure_examples(db, actor))

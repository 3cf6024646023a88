"""Regulations of schools over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.api.answers import Fields, PageOf, answer, answer_created, answer_one, answer_page
from app.domain.quality import regulations
from app.domain.quality.regulations import (
    MissingRegulationsView,
    NewRegulation,
    NewRegulationVersion,
    RegulationCoverageView,
    RegulationKind,
    RegulationRepeal,
    RegulationVersionView,
    RegulationView,
)
from app.domain.training.files import FileLink, NewFileLink
from app.request import CurrentActor, PageParameters, Reading, Route, Transaction, now, resources

router = APIRouter(tags=["quality"], route_class=Route)


@router.get("/regulations", operation_id="list_regulations", response_model=PageOf[RegulationView])
async def list_regulations(
    request: Request,
    db: Reading,
    actor: CurrentActor,
    page: PageParameters,
    fields: Fields,
    unit_id: Annotated[UUID | None, Query(description="制定单位 / unit")] = None,
    kind: Annotated[RegulationKind | None, Query(description="制度类别 / kind")] = None,
    in_force_on: Annotated[
        date | None, Query(description="在该日有效 / in force on this day")
    ] = None,
) -> Response:
    """The regulations of the units in the actor's place (`created`, `title`)."""
    found = await regulations.list_regulations(
        db, actor, page=page, unit_id=unit_id, kind=kind, in_force_on=in_force_on
    )
    return answer_page(request, found, fields)


@router.get(
    "/me/regulations", operation_id="list_own_regulations", response_model=PageOf[RegulationView]
)
async def list_own_regulations(
    request: Request, db: Reading, actor: CurrentActor, page: PageParameters, fields: Fields
) -> Response:
    """The regulations of the actor's units, and of those above them (`created`, `title`)."""
    found = await regulations.list_own_regulations(db, actor, page=page)
    return answer_page(request, found, fields)


@router.post(
    "/regulations", operation_id="create_regulation", response_model=RegulationView, status_code=201
)
async def create_regulation(db: Transaction, actor: CurrentActor, new: NewRegulation) -> Response:
    """Make a regulation of a unit, with its first text."""
    row = await regulations.create_regulation(db, actor, new=new, now=now())
    return answer_created(row, f"/api/v1/regulations/{row['id']}")


@router.get(
    "/regulations/{regulation_id}", operation_id="get_regulation", response_model=RegulationView
)
async def get_regulation(
    request: Request, db: Reading, actor: CurrentActor, regulation_id: UUID
) -> Response:
    """One regulation of the actor's place or units."""
    return answer_one(
        request, await regulations.get_regulation(db, actor, regulation_id=regulation_id)
    )


@router.get(
    "/regulations/{regulation_id}/versions",
    operation_id="list_regulation_versions",
    response_model=list[RegulationVersionView],
)
async def list_regulation_versions(
    db: Reading, actor: CurrentActor, regulation_id: UUID
) -> Response:
    """All the texts that a regulation has had, the first first."""
    return answer(
        await regulations.list_regulation_versions(db, actor, regulation_id=regulation_id)
    )


@router.post(
    "/regulations/{regulation_id}/versions",
    operation_id="add_regulation_version",
    response_model=RegulationView,
    status_code=201,
)
async def add_regulation_version(
    db: Transaction, actor: CurrentActor, regulation_id: UUID, new: NewRegulationVersion
) -> Response:
    """Add a text to a regulation; those before stay."""
    return answer(
        await regulations.add_regulation_version(
            db, actor, regulation_id=regulation_id, new=new, now=now()
        ),
        201,
    )


@router.post(
    "/regulations/{regulation_id}/versions/{number}/link",
    operation_id="create_regulation_file_link",
    response_model=FileLink,
)
async def create_regulation_file_link(
    request: Request,
    db: Transaction,
    actor: CurrentActor,
    regulation_id: UUID,
    number: Annotated[int, Path(ge=1, le=100_000, description="版本号 / number of the version")],
    new: NewFileLink,
) -> Response:
    """A link to the file of a text of a regulation, for ten minutes; that it was asked for is recorded."""
    links = resources(request).archive.links
    return answer(
        await regulations.create_regulation_file_link(
            db, actor, regulation_id=regulation_id, number=number, new=new, links=links, now=now()
        )
    )


@router.post(
    "/regulations/{regulation_id}/repeal",
    operation_id="repeal_regulation",
    response_model=RegulationView,
)
async def repeal_regulation(
    db: Transaction, actor: CurrentActor, regulation_id: UUID, repeal: RegulationRepeal
) -> Response:
    """Let a regulation end."""
    return answer(
        await regulations.repeal_regulation(
            db, actor, regulation_id=regulation_id, repeal=repeal, now=now()
        )
    )


@router.get(
    "/units/{unit_id}/missing-regulations",
    operation_id="list_missing_regulations",
    response_model=list[MissingRegulationsView],
)
async def list_missing_regulations(db: Reading, actor: CurrentActor, unit_id: UUID) -> Response:
    """The schools at or below a unit that lack any of the five sets, each with what it lacks."""
    return answer(await regulations.list_missing_regulations(db, actor, unit_id=unit_id, now=now()))


@router.get(
    "/units/{unit_id}/regulation-coverage",
    operation_id="list_regulation_coverage",
    response_model=list[RegulationCoverageView],
)
async def list_regulation_coverage(db: Reading, actor: CurrentActor, unit_id: UUID) -> Response:
    """Of each bureau at or below a unit, how many of its schools have each of the five sets."""
    return answer(await regulations.list_regulation_coverage(db, actor, unit_id=unit_id, now=now()))

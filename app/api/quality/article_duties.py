"""Duties of articles, and what the register shows of them, over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.answers import answer
from app.domain.quality import article_duties
from app.domain.quality.article_duties import (
    ArticleCoverageView,
    ArticleDutyView,
    DutyFulfilmentView,
    FulfilmentRowView,
    NewArticleDuty,
)
from app.request import CurrentActor, Reading, Route, Transaction, now

router = APIRouter(tags=["quality"], route_class=Route)


@router.get(
    "/official-documents/{document_id}/duties",
    operation_id="list_article_duties",
    response_model=list[ArticleDutyView],
)
async def list_article_duties(db: Reading, actor: CurrentActor, document_id: UUID) -> Response:
    """The duties that a document lays on units, by article."""
    return answer(await article_duties.list_article_duties(db, actor, document_id=document_id))


@router.get(
    "/official-documents/{document_id}/coverage",
    operation_id="list_article_coverage",
    response_model=list[ArticleCoverageView],
)
async def list_article_coverage(
    db: Reading,
    actor: CurrentActor,
    document_id: UUID,
    school_year: Annotated[
        int | None,
        Query(description="学年起始年份，默认本学年 / school year by the year in which it begins"),
    ] = None,
) -> Response:
    """How each article of a document stands in a school year, by each of its duties."""
    return answer(
        await article_duties.list_article_coverage(
            db, actor, document_id=document_id, school_year=school_year, now=now()
        )
    )


@router.get(
    "/official-documents/{document_id}/units/{unit_id}/fulfilments",
    operation_id="list_unit_fulfilments",
    response_model=list[DutyFulfilmentView],
)
async def list_unit_fulfilments(
    db: Reading,
    actor: CurrentActor,
    document_id: UUID,
    unit_id: UUID,
    school_year: Annotated[
        int | None,
        Query(description="学年起始年份，默认本学年 / school year by the year in which it begins"),
    ] = None,
) -> Response:
    """How one unit stands with each of its duties of a document, by article."""
    return answer(
        await article_duties.list_unit_fulfilments(
            db, actor, document_id=document_id, unit_id=unit_id, school_year=school_year, now=now()
        )
    )


@router.post(
    "/document-articles/{article_id}/duties",
    operation_id="create_article_duty",
    response_model=ArticleDutyView,
    status_code=201,
)
async def create_article_duty(
    db: Transaction, actor: CurrentActor, article_id: UUID, new: NewArticleDuty
) -> Response:
    """Say what an article of an issued document asks of each unit of a level."""
    return answer(
        await article_duties.create_article_duty(db, actor, article_id=article_id, new=new), 201
    )


@router.delete(
    "/article-duties/{duty_id}", operation_id="remove_article_duty", response_model=ArticleDutyView
)
async def remove_article_duty(db: Transaction, actor: CurrentActor, duty_id: UUID) -> Response:
    """Take back what an article was said to ask; what it was."""
    return answer(await article_duties.remove_article_duty(db, actor, duty_id=duty_id))


@router.get(
    "/article-duties/{duty_id}/fulfilments",
    operation_id="list_duty_fulfilments",
    response_model=list[DutyFulfilmentView],
)
async def list_duty_fulfilments(
    db: Reading,
    actor: CurrentActor,
    duty_id: UUID,
    school_year: Annotated[
        int | None,
        Query(description="学年起始年份，默认本学年 / school year by the year in which it begins"),
    ] = None,
    fulfilled: Annotated[
        bool | None, Query(description="只列已落实或未落实的 / only those that have, or have not")
    ] = None,
) -> Response:
    """Which units have done a duty in a school year, by name."""
    return answer(
        await article_duties.list_duty_fulfilments(
            db, actor, duty_id=duty_id, school_year=school_year, fulfilled=fulfilled, now=now()
        )
    )


@router.get(
    "/article-duties/{duty_id}/units/{unit_id}/rows",
    operation_id="list_fulfilment_rows",
    response_model=list[FulfilmentRowView],
)
async def list_fulfilment_rows(
    db: Reading,
    actor: CurrentActor,
    duty_id: UUID,
    unit_id: UUID,
    school_year: Annotated[
        int | None,
        Query(description="学年起始年份，默认本学年 / school year by the year in which it begins"),
    ] = None,
) -> Response:
    """The rows of the register behind the figure of a unit."""
    return answer(
        await article_duties.list_fulfilment_rows(
            db, actor, duty_id=duty_id, unit_id=unit_id, school_year=school_year, now=now()
        )
    )

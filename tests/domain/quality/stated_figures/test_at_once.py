"""Stated figures under many hands: explained, concluded and checked at the same moment."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError
from app.domain.paging import PageRequest
from app.domain.quality.stated_figures import (
    FigureConclusion,
    FigureExplanation,
    FigureOutcome,
    FigureState,
    check_stated_figure,
    conclude_stated_figure,
    explain_stated_figure,
    get_stated_figure,
    list_figure_checks,
)
from app.request import Resources
from tests.make import NOW, TODAY, Person, make_account, make_city
from tests.make_stated_figures import make_stated_figure

PAGE = PageRequest(limit=50)


async def test_what_is_explained_and_concluded_at_once_ends_once(
    real_pool: Pool, resources: Resources
) -> None:
    """Of two who conclude one is told; no explanation is written under a conclusion that stands."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        figure = await make_stated_figure(db, city.county_admin, city.school, due_on=str(TODAY))
        other = await make_account(db, "county.second", Role.COUNTY_ADMIN, city.county)
    later = NOW + timedelta(days=1)

    async def acting(act: Any) -> str:
        try:
            async with real_pool.transaction() as db:
                await act(db)
        except DomainError as refused:
            return refused.code
        return "done"

    def concluding(by: Person) -> Any:
        said = FigureConclusion(outcome=FigureOutcome.EXPLAINED, conclusion=by.name)
        return lambda db: conclude_stated_figure(
            db, by.actor, figure_id=figure["id"], conclusion=said, now=later
        )

    said = FigureExplanation(explanation="含一所九年一贯制学校")
    outcomes = await asyncio.gather(
        acting(concluding(city.county_admin)),
        acting(concluding(other)),
        acting(
            lambda db: explain_stated_figure(
                db, city.school_admin.actor, figure_id=figure["id"], said=said, now=later
            )
        ),
    )
    assert sorted(outcomes[:2]) == ["done", "stated_figure_closed"]
    assert outcomes[2] in {"done", "stated_figure_closed"}
    async with real_pool.connection() as db:
        row = await get_stated_figure(db, city.county_admin.actor, figure_id=figure["id"])
    who = (city.county_admin, other)[outcomes.index("done")]
    assert (row["state"], row["conclusion"]) == (FigureState.CLOSED, who.name)
    assert (row["explanation"] is not None) == (outcomes[2] == "done")


async def test_who_hands_the_same_in_twice_has_two_figures_each_with_its_check(
    real_pool: Pool, resources: Resources
) -> None:
    """Entering waits for nobody: each is what a document states, and its one first answer."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def stated() -> UUID:
        async with real_pool.transaction() as db:
            return (await make_stated_figure(db, city.school_admin, city.school))["id"]  # type: ignore[no-any-return]

    made = await asyncio.gather(stated(), stated())

    async def checked(figure_id: UUID) -> None:
        async with real_pool.transaction() as db:
            await check_stated_figure(db, city.county_admin.actor, figure_id=figure_id, now=NOW)

    await asyncio.gather(*(checked(figure_id) for figure_id in (*made, *made)))
    async with real_pool.connection() as db:
        for figure_id in made:
            page = await list_figure_checks(
                db, city.county_admin.actor, figure_id=figure_id, page=PAGE
            )
            assert [row["number"] for row in page.items] == [1, 2, 3]

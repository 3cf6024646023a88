import pytest

from app.domain.errors import NotFound
from app.domain.paging import PageRequest
from app.domain.training.citations import (
    CITED,
    CitationExists,
    CitationNotFound,
    CitedKind,
    citations_of_plans,
    list_citations,
    remove_citation,
)
from app.domain.training.plans import PlanWrongState
from app.sql import Connection
from tests.make import City, make_activity
from tests.make_organisation import make_visit
from tests.make_people import make_goal
from tests.make_plans import cite, make_plan, submit

PAGE = PageRequest(limit=100)


def test_whatever_can_be_cited_has_a_door() -> None:
    assert CITED.keys() == set(CitedKind)


async def test_a_plan_says_what_it_answers_and_what_answers_is_found(
    db: Connection, city: City
) -> None:
    """根据需求调研结果,制定每学期的研训计划: R44."""
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    visit = await make_visit(db, city.school, city.county_admin, city.county)
    last = await make_activity(db, city.school, city.school_admin)
    found = await cite(db, city.school_admin, plan, "guidance_visit", visit)
    await cite(db, city.school_admin, plan, "activity", last)
    with pytest.raises(CitationExists):
        async with db.transaction():
            await cite(db, city.school_admin, plan, "activity", last)
    answers = await list_citations(db, city.county_admin.actor, page=PAGE, cited_id=visit["id"])
    assert [(row["plan_id"], row["conclusion"]) for row in answers.items] == [
        (plan["id"], "加强集体备课")
    ]
    pages = await citations_of_plans(db, city.school_admin.actor, plan_ids=[plan["id"]], page=PAGE)
    assert [row["kind"] for row in pages[plan["id"]].items] == ["guidance_visit", "activity"]
    admin = city.school_admin.actor
    assert await remove_citation(db, admin, citation_id=found["id"]) == found
    with pytest.raises(CitationNotFound):
        await remove_citation(db, admin, citation_id=found["id"])
    await submit(db, city.school_admin, plan)
    with pytest.raises(PlanWrongState):
        await cite(db, city.school_admin, plan, "guidance_visit", visit)


async def test_only_what_one_sees_is_cited(db: Connection, city: City) -> None:
    plan = await make_plan(db, city.school_admin, unit_id=city.school["id"])
    elsewhere = await make_activity(db, city.far_school, city.city_admin)
    goal = await make_goal(db, city.sibling_teacher)
    for kind, cited in (("activity", elsewhere), ("goal", goal), ("plan", goal)):
        with pytest.raises(NotFound):
            await cite(db, city.school_admin, plan, kind, cited)
    page = await list_citations(db, city.school_admin.actor, page=PAGE)
    assert page.items == []


async def test_an_individual_plan_cites_the_own_goals(db: Connection, city: City) -> None:
    plan = await make_plan(
        db, city.teacher_account, kind="individual", teacher_id=city.teacher["id"]
    )
    goal = await make_goal(db, city.teacher)
    found = await cite(db, city.teacher_account, plan, "goal", goal)
    assert found["cited_id"] == goal["id"]

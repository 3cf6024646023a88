"""Publications: who sees how much for how long, objections, and entry when nobody objects."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from app.domain.access.actors import NotInPerson
from app.domain.access.roles import Role
from app.domain.credits.claim_publications import (
    ClaimObjectionDecided,
    ClaimObjectionOfOneself,
    ClaimObjectionRaised,
    ClaimPublicationNotFound,
    ClaimsNotPublishable,
    NewClaimPublication,
    ObjectionDecision,
    decide_claim_objection,
    enter_published_claims,
    list_claim_publications,
    list_own_claim_objections,
    list_published_claims,
    publish_claims,
)
from app.domain.credits.claims import ClaimNotFound, get_claim
from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import make_pack
from tests.make import NOW, City, make_account
from tests.make_claims import (
    PUBLISHING,
    decide,
    make_closing,
    make_objection,
    make_published,
    make_submitted,
    with_procedure,
)

OVER = NOW + timedelta(days=6)
PAGE = PageRequest(limit=10)


@pytest.fixture(autouse=True)
async def pack(db: Connection, city: City) -> Row:
    return await make_pack(db, city.city, with_procedure(**PUBLISHING))


async def state_of(db: Connection, city: City, claim: Row) -> str:
    return str((await get_claim(db, city.city_admin.actor, claim_id=claim["id"]))["state"])


async def test_a_claim_is_shown_for_its_days_and_then_entered(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    claim, publication = await make_published(db, city)
    assert (publication["closes_on"] - publication["published_on"]).days == 5
    sees = city.sibling_teacher_account.actor
    shown = await list_claim_publications(db, sees, page=PAGE, now=NOW)
    assert [row["id"] for row in shown.items] == [publication["id"]]
    rows = await list_published_claims(db, sees, publication_id=publication["id"], now=NOW)
    assert [{name: str(row[name]) for name in row} for row in rows] == [
        {
            "claim_id": str(claim["id"]), "name": "测**", "school": "甲县第一小学", "kind": "earn",
            "title": "省级骨干教师培训", "hours": "10.00", "credits": "10.00",
        }
    ]  # fmt: skip
    # Another county is not told, and after the days nobody is.
    far = city.other_county_admin.actor
    for actor, now in ((far, NOW), (sees, OVER), (city.county_admin.actor, OVER)):
        with pytest.raises(ClaimPublicationNotFound):
            await list_published_claims(db, actor, publication_id=publication["id"], now=now)
    assert (await list_claim_publications(db, sees, page=PAGE, now=OVER)).items == []
    assert await enter_published_claims(db, now=NOW + timedelta(days=5)) == 0
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 0
    assert await enter_published_claims(db, now=OVER) == 1
    assert await enter_published_claims(db, now=OVER) == 0
    assert await state_of(db, city, claim) == "entered"
    assert await driver.fetchval("SELECT sum(counted_credits) FROM standing") == 10


async def test_what_is_objected_to_waits_and_may_be_rejected(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    claim, publication = await make_published(db, city)
    by = city.sibling_teacher_account
    objection = await make_objection(db, by, claim, publication)
    assert (objection["by"], objection["upheld"]) == ("sibling.teacher", None)
    with pytest.raises(ClaimObjectionRaised):
        async with driver.transaction():
            await make_objection(db, by, claim, publication)
    assert await enter_published_claims(db, now=OVER) == 0
    upheld = ObjectionDecision(upheld=True, answer="经核实未参加")
    with pytest.raises(NotAllowed):
        await decide_claim_objection(
            db, city.auditor.actor, objection_id=objection["id"], decision=upheld, now=NOW
        )
    actor = city.county_admin.actor
    decided = await decide_claim_objection(
        db, actor, objection_id=objection["id"], decision=upheld, now=NOW
    )
    assert (decided["upheld"], await state_of(db, city, claim)) == (True, "rejected")
    dismissed = ObjectionDecision(upheld=False, answer="证据不足")
    with pytest.raises(ClaimObjectionDecided):
        await decide_claim_objection(
            db, actor, objection_id=objection["id"], decision=dismissed, now=NOW
        )
    assert await enter_published_claims(db, now=OVER) == 0
    assert await driver.fetchval("SELECT count(*) FROM credit_entry") == 0


async def test_whoever_objected_reads_what_was_answered(db: Connection, city: City) -> None:
    claim, publication = await make_published(db, city)
    by = city.sibling_teacher_account
    objection = await make_objection(db, by, claim, publication)
    [own] = await list_own_claim_objections(db, by.actor)
    assert (own["id"], own["answer"]) == (objection["id"], None)
    dismissed = ObjectionDecision(upheld=False, answer="经核实情况属实")
    await decide_claim_objection(
        db, city.county_admin.actor, objection_id=objection["id"], decision=dismissed, now=NOW
    )
    before = db.statements
    [own] = await list_own_claim_objections(db, by.actor)
    assert db.statements - before == 1
    assert (own["upheld"], own["answer"]) == (False, "经核实情况属实")
    assert await list_own_claim_objections(db, city.teacher_account.actor) == []
    with pytest.raises(NotInPerson):
        await list_own_claim_objections(db, replace(by.actor, client_id=new_id()))


async def test_a_dismissed_objection_lets_it_be_entered(db: Connection, city: City) -> None:
    claim, publication = await make_published(db, city)
    clerk = await make_account(db, "clerk", Role.COUNTY_ADMIN, city.county)
    objection = await make_objection(db, clerk, claim, publication)
    dismissed = ObjectionDecision(upheld=False, answer="证据不足")
    with pytest.raises(ClaimObjectionOfOneself):
        await decide_claim_objection(
            db, clerk.actor, objection_id=objection["id"], decision=dismissed, now=NOW
        )
    await decide_claim_objection(
        db, city.county_admin.actor, objection_id=objection["id"], decision=dismissed, now=NOW
    )
    assert await enter_published_claims(db, now=OVER) == 1
    assert await state_of(db, city, claim) == "entered"


async def test_only_what_waits_there_is_published(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    claim = await make_submitted(db, city.teacher_account)
    ready = await make_submitted(db, city.teacher_account, title="另一培训")
    for person in (city.school_admin, city.county_admin):
        ready = await decide(db, person, ready)
    new = NewClaimPublication(unit_id=city.county["id"], claim_ids=[claim["id"], ready["id"]])
    with pytest.raises(ClaimsNotPublishable):
        await publish_claims(db, city.county_admin.actor, new=new, now=NOW)
    for person, refusal in ((city.auditor, NotAllowed), (city.other_county_admin, UnitNotFound)):
        with pytest.raises(refusal):
            await publish_claims(db, person.actor, new=new, now=NOW)
    assert await driver.fetchval("SELECT count(*) FROM claim_publication") == 0
    _, publication = await make_published(db, city, title="第三种培训")
    with pytest.raises(ClaimNotFound):
        await make_objection(db, city.sibling_teacher_account, ready, publication)


async def test_in_a_closed_year_it_waits(db: Connection, city: City) -> None:
    claim, _ = await make_published(db, city)
    await make_closing(db, city.county, city.county_admin, 2026)
    assert await enter_published_claims(db, now=OVER) == 0
    assert await state_of(db, city, claim) == "published"

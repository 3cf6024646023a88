from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.exchange.arrivals import (
    ArrivalDecision,
    NewArrival,
    arrivals_reached,
    cities_told,
    get_arrival,
    hand_in_arrival,
    list_arrivals,
    settle_arrival,
    take_in_arrivals,
)
from app.domain.exchange.arrivals.settling import (
    ArrivalOfNobody,
    ArrivalOfOneself,
    ArrivalSettled,
)
from app.domain.exchange.arrivals.taking_in import ArrivalKnown, ArrivalNeedsCity
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row
from tests.domain.credits.making import make_pack
from tests.make import NOW, City, Person, id_number, make_city
from tests.make_province import make_arrival, make_province

CREDIT: dict[str, Any] = {
    "kind": "credit", "number": "S-1", "name": "测试甲", "title": "省级骨干培训",
    "earned_on": "2026-09-10", "hours": "16", "credits": "4",
}  # fmt: skip
TAKE = ArrivalDecision(take=True, opinion="证书属实")


@pytest.fixture
async def province(db: Connection, city: City) -> Person:
    return await make_province(db, city)


def told(city: City, **more: Any) -> NewArrival:
    return NewArrival.model_validate({"city_id": city.city["id"], **CREDIT, **more})


async def hand_in(db: Connection, city: City, by: Person, resources: Resources, **more: Any) -> Row:
    new = told(city, **more)
    return await hand_in_arrival(db, by.actor, new=new, cipher=resources.cipher, now=NOW)


async def test_it_is_matched_by_our_key_or_by_the_number_which_is_not_kept(
    db: Connection, city: City, province: Person, resources: Resources
) -> None:
    by_key = await hand_in(db, city, province, resources, teacher_id=city.teacher["id"])
    assert by_key["teacher_id"] == city.teacher["id"]
    number = id_number()
    index = resources.cipher.blind_index(number)
    await db._driver.execute(
        "UPDATE teacher SET id_number_index = $2 WHERE id = $1", city.colleague["id"], index
    )
    by_number = await hand_in(db, city, province, resources, number="S-2", id_number=number.lower())
    assert by_number["teacher_id"] == city.colleague["id"]
    # One key and another's number are two people: it is nobody's.
    both = {"teacher_id": city.teacher["id"], "id_number": number}
    nobody = await hand_in(db, city, province, resources, number="S-3", **both)
    assert nobody["teacher_id"] is None
    kept = await db._driver.fetchval("SELECT string_agg(a::text, '') FROM arrival a")
    assert number not in kept


async def test_credit_that_is_taken_is_entered_once_with_its_number(
    db: Connection, city: City, province: Person, resources: Resources
) -> None:
    await make_pack(db, city.city)
    row = await hand_in(db, city, province, resources, teacher_id=city.teacher["id"])
    waiting = await list_tasks(db, city.county_admin.actor, page=PageRequest(), now=NOW)
    assert [each["kind"] for each in waiting.items] == [TaskKind.ARRIVAL_TO_SETTLE]
    about = {"arrival_id": row["id"], "decision": TAKE, "now": NOW}
    taken = await settle_arrival(db, city.county_admin.actor, **about)
    assert (taken["state"], taken["transfer_id"] is not None) == ("taken", True)
    [entered] = await db._driver.fetch("SELECT kind, level, hours, credits FROM credit_entry")
    assert (entered["kind"], entered["level"]) == ("transfer_in", "province")
    assert (str(entered["hours"]), str(entered["credits"])) == ("16.00", "4.00")
    with pytest.raises(ArrivalSettled):
        await settle_arrival(db, city.county_admin.actor, **about)
    assert await db._driver.fetchval("SELECT count(*) FROM credit_entry") == 1


async def test_what_matches_nobody_waits_at_the_city_until_somebody_is_named(
    db: Connection, city: City, province: Person, resources: Resources
) -> None:
    await make_pack(db, city.city)
    row = await hand_in(db, city, province, resources)
    page = await list_arrivals(db, city.city_admin.actor, page=PageRequest(), matched=False)
    assert [each["id"] for each in page.items] == [row["id"]]
    about = {"arrival_id": row["id"], "now": NOW}
    with pytest.raises(ArrivalOfNobody):
        await settle_arrival(db, city.city_admin.actor, decision=TAKE, **about)
    named = TAKE.model_copy(update={"teacher_id": city.far_teacher["id"]})
    taken = await settle_arrival(db, city.city_admin.actor, decision=named, **about)
    assert taken["teacher_id"] == city.far_teacher["id"]
    # From now on it lies with the person's bureau.
    shown = await get_arrival(db, city.other_county_admin.actor, arrival_id=row["id"])
    assert shown["state"] == "taken"


async def test_a_roster_line_that_says_what_we_know_waits_for_nobody(
    db: Connection, city: City, province: Person, resources: Resources
) -> None:
    roster = {
        "kind": "roster", "title": None, "earned_on": None, "hours": None, "credits": None,
        "teacher_id": city.teacher["id"],
    }  # fmt: skip
    agreeing = await hand_in(db, city, province, resources, **roster)
    assert agreeing["state"] == "taken"
    other = {**roster, "number": "S-2", "name": "测试乙"}
    differing = await hand_in(db, city, province, resources, **other)
    assert differing["state"] == "waiting"


async def test_what_is_fetched_is_taken_in_once(
    db: Connection, city: City, resources: Resources
) -> None:
    new = [(n, told(city, number=f"S-{n}")) for n in (1, 2, 2)]
    given: dict[str, Any] = {"arrivals": new, "cipher": resources.cipher, "now": NOW}
    assert await take_in_arrivals(db, **given) == 2
    assert await take_in_arrivals(db, **given) == 0
    assert await arrivals_reached(db, city_id=city.city["id"]) == 2
    assert await cities_told(db) == [city.city["id"]]


@pytest.mark.parametrize(
    ("who", "more", "refusal"),
    [
        ("city_admin", {}, NotAllowed),
        ("integration", {}, NotAllowed),
        ("province", {"city_id": "county"}, ArrivalNeedsCity),
        ("province", {"number": "known"}, ArrivalKnown),
    ],
)
async def test_who_may_not_and_what_cannot_be(
    db: Connection, city: City, province: Person, resources: Resources, who: str,
    more: dict[str, Any], refusal: type[DomainError],
) -> None:  # fmt: skip
    await make_arrival(db, city, number="known")
    by = province if who == "province" else getattr(city, who)
    more = {**more, "city_id": city.county["id"]} if "city_id" in more else more
    with pytest.raises(refusal):
        async with db.transaction():
            await hand_in(db, city, by, resources, **more)
    assert await db._driver.fetchval("SELECT count(*) FROM arrival") == 1


def test_credit_is_whole(city: City) -> None:
    with pytest.raises(ValidationError, match="Credit has a title"):
        told(city, hours=None)


async def test_nobody_settles_what_is_their_own(db: Connection, city: City) -> None:
    row = await make_arrival(db, city, teacher=city.teacher, earned_on=date(2026, 9, 10))
    herself = replace(city.county_admin.actor, teacher_id=city.teacher["id"])
    about = {"arrival_id": row["id"], "decision": TAKE, "now": NOW}
    with pytest.raises(ArrivalOfOneself):
        await settle_arrival(db, herself, **about)
    with pytest.raises(NotAllowed):
        await settle_arrival(db, city.auditor.actor, **about)
    shown = await get_arrival(db, city.auditor.actor, arrival_id=row["id"])
    assert shown["state"] == "waiting"


async def test_it_stays_with_the_city_that_was_told(
    db: Connection, city: City, province: Person, resources: Resources
) -> None:
    """Else the other city would count it as fetched, and this one fetch it again."""
    other = await make_city(db, resources.cipher)
    row = await hand_in(db, city, province, resources)
    own, there = city.city_admin.actor, other.city_admin.actor
    both = replace(own, grants=(*own.grants, *there.grants))
    decision = ArrivalDecision(take=False, teacher_id=other.teacher["id"], opinion="不是本市的")
    with pytest.raises(DomainError) as refused:
        await settle_arrival(db, both, arrival_id=row["id"], decision=decision, now=NOW)
    assert refused.value.code == "teacher_not_found"

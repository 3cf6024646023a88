"""Forecasts: the present course to the cycle's end, and the cheapest of what is on offer."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from app.domain.credits.forecasts import Method, get_forecast
from app.domain.credits.forecasts.planning import Ahead, Outlook, gap
from app.domain.credits.packs import PackDocument
from app.domain.credits.rules import Entry, Facts, Pack, compile_pack
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import ActivityState
from app.domain.training.enrolments import NewPlaces, enrol_oneself, set_places
from app.sql import Connection, Row
from tests.domain.credits.histories import NOBODY, YUEYANG, entry, ledgers, packs, people, stated
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import NOW, City, make_activity

TITLE = {"zh": "要求", "en": "requirement"}


def asking(**amounts: str) -> Pack:
    """A pack that asks so much of each content in the cycle, at most 40 of it in school."""
    content = YUEYANG.document.model_dump(mode="json", exclude_defaults=True)
    content["caps"][0]["maximum"] = stated("40.00")
    content["requirements"] = [
        {
            "id": name, "title": TITLE, "of": {"content": [name]}, "window": "cycle",
            "at_least": stated(amount),
        }
        for name, amount in amounts.items()
    ]  # fmt: skip
    content.pop("purposes")
    return compile_pack(PackDocument.model_validate(content))


def offer(number: int, hours: str, *content: str, level: str = "county", on: str) -> Ahead:
    brought = entry(number, hours, on=on, level=level, content=content)
    return Ahead(Decimal(hours), brought)


def test_the_exact_plan_is_the_cheapest_under_the_caps() -> None:
    """By hand: ethics lacks 20 and teaching 30; what the school offers shares the 10 left of its 40.

    The school's 20 hours of both would close ethics by 10 and teaching by 10 alone. The county's
    30 of both close all at 30 hours; 20 and 30 apart would take 50.
    """
    pack = asking(ethics="20.00", teaching="30.00")
    entries = [entry(1, "30.00")]
    outlook = Outlook(NOBODY, entries, pack, pack.cycle_of(date(2014, 9, 1)))
    offers = [
        offer(101, "20.00", "ethics", "teaching", level="school", on="2015-03-01"),
        offer(102, "20.00", "ethics", on="2015-04-01"),
        offer(103, "30.00", "teaching", on="2015-05-01"),
        offer(104, "30.00", "ethics", "teaching", on="2015-06-01"),
        offer(105, "99.00", "research", on="2015-07-01"),
    ]
    plan = outlook.plan([], offers)
    assert (plan.method, [each.id.int for each in plan.chosen]) == (Method.EXACT, [104])
    assert gap(plan.standing) == 0
    # Who has a place in the county's course already lacks nothing.
    assert outlook.plan([offers[3]], offers).method is Method.NOTHING_MISSING
    assert outlook.plan([], offers[4:]).method is Method.NOTHING_HELPS
    part = outlook.plan([], offers[:1])
    assert (part.method, gap(part.standing)) == (Method.EXACT, Decimal(30))


def test_of_many_offers_a_good_choice_is_found_and_nothing_needless_in_it() -> None:
    pack = asking(ethics="20.00")
    outlook = Outlook(NOBODY, [], pack, pack.cycle_of(date(2014, 9, 1)))
    offers = [offer(100 + n, f"{n}.00", "ethics", on="2015-03-01") for n in range(1, 13)]
    plan = outlook.plan([], offers)
    assert plan.method is Method.GREEDY
    assert gap(plan.standing) == 0
    for each in plan.chosen:
        assert gap(outlook.standing([one for one in plan.chosen if one is not each])) > 0


@given(people(), ledgers(), packs(), ledgers())
@settings(max_examples=25, deadline=None)
def test_no_choice_is_better_than_the_exact_plan(
    facts: Facts, entries: list[Entry], document: dict[str, Any], more: list[Entry]
) -> None:
    pack = compile_pack(PackDocument.model_validate(document))
    offers = [
        Ahead(each.hours, replace(each, id=UUID(int=1000 + each.sequence)))
        for each in more
        if each.kind != "reverse" and each.hours
    ][:5]
    outlook = Outlook(facts, entries, pack, pack.cycle_of(date(2024, 3, 31)))
    plan = outlook.plan([], offers)

    def cost(chosen: Sequence[Ahead]) -> tuple[Decimal, Decimal]:
        hours = sum((each.hours for each in chosen), Decimal(0))
        return gap(outlook.standing(chosen)), hours

    every = [c for n in range(len(offers) + 1) for c in combinations(offers, n)]
    assert cost(plan.chosen) == min(map(cost, every))
    assert all(outlook.gap(chosen) == gap(outlook.standing(chosen)) for chosen in every)


async def offered(db: Connection, city: City, hours: str, days: int, **more: Any) -> Row:
    row: dict[str, Any] = {"content": ["ethics"], "hours": Decimal(hours), "sessions": 0} | more
    return await make_activity(
        db, city.county, city.county_admin, begins=NOW + timedelta(days=days), **row
    )


async def test_a_forecast_goes_by_what_is_earned_and_enrolled(db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    await make_recognised(db, city.county, city.county_admin, [city.teacher], hours="5.00")
    actor, teacher_id = city.teacher_account.actor, city.teacher["id"]
    enrolled = await offered(db, city, "6.00", 10)
    await enrol_oneself(db, actor, activity_id=enrolled["id"], now=NOW)
    cheap = await offered(db, city, "9.00", 20)
    await offered(db, city, "8.00", 30, state=ActivityState.DRAFT)
    await make_activity(db, city.sibling, city.sibling_admin, begins=NOW + timedelta(days=5))
    full = await offered(db, city, "9.50", 40, capacity=1)
    await enrol_oneself(db, city.colleague_account.actor, activity_id=full["id"], now=NOW)
    alone = await offered(db, city, "9.50", 50)
    new = NewPlaces(capacity=None, by_nomination=True)
    await set_places(db, city.county_admin.actor, activity_id=alone["id"], new=new, now=NOW)
    before = db.statements
    told = await get_forecast(db, actor, teacher_id=teacher_id, now=NOW)
    assert db.statements - before == 6
    assert [(each["activity_id"], each["counted"]) for each in told["enrolled"]] == [
        (enrolled["id"], 6)
    ]
    ethics = next(each for each in told["requirements"] if each["id"] == "ethics")
    # Five earned and six to come of twenty; the one on offer with a free place brings nine.
    assert [ethics[name] for name in ("counted_now", "counted_then", "missing_then")] == [5, 11, 9]
    assert (ethics["missing_with_plan"], ethics["will_be_met"]) == (0, False)
    assert (told["offered"], told["more_offered"]) == (1, False)
    plan = told["plan"]
    assert (plan["method"], plan["hours"], plan["complete"]) == ("exact", 9, False)
    assert [each["activity_id"] for each in plan["activities"]] == [cheap["id"]]
    with pytest.raises(TeacherNotFound):
        await get_forecast(db, city.colleague_account.actor, teacher_id=teacher_id, now=NOW)

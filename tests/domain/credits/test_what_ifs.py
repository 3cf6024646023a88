import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from app.database.pool import Pool
from app.domain.credits.entries.table import CreditChain, CreditEntry
from app.domain.credits.packs import PackRefused
from app.domain.credits.packs.published import RulePack, RulePackNotFound
from app.domain.credits.rules import Verdict
from app.domain.credits.standings import NoRulePack, SchoolCredit, Standing, get_standing
from app.domain.credits.what_ifs import (
    NewWhatIf,
    WhatIf,
    WhatIfChange,
    WhatIfGrouping,
    cancel_what_if,
    count_next_people,
    counting,
    get_what_if,
    list_what_if_groups,
    list_what_if_people,
    list_what_ifs,
    open_question,
    request_what_if,
    tidy_what_ifs,
)
from app.domain.credits.what_ifs.asking import (
    MOST_A_DAY,
    MOST_OPEN,
    TooManyWhatIfs,
    WhatIfNeedsBureau,
    WhatIfsOfUnitUsedUp,
)
from app.domain.credits.what_ifs.counting import change_of
from app.domain.credits.what_ifs.what_if import KEPT, WhatIfNotFound
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.progress import WorkOver, begin_work
from app.jobs import JOBS
from app.jobs.what_ifs import count_what_if
from app.request import Resources
from app.sql import Connection, Row, Statement
from tests.conftest import SharedPool
from tests.domain.credits.making import make_pack, make_recognised, open_ended
from tests.make import NOW, City, make_city
from tests.make_what_ifs import (
    ask,
    asking_for,
    count_all,
    pack_asking_for,
    refinement_asking_for,
)

PAGE = PageRequest(limit=100)


_TABLES: tuple[Any, ...] = (CreditEntry, CreditChain, Standing, SchoolCredit, RulePack)
_COUNTED = [
    Statement(select(each.__table__).order_by(*each.__table__.primary_key)) for each in _TABLES
]


@pytest.fixture
async def ruled(db: Connection, city: City) -> City:
    """A city whose pack asks for 1.00; the teachers of `school` have more, nobody else has anything."""
    await make_pack(db, city.city, pack_asking_for("1.00"))
    await make_recognised(db, city.school, city.county_admin, [city.teacher, city.colleague])
    return city


async def begin(db: Connection, what_if: Row) -> Row:
    await begin_work(db, WhatIf, row_id=what_if["id"], now=NOW)
    return what_if


async def answered(db: Connection, city: City, document: dict[str, Any]) -> Row:
    row = await begin(db, await ask(db, city.city, city.city_admin, document))
    await count_all(db, row)
    return row


async def sums(db: Connection, city: City, row: Row, by: str = "all") -> dict[Any, tuple[int, ...]]:
    """Teachers, satisfied before and after, gained, fell; by the group."""
    groups = await list_what_if_groups(
        db, city.city_admin.actor, what_if_id=row["id"], by=WhatIfGrouping(by)
    )
    names = ("teachers", "satisfied_before", "satisfied_after", "gained", "fell")
    return {each["group"]: tuple(each[name] for name in names) for each in groups}


async def test_who_falls_below_and_who_gains(db: Connection, ruled: City) -> None:
    stricter = await answered(db, ruled, asking_for("999.00"))
    assert await sums(db, ruled, stricter) == {None: (5, 2, 0, 0, 2)}
    nothing = await answered(db, ruled, asking_for("0.00"))
    assert await sums(db, ruled, nothing) == {None: (5, 2, 5, 3, 0)}
    same = await answered(db, ruled, asking_for("1.00"))
    assert await sums(db, ruled, same) == {None: (5, 2, 2, 0, 0)}


async def test_it_is_told_by_county_school_rank_and_age(db: Connection, ruled: City) -> None:
    row = await answered(db, ruled, asking_for("999.00"))
    assert await sums(db, ruled, row, "county") == {
        str(ruled.county["id"]): (3, 2, 0, 0, 2),
        str(ruled.other_county["id"]): (1, 0, 0, 0, 0),
        str(ruled.city["id"]): (1, 0, 0, 0, 0),
    }
    by_school = await sums(db, ruled, row, "school")
    assert by_school[str(ruled.school["id"])] == (2, 2, 0, 0, 2)
    assert len(by_school) == 4
    for by in ("rank", "age"):
        groups = await sums(db, ruled, row, by)
        assert [sum(each) for each in zip(*groups.values(), strict=True)] == [5, 2, 0, 0, 2]
    assert set(await sums(db, ruled, row, "age")) <= {"under_35", "35_44", "45_54", "55_and_over"}


async def test_a_cap_for_certain_persons_is_counted_for_each(db: Connection, ruled: City) -> None:
    [cap, *_] = open_ended().model_dump(mode="json", exclude_defaults=True)["caps"]
    of_all = cap | {"of": {"level": ["school"]}, "maximum": cap["maximum"] | {"value": "0.50"}}
    nobodys = of_all | {"who": {"ranks": ["principal_senior"]}}
    for caps, fell in (([of_all], 2), ([nobodys], 0)):
        row = await answered(db, ruled, asking_for("1.00", caps=caps))
        assert (await sums(db, ruled, row))[None][4] == fell


async def test_each_verdict_is_that_of_the_standing(db: Connection, ruled: City) -> None:
    """The side of today is what everybody is told of the person."""
    row = await answered(db, ruled, asking_for("999.00"))
    people = await list_what_if_people(db, ruled.city_admin.actor, what_if_id=row["id"], page=PAGE)
    assert len(people.items) == 5
    for each in people.items:
        told = await get_standing(
            db, ruled.city_admin.actor, teacher_id=each["teacher_id"], now=NOW
        )
        assert each["verdict_before"] == told["verdict"]
        assert each["credits_before"] == each["credits_after"] == told["counted_credits"]
        assert each["missing_after"] == Decimal("999.00") - told["counted_credits"]


async def test_people_have_masked_names_and_are_those_whom_one_may_know(
    db: Connection, ruled: City
) -> None:
    row = await answered(db, ruled, asking_for("999.00"))
    fell = await list_what_if_people(
        db, ruled.city_admin.actor, what_if_id=row["id"], page=PAGE, change=WhatIfChange.FELL
    )
    assert {each["teacher_id"] for each in fell.items} == {
        ruled.teacher["id"], ruled.colleague["id"],
    }  # fmt: skip
    assert all(each["name"].count("*") == len(each["name"]) - 1 for each in fell.items)
    for person in (ruled.county_admin, ruled.auditor, ruled.school_admin):
        with pytest.raises((WhatIfNotFound, NotAllowed)):
            await list_what_if_people(db, person.actor, what_if_id=row["id"], page=PAGE)


async def test_a_county_tries_its_own_numbers_on_its_own_teachers(
    db: Connection, ruled: City
) -> None:
    asked = await ask(db, ruled.county, ruled.county_admin, refinement_asking_for("999.00"))
    await begin(db, asked)
    await count_all(db, asked)
    assert await sums(db, ruled, asked) == {None: (3, 2, 0, 0, 2)}
    mine = await list_what_ifs(db, ruled.county_admin.actor, page=PAGE)
    assert [each["id"] for each in mine.items] == [asked["id"]]
    with pytest.raises(WhatIfNotFound):
        await get_what_if(db, ruled.other_county_admin.actor, what_if_id=asked["id"])


async def test_it_changes_nothing_that_counts(db: Connection, ruled: City) -> None:
    async def content() -> list[Any]:
        return [await db.all(each) for each in _COUNTED]

    before = await content()
    await answered(db, ruled, asking_for("999.00"))
    assert await content() == before


async def test_the_same_question_is_answered_from_its_answer(db: Connection, ruled: City) -> None:
    first = await answered(db, ruled, asking_for("999.00"))
    again = await ask(db, ruled.city, ruled.city_admin, asking_for("999.00"))
    assert (again["id"], again["done"]) == (first["id"], 5)
    other = await ask(db, ruled.city, ruled.city_admin, asking_for("998.00"))
    assert other["id"] != first["id"]
    await make_recognised(db, ruled.sibling, ruled.county_admin, [ruled.sibling_teacher])
    anew = await ask(db, ruled.city, ruled.city_admin, asking_for("999.00"))
    assert (anew["state"], anew["id"] != first["id"]) == ("waiting", True)


async def test_a_cancelled_question_is_asked_anew(db: Connection, ruled: City) -> None:
    first = await ask(db, ruled.city, ruled.city_admin, asking_for("2.00"))
    cancelled = await cancel_what_if(db, ruled.city_admin.actor, what_if_id=first["id"], now=NOW)
    assert (cancelled["state"], cancelled["finished_at"]) == ("cancelled", NOW)
    with pytest.raises(WorkOver):
        await cancel_what_if(db, ruled.city_admin.actor, what_if_id=first["id"], now=NOW)
    with pytest.raises(WorkOver):
        await count_all(db, first)
    again = await ask(db, ruled.city, ruled.city_admin, asking_for("2.00"))
    assert again["id"] != first["id"]


async def test_it_goes_on_after_the_last_part(
    db: Connection, ruled: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "AT_ONCE", 2)
    row = await begin(db, await ask(db, ruled.city, ruled.city_admin, asking_for("999.00")))
    question = await open_question(db, what_if_id=row["id"])
    assert question is not None
    before = db.statements
    assert await count_next_people(db, question=question)
    assert db.statements - before == 5
    half = await get_what_if(db, ruled.city_admin.actor, what_if_id=row["id"])
    assert (half["done"], half["total"]) == (2, 5)
    assert await count_all(db, row) == 2
    assert (await sums(db, ruled, row))[None] == (5, 2, 0, 0, 2)


async def test_the_job_answers_it(
    db: Connection, ruled: City, resources: Resources, pool: SharedPool
) -> None:
    row = await begin(db, await ask(db, ruled.city, ruled.city_admin, asking_for("999.00")))
    queued = Statement(text("SELECT entrypoint, payload FROM pgqueuer"))
    [job] = await db.all(queued)
    assert (job["payload"], JOBS[job["entrypoint"]].do) == (row["id"].bytes, count_what_if)
    await count_what_if(replace(resources, pool=pool), row["id"])
    assert (await sums(db, ruled, row))[None][0] == 5


async def test_it_is_refused_as_its_publication_would_be(db: Connection, ruled: City) -> None:
    draft = asking_for("2.00")
    for person in (ruled.county_admin, ruled.school_admin, ruled.auditor, ruled.teacher_account):
        with pytest.raises(NotAllowed):
            await ask(db, ruled.city, person, draft)
    with pytest.raises(UnitNotFound):
        await ask(db, ruled.county, ruled.other_county_admin, refinement_asking_for("2.00"))
    with pytest.raises(WhatIfNeedsBureau):
        await ask(db, ruled.school, ruled.city_admin, draft)
    with pytest.raises(PackRefused):
        await ask(db, ruled.city, ruled.city_admin, draft | {"unit": "minutes"})
    with pytest.raises(PackRefused) as lowered:
        await ask(db, ruled.county, ruled.county_admin, refinement_asking_for("0.50"))
    assert [each.code for each in lowered.value.problems] == ["number_lowered"]
    unknown = refinement_asking_for("2.00") | {"refines": {"id": "no-such-pack", "version": 1}}
    with pytest.raises(RulePackNotFound):
        await ask(db, ruled.county, ruled.county_admin, unknown)
    assert (await list_what_ifs(db, ruled.city_admin.actor, page=PAGE)).items == []


async def test_without_rules_in_force_there_is_nothing_to_compare(
    db: Connection, city: City
) -> None:
    new = NewWhatIf(unit_id=city.city["id"], document=asking_for("2.00"))
    with pytest.raises(NoRulePack):
        await request_what_if(db, city.city_admin.actor, new=new, now=NOW)


async def test_it_is_forgotten_with_its_answer_after_a_week(db: Connection, ruled: City) -> None:
    row = await answered(db, ruled, asking_for("999.00"))
    people = Statement(text("SELECT count(*) FROM what_if_person"))
    await tidy_what_ifs(db, now=NOW + KEPT)
    assert await db.value(people) == 5
    await tidy_what_ifs(db, now=NOW + KEPT + timedelta(seconds=1))
    assert await db.value(people) == 0
    with pytest.raises(WhatIfNotFound):
        await get_what_if(db, ruled.city_admin.actor, what_if_id=row["id"])
    assert await open_question(db, what_if_id=row["id"]) is None


async def test_it_is_forgotten_in_slices(db: Connection, ruled: City) -> None:
    """Five people, two with each statement: three of them, and one for the question."""
    await answered(db, ruled, asking_for("999.00"))
    before = db.statements
    await tidy_what_ifs(db, now=NOW + KEPT + timedelta(seconds=1), at_most=2)
    assert db.statements - before == 4
    kept = Statement(text("SELECT (SELECT count(*) FROM what_if_person) + count(*) FROM what_if"))
    assert await db.value(kept) == 0


async def test_an_account_has_so_many_answered_at_a_time(db: Connection, ruled: City) -> None:
    """The same question again is none more; what is answered or taken back leaves its place."""
    rows = [
        await ask(db, ruled.city, ruled.city_admin, asking_for(f"{number}.00"))
        for number in range(1, MOST_OPEN + 1)
    ]
    again = await ask(db, ruled.city, ruled.city_admin, asking_for("1.00"))
    assert again["id"] == rows[0]["id"]
    with pytest.raises(TooManyWhatIfs):
        await ask(db, ruled.city, ruled.city_admin, asking_for("99.00"))
    refined = refinement_asking_for("7.00")
    assert (await ask(db, ruled.county, ruled.county_admin, refined))["state"] == "waiting"
    actor = ruled.city_admin.actor
    await cancel_what_if(db, actor, what_if_id=rows[0]["id"], now=NOW)
    assert (await ask(db, ruled.city, ruled.city_admin, asking_for("99.00")))["state"] == "waiting"


async def test_a_bureau_has_so_many_a_day_whoever_asks(db: Connection, ruled: City) -> None:
    by = ruled.city_admin
    for number in range(1, MOST_A_DAY + 1):
        row = await ask(db, ruled.city, by, asking_for(f"{number}.00"))
        await cancel_what_if(db, by.actor, what_if_id=row["id"], now=NOW)
    with pytest.raises(WhatIfsOfUnitUsedUp):
        await ask(db, ruled.city, by, asking_for("99.00"))
    assert (await ask(db, ruled.county, by, refinement_asking_for("7.00")))["state"] == "waiting"
    new = NewWhatIf(unit_id=ruled.city["id"], document=asking_for("99.00"))
    later = NOW + timedelta(days=1)
    assert (await request_what_if(db, by.actor, new=new, now=later))["state"] == "waiting"


async def test_of_racing_questions_no_more_than_the_quota_are_taken(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_pack(db, city.city, pack_asking_for("1.00"))

    async def request(number: int) -> str:
        try:
            async with real_pool.transaction() as db:
                await ask(db, city.city, city.city_admin, asking_for(f"{number}.00"))
        except DomainError as refused:
            return refused.code
        return "asked"

    told = await asyncio.gather(*(request(number) for number in range(1, MOST_OPEN + 3)))
    assert sorted(told) == ["asked"] * MOST_OPEN + ["what_if_limit"] * 2


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("met", "met", "same"),
        ("met", "waived", "same"),
        ("open", "missed", "same"),
        ("open", "met", "gained"),
        ("missed", "waived", "gained"),
        ("met", "open", "fell"),
        ("waived", "missed", "fell"),
        ("undecided", "undecided", "same"),
        ("undecided", "met", "unclear"),
        ("met", "undecided", "unclear"),
    ],
)
def test_what_it_means_that_a_verdict_is_another(before: str, after: str, change: str) -> None:
    assert change_of(Verdict(before), Verdict(after)) == change

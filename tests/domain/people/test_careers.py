import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.facts import FactEnded, FactNotLater
from app.domain.organisation.units import Level, UnitClosed, UnitNotFound
from app.domain.people.careers import (
    FactEnd,
    FactWithdrawal,
    NewRank,
    Rank,
    RankNotLater,
    careers_of,
    end_fact,
    get_career,
    list_facts,
    record_fact,
    withdraw_fact,
)
from app.domain.people.facts.engagement import (
    EMPLOYMENT,
    ESTABLISHMENT,
    PLACE,
    STATE,
    EmploymentByTransfer,
    PlaceOverlaps,
    StateOverlaps,
    TwoRelations,
)
from app.domain.people.facts.fact import (
    FactBeforeBirth,
    FactEndsBeforeItBegins,
    FactKind,
    FactNotFound,
    FactTooFarAhead,
)
from app.domain.people.facts.kinds import KINDS
from app.domain.people.facts.merits import EDUCATION, GROWTH_RESULT, HONOUR, HonourOverlaps
from app.domain.people.facts.posts import POST, PostOverlaps
from app.domain.people.facts.qualifications import QUALIFICATION, REGISTRATION
from app.domain.people.facts.ranks import (
    RANK,
    RankNameAmbiguous,
    RankNameUnknown,
    RankOverlaps,
)
from app.domain.people.teachers import NotASchool, TeacherNotFound, get_teacher
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, make_city, make_fact, make_unit

BEGUN = date(2020, 9, 1)
"""The day on which the facts of `make_teacher` begin."""

TABLES = [kind.table.__tablename__ for kind in KINDS.values()]


class Career:
    """The career of the city's teacher, as its school administrates it."""

    def __init__(self, db: Connection, city: City, driver: asyncpg.Connection) -> None:
        self.db, self.city, self.driver = db, city, driver
        self.teacher_id = city.teacher["id"]
        self.actor = city.school_admin.actor

    async def record(self, kind: FactKind, now: datetime = NOW, /, **fields: Any) -> Row:
        who = fields.pop("actor", self.actor)
        new = kind.new.model_validate(fields)
        return await record_fact(
            self.db, who, kind=kind, teacher_id=self.teacher_id, new=new, now=now
        )

    async def end(self, fact: Row, day: date, now: datetime = NOW) -> Row:
        return await end_fact(
            self.db, self.actor, teacher_id=self.teacher_id, fact_id=fact["id"],
            end=FactEnd(valid_to=day), now=now,
        )  # fmt: skip

    async def withdraw(self, fact: Row, now: datetime = NOW) -> Row:
        return await withdraw_fact(
            self.db, self.actor, teacher_id=self.teacher_id, fact_id=fact["id"],
            withdrawal=FactWithdrawal(reason="登记有误"), now=now,
        )  # fmt: skip

    async def told(self, kind: FactKind, **when: date) -> list[Row]:
        return await list_facts(self.db, self.actor, kind=kind, teacher_id=self.teacher_id, **when)

    async def spans(self, kind: FactKind, column: str, **when: date) -> list[tuple[Any, ...]]:
        return [
            (row[column], row["valid_from"], row["valid_to"])
            for row in await self.told(kind, **when)
        ]

    async def state(self) -> list[Any]:
        return [
            await self.driver.fetch(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608
            for table in (*TABLES, "teacher")
        ]


@pytest.fixture
def career(db: Connection, city: City, driver: asyncpg.Connection) -> Career:
    return Career(db, city, driver)


FIRST, SECOND = Rank.FIRST_GRADE, Rank.SENIOR
AUTUMN = date(2026, 9, 1)
LATER = NOW + timedelta(days=1)


async def test_a_new_rank_ends_the_former_on_its_first_day(career: Career) -> None:
    await career.record(RANK, rank=SECOND, valid_from=AUTUMN)
    assert await career.spans(RANK, "rank") == [(FIRST, BEGUN, AUTUMN), (SECOND, AUTUMN, None)]
    for day, rank in (
        (BEGUN - timedelta(days=1), None), (BEGUN, FIRST), (AUTUMN - timedelta(days=1), FIRST),
        (AUTUMN, SECOND), (date(2099, 1, 1), SECOND),
    ):  # fmt: skip
        held = [row["rank"] for row in await career.told(RANK, as_of=day)]
        assert held == ([rank] if rank else [])
        shown = await get_teacher(career.db, career.actor, teacher_id=career.teacher_id, as_of=day)
        assert shown["rank"] == rank
        assert shown["posts"] == (["teacher"] if rank else [])


async def test_a_correction_is_believed_from_now_on_and_what_was_believed_stays_known(
    career: Career,
) -> None:
    senior = await career.record(RANK, rank=SECOND, valid_from=AUTUMN)
    december = date(2026, 12, 1)
    corrected = await career.record(
        RANK, LATER, rank=SECOND, valid_from=december, corrects=senior["id"], reason="聘期有误"
    )
    assert corrected["id"] != senior["id"]
    now_known = [(FIRST, BEGUN, december), (SECOND, december, None)]
    assert await career.spans(RANK, "rank") == now_known
    known_then = [(FIRST, BEGUN, AUTUMN), (SECOND, AUTUMN, None)]
    assert await career.spans(RANK, "rank", known_on=NOW.date()) == known_then
    assert await career.spans(RANK, "rank", known_on=LATER.date()) == now_known
    assert await career.spans(RANK, "rank", as_of=date(2026, 10, 1), known_on=NOW.date()) == [
        (SECOND, AUTUMN, None)
    ]
    assert await career.spans(RANK, "rank", as_of=date(2026, 10, 1)) == [(FIRST, BEGUN, december)]
    teacher = {"teacher_id": career.teacher_id, "as_of": date(2026, 10, 1)}
    now = await get_teacher(career.db, career.actor, **teacher)
    then = await get_teacher(career.db, career.actor, **teacher, known_on=NOW.date())
    assert (now["rank"], then["rank"]) == (FIRST, SECOND)
    reasons = await career.driver.fetch(
        "SELECT superseded_because FROM teacher_rank WHERE superseded_at = $1", LATER
    )
    assert {row[0] for row in reasons} == {"聘期有误"}


async def test_a_wrong_value_in_the_past_is_corrected_in_its_place(career: Career) -> None:
    await career.record(RANK, rank=SECOND, valid_from=AUTUMN)
    [wrong, _] = await career.told(RANK)
    await career.record(
        RANK, rank="second_grade", valid_from=BEGUN, valid_to=AUTUMN, corrects=wrong["id"],
        reason="级别有误",
    )  # fmt: skip
    assert await career.spans(RANK, "rank") == [
        (Rank.SECOND_GRADE, BEGUN, AUTUMN), (SECOND, AUTUMN, None),
    ]  # fmt: skip


async def test_a_withdrawn_fact_never_was_and_was_believed(career: Career) -> None:
    honour = await career.record(
        HONOUR, honour="chief_teacher", level="county", issuer="甲县教育局", valid_from=AUTUMN
    )
    withdrawn = await career.withdraw(honour, LATER)
    assert (withdrawn["kind"], withdrawn["id"]) == ("honour", honour["id"])
    assert await career.told(HONOUR) == []
    assert [row["id"] for row in await career.told(HONOUR, known_on=NOW.date())] == [honour["id"]]
    with pytest.raises(FactNotFound):
        await career.withdraw(honour, LATER)


async def test_an_experimental_teacher_is_one_for_a_term(career: Career) -> None:
    """實驗教師 as a designation of a person, with who named it and its end: R190."""
    fact = await career.record(
        HONOUR, honour="experimental_teacher", level="city", issuer="市教育局", valid_from=AUTUMN,
        title="选派实验教师",
    )  # fmt: skip
    assert (fact["honour"], fact["title"]) == ("experimental_teacher", "选派实验教师")


async def test_what_a_withdrawn_fact_had_ended_goes_on(career: Career) -> None:
    before = await career.spans(RANK, "rank")
    rank = await career.record(RANK, rank=SECOND, valid_from=AUTUMN)
    assert len(await career.spans(RANK, "rank")) == 2
    await career.withdraw(rank, LATER)
    assert await career.spans(RANK, "rank") == before
    assert len(await career.spans(RANK, "rank", known_on=NOW.date())) == 2


async def test_an_ended_fact_held_until_then(career: Career) -> None:
    place = await career.record(
        PLACE, actor=career.city.county_admin.actor, school_id=career.city.sibling["id"],
        kind="rotation", valid_from=AUTUMN,
    )  # fmt: skip
    end = date(2027, 9, 1)
    ended = await career.end(place, end)
    assert (ended["kind"], ended["valid_from"], ended["valid_to"]) == ("service_place", AUTUMN, end)
    assert await career.spans(PLACE, "kind") == [("rotation", AUTUMN, end)]
    assert await career.told(PLACE, as_of=end) == []
    with pytest.raises(FactNotFound):
        await career.end(place, end)
    with pytest.raises(FactEnded):
        await career.end(ended, end)


async def test_a_study_in_progress_ends_when_it_is_finished(career: Career) -> None:
    study = {"level": "master", "institution": "测试师范大学", "major": "教育学"}
    await career.record(EDUCATION, **study, study="in_progress", valid_from=date(2022, 9, 1))
    await career.record(EDUCATION, **study, study="graduated", valid_from=date(2025, 6, 30))
    bachelor = {"level": "bachelor", "institution": "测试师范大学"}
    await career.record(EDUCATION, **bachelor, study="graduated", valid_from=date(2010, 6, 30))
    assert await career.spans(EDUCATION, "study") == [
        ("graduated", date(2010, 6, 30), None),
        ("in_progress", date(2022, 9, 1), date(2025, 6, 30)),
        ("graduated", date(2025, 6, 30), None),
    ]


async def test_the_whole_career_is_told_at_once_and_for_many(career: Career, city: City) -> None:
    await make_fact(career.db, city.colleague, STATE, state="off_post")
    own = {"teacher_id": career.teacher_id}
    before = career.db.statements
    whole = await get_career(career.db, career.actor, **own)
    assert career.db.statements - before == 1 + len(KINDS)
    assert [each["rank"] for each in whole["ranks"]] == [FIRST]
    assert [each["school_id"] for each in whole["employments"]] == [city.school["id"]]
    assert whole["honours"] == []
    before = career.db.statements
    ids = [career.teacher_id, city.colleague["id"], city.sibling_teacher["id"]]
    many = await careers_of(
        career.db,
        career.actor,
        teacher_ids=ids,
        columns=frozenset({"service_states", "ranks.rank"}),
    )
    assert career.db.statements - before == 3
    told = [each and [fact["state"] for fact in each["service_states"]] for each in many.values()]
    assert told == [[], ["off_post"], None]


@pytest.mark.parametrize(
    ("kind", "fields", "refusal"),
    [
        (RANK, {"rank": SECOND, "valid_from": BEGUN}, RankNotLater),
        (RANK, {"rank": SECOND, "valid_from": date(1988, 3, 6)}, FactBeforeBirth),
        (RANK, {"rank": SECOND, "valid_from": AUTUMN, "valid_to": AUTUMN}, FactEndsBeforeItBegins),
        (RANK, {"rank": SECOND, "valid_from": date(2019, 1, 1), "valid_to": AUTUMN}, RankOverlaps),
        (RANK, {"former_name": "初级", "valid_from": AUTUMN}, RankNameAmbiguous),
        (RANK, {"former_name": "特级", "valid_from": AUTUMN}, RankNameUnknown),
        (RANK, {"rank": SECOND, "valid_from": date(9999, 12, 31)}, FactTooFarAhead),
        (POST, {"post": "teacher", "valid_from": AUTUMN}, PostOverlaps),
        (
            POST,
            {"post": "trainer", "valid_from": AUTUMN, "valid_to": BEGUN},
            FactEndsBeforeItBegins,
        ),
        (STATE, {"state": "retired", "valid_from": BEGUN}, FactNotLater),
        (
            STATE,
            {"state": "seconded", "valid_from": date(2019, 1, 1), "valid_to": date(2021, 1, 1)},
            StateOverlaps,
        ),
        (
            HONOUR,
            {"honour": "other", "level": "school", "issuer": "本校", "valid_from": AUTUMN},
            HonourOverlaps,
        ),
        (PLACE, {"school_id": "OWN", "kind": "itinerant", "valid_from": AUTUMN}, PlaceOverlaps),
        (PLACE, {"school_id": "SIBLING", "kind": "support", "valid_from": AUTUMN}, UnitNotFound),
        (PLACE, {"school_id": "COUNTY", "kind": "support", "valid_from": AUTUMN}, NotAllowed),
        (POST, {"post": "trainer", "school_id": "FAR", "valid_from": AUTUMN}, UnitNotFound),
        (EMPLOYMENT, {"school_id": "OWN", "valid_from": AUTUMN}, EmploymentByTransfer),
        (
            EMPLOYMENT,
            {"school_id": "OWN", "valid_from": date(2019, 9, 1), "valid_to": date(2020, 9, 2)},
            TwoRelations,
        ),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_changes(
    career: Career, kind: FactKind, fields: dict[str, Any], refusal: type[DomainError]
) -> None:
    city = career.city
    await make_fact(career.db, city.teacher, STATE, state="in_service")
    await make_fact(career.db, city.teacher, PLACE, school_id=city.school["id"], kind="main")
    honour = {"honour": "other", "level": "school", "issuer": "本校", "title": ""}
    await make_fact(career.db, city.teacher, HONOUR, **honour)
    schools = {"OWN": city.school, "SIBLING": city.sibling, "COUNTY": city.county}
    places = {name: unit["id"] for name, unit in {**schools, "FAR": city.far_school}.items()}
    meant = {name: places.get(value, value) for name, value in fields.items()}
    before = await career.state()
    savepoint = career.driver.transaction()
    await savepoint.start()
    with pytest.raises(DomainError) as refused:
        await career.record(kind, **meant)
    await savepoint.rollback()
    assert type(refused.value) is refusal
    assert await career.state() == before


async def test_a_teacher_has_one_main_place_and_several_others(career: Career, city: City) -> None:
    actor = city.county_admin.actor
    common = {"valid_from": AUTUMN, "actor": actor}
    await career.record(PLACE, school_id=city.school["id"], kind="main", **common)
    await career.record(PLACE, school_id=city.sibling["id"], kind="itinerant", **common)
    assert len(await career.told(PLACE)) == 2
    with pytest.raises(NotASchool):
        await career.record(PLACE, school_id=city.county["id"], kind="support", **common)
    with pytest.raises(PlaceOverlaps):
        async with career.db.transaction():
            await career.record(
                PLACE, school_id=city.direct_school["id"], kind="main", valid_from=AUTUMN,
                actor=city.city_admin.actor,
            )  # fmt: skip


async def test_the_present_relation_keeps_its_school_whatever_is_corrected(
    career: Career, city: City
) -> None:
    [present] = await career.told(EMPLOYMENT)
    fixed = {"corrects": present["id"], "reason": "入职日期有误", "valid_from": date(2019, 9, 1)}
    actor = city.county_admin.actor
    for wrong in (
        {"school_id": city.sibling["id"]},
        {"school_id": city.school["id"], "valid_to": AUTUMN},
    ):
        with pytest.raises(EmploymentByTransfer):
            await career.record(EMPLOYMENT, actor=actor, **fixed, **wrong)
    with pytest.raises(EmploymentByTransfer):
        await career.withdraw(present)
    with pytest.raises(EmploymentByTransfer):
        await career.end(present, AUTUMN)
    await career.record(EMPLOYMENT, school_id=city.school["id"], **fixed)
    await career.record(
        EMPLOYMENT, actor=actor, school_id=city.sibling["id"], valid_from=date(2012, 9, 1),
        valid_to=date(2019, 9, 1),
    )  # fmt: skip
    assert await career.spans(EMPLOYMENT, "school_id") == [
        (city.sibling["id"], date(2012, 9, 1), date(2019, 9, 1)),
        (city.school["id"], date(2019, 9, 1), None),
    ]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_what_is_shown_with_a_teacher_changes_the_teacher(
    career: Career, kind: FactKind
) -> None:
    """And what the rules of credit ask, so that standings are judged anew."""
    new: dict[FactKind, dict[str, Any]] = {
        EMPLOYMENT: {"school_id": career.city.school["id"], "valid_to": date(2016, 1, 1)},
        ESTABLISHMENT: {"establishment": "contracted"},
        STATE: {"state": "seconded"},
        PLACE: {"school_id": career.city.school["id"], "kind": "main"},
        RANK: {"rank": "third_grade", "valid_to": date(2016, 1, 1)},
        POST: {"post": "principal"},
        HONOUR: {"honour": "other", "level": "school", "issuer": "本校"},
        EDUCATION: {"level": "doctor", "study": "in_progress", "institution": "大学"},
        GROWTH_RESULT: {"stage": "one_year", "finding": "reached"},
        QUALIFICATION: {"qualification": "primary", "issuer": "甲县教育局"},
        REGISTRATION: {"conclusion": "qualified", "issuer": "甲县教育局"},
    }
    version = "SELECT change_sequence FROM teacher WHERE id = $1"
    before = await career.driver.fetchval(version, career.teacher_id)
    row = await career.record(kind, valid_from=date(2015, 9, 1), **new[kind])
    assert set(row) == set(kind.view.model_fields)
    first, *_ = await career.told(kind)
    assert first["id"] == row["id"]
    changed = await career.driver.fetchval(version, career.teacher_id) > before
    assert changed == kind.shown == (kind in {EMPLOYMENT, STATE, RANK, POST})


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("sibling_admin", TeacherNotFound),
        ("colleague_account", TeacherNotFound),
        ("teacher_account", NotAllowed),
        ("auditor", NotAllowed),
        ("integration", NotAllowed),
    ],
)
async def test_nobody_writes_a_career_but_who_administers_the_teacher(
    career: Career, who: str, refusal: type[DomainError]
) -> None:
    before = await career.state()
    actor = getattr(career.city, who).actor
    fact = (await career.told(RANK))[0]
    with pytest.raises(refusal):
        await career.record(POST, post="principal", valid_from=AUTUMN, actor=actor)
    career.actor = actor
    with pytest.raises(refusal):
        await career.end(fact, AUTUMN)
    with pytest.raises(refusal):
        await career.withdraw(fact)
    assert await career.state() == before


async def test_a_fact_of_another_is_not_found(career: Career, city: City) -> None:
    theirs = await make_fact(career.db, city.colleague, STATE, state="in_service")
    for fact in (theirs, {"id": new_id()}):
        with pytest.raises(FactNotFound):
            await career.end(fact, AUTUMN)
    with pytest.raises(FactNotFound):
        await career.record(
            STATE, state="retired", valid_from=AUTUMN, corrects=theirs["id"], reason="有误"
        )


async def test_of_two_new_ranks_at_once_the_second_sees_the_first(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
    actor, teacher_id = city.school_admin.actor, city.teacher["id"]

    async def promote(rank: Rank) -> Rank:
        async with real_pool.transaction() as db:
            new = NewRank(rank=rank, valid_from=AUTUMN)
            await record_fact(db, actor, kind=RANK, teacher_id=teacher_id, new=new, now=NOW)
        return rank

    done = await asyncio.gather(
        promote(Rank.SENIOR), promote(Rank.PRINCIPAL_SENIOR), return_exceptions=True
    )
    (made,) = (each for each in done if isinstance(each, Rank))
    (refused,) = (each for each in done if not isinstance(each, Rank))
    assert isinstance(refused, RankNotLater)
    async with real_pool.connection() as db:
        held = await list_facts(db, actor, kind=RANK, teacher_id=teacher_id)
        assert [row["rank"] for row in held] == ["first_grade", made]


async def test_what_is_past_may_have_been_at_a_school_that_is_closed(
    career: Career, city: City
) -> None:
    closed = "UPDATE unit SET closed_on = '2015-09-01' WHERE id = $1"
    school = await make_unit(career.db, "甲县撤并小学", Level.SCHOOL, city.county)
    await career.driver.execute(closed, school["id"])
    common = {"actor": city.county_admin.actor, "school_id": school["id"]}
    days = {"valid_from": date(2012, 9, 1), "valid_to": date(2015, 9, 1)}
    await career.record(EMPLOYMENT, **common, **days)
    with pytest.raises(UnitClosed):
        await career.record(POST, post="trainer", valid_from=AUTUMN, **common)

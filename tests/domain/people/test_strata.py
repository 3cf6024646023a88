from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.careers import Post, Rank
from app.domain.people.facts.engagement import ESTABLISHMENT, STATE, Establishment, ServiceState
from app.domain.people.facts.fact import FactKind
from app.domain.people.facts.merits import HONOUR, Honour
from app.domain.people.facts.posts import POST
from app.domain.people.facts.ranks import RANK
from app.domain.people.strata import list_strata, list_teacher_strata
from app.domain.people.teachers import Subject, TeacherNotFound, list_teachers
from app.domain.people.teachers.strata import STRATA, Dimension, Stratum
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, make_fact, make_teacher

Facts = dict[FactKind, list[tuple[str, date, date | None]]]


AUXILIARY = {
    "librarian", "training_officer", "language_officer", "science_counsellor", "arts_teacher",
    "information_officer", "other_technical",
}  # fmt: skip
SHORTAGE = {
    "counselling", "special_education", "health_care", "physical_education", "music", "fine_arts",
}  # fmt: skip
BACKBONE = {
    "backbone_principal", "master_teacher", "dual_master_candidate", "backbone_teacher",
    "teaching_expert",
}  # fmt: skip


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def counted(teacher: Row, facts: Facts, began: date, day: date) -> set[Stratum]:
    """In which strata somebody counts, said once more without the table of strata."""

    def held(kind: FactKind) -> dict[str, date]:
        return {
            value: begins
            for value, begins, ends in facts[kind]
            if begins <= day and (ends is None or day < ends)
        }

    ranks, posts, honours = held(RANK), held(POST), held(HONOUR)
    age = age_on(teacher["birth_date"], day)
    middle = posts.get("middle_leader")
    said = {
        "established": "established" in held(ESTABLISHMENT),
        "in_service": "in_service" in held(STATE),
        "new_teacher": began <= day and years_before(day, 1) < began,
        "young_teacher": age <= 35,
        "mature_teacher": age >= 36,
        "junior_or_middle_rank": ranks.keys() & {"third_grade", "second_grade", "first_grade"},
        "senior_rank": ranks.keys() & {"senior", "principal_senior"},
        "class_head": "class_head" in posts,
        "shortage_subject": teacher["subject"] in SHORTAGE,
        "backbone_teacher": honours.keys() & BACKBONE,
        "leading_teacher": honours.keys()
        & {"special_grade_teacher", "chief_teacher", "subject_leader"},
        "degree_study": age <= 45,
        "trainer": "trainer" in posts,
        "school_cadre": posts.keys()
        & {"principal", "vice_principal", "party_secretary", "school_cadre"},
        "middle_leader": middle is not None,
        "new_middle_leader": middle is not None and years_before(day, 1) < middle,
        "auxiliary_staff": posts.keys() & AUXILIARY,
    }  # fmt: skip
    assert said.keys() == {stratum.value for stratum in Stratum}
    return {Stratum(name) for name, counts in said.items() if counts}


class School:
    """Teachers with facts drawn by chance, and what they are."""

    def __init__(self, db: Connection, resources: Resources, city: City, seed: int) -> None:
        self.db, self.resources, self.city = db, resources, city
        self.random = Random(seed)
        self.people: list[tuple[Row, Facts]] = []

    async def enter(self, day: date) -> None:
        draw = self.random
        # Birthdays around the bands' edges, on the very day too.
        born = years_before(day, draw.choice([30, 35, 36, 45, 46])) + timedelta(
            days=draw.randint(-1, 1)
        )
        teacher = await make_teacher(
            self.db, self.resources.cipher, self.city.school, born=born, posts=(),
            subject=draw.choice(list(Subject)),
        )  # fmt: skip
        begun = date(2020, 9, 1)
        facts: Facts = {RANK: [(Rank.FIRST_GRADE.value, begun, None)]}
        for kind, column, values, more in (
            (POST, "post", Post, {"school_id": self.city.school["id"]}),
            (HONOUR, "honour", Honour, {"level": "city", "issuer": "市", "title": ""}),
            (ESTABLISHMENT, "establishment", Establishment, {}),
            (STATE, "state", ServiceState, {}),
        ):
            begins = day + timedelta(days=draw.choice([-400, -365, -364, -1, 0, 1]))
            ends = draw.choice([None, day, day + timedelta(days=1)])
            ends = ends if ends is None or ends > begins else None
            value = draw.choice(list(values)).value
            common: dict[str, Any] = {column: value, **more}
            await make_fact(self.db, teacher, kind, begins, ends, **common)
            facts[kind] = [(value, begins, ends)]
        self.people.append((teacher, facts))


@pytest.mark.parametrize(
    ("seed", "day"), [(1, TODAY), (2, date(2021, 9, 1)), (3, date(2024, 2, 29))]
)
async def test_everybody_counts_where_a_plain_reading_of_the_bands_says(
    db: Connection, resources: Resources, city: City, seed: int, day: date
) -> None:
    school = School(db, resources, city, seed)
    for _ in range(40):
        await school.enter(day)
    actor = city.school_admin.actor
    expected = dict.fromkeys(Stratum, 0)
    for teacher, facts in school.people:
        wanted = counted(teacher, facts, date(2020, 9, 1), day)
        rows = await list_teacher_strata(db, actor, teacher_id=teacher["id"], now=NOW, as_of=day)
        assert {row["stratum"] for row in rows} == wanted, teacher
        for stratum in wanted:
            expected[stratum] += 1
    for teacher in (city.teacher, city.colleague):
        facts = {RANK: [("first_grade", date(2020, 9, 1), None)]}
        facts |= {kind: [] for kind in (POST, HONOUR, ESTABLISHMENT, STATE)}
        for stratum in counted(teacher, facts, date(2020, 9, 1), day):
            expected[stratum] += 1
    before = db.statements
    counts = await list_strata(db, actor, unit_id=city.school["id"], now=NOW, as_of=day)
    assert db.statements - before == 2
    assert {row["stratum"]: row["teachers"] for row in counts} == expected
    assert sum(expected.values()) > 100


async def test_a_list_of_teachers_is_narrowed_to_a_stratum_of_today(
    db: Connection, resources: Resources, city: City
) -> None:
    await make_fact(
        db, city.teacher, HONOUR, honour="backbone_teacher", level="county", issuer="县", title=""
    )
    await make_fact(db, city.teacher, STATE, state="in_service")
    await make_fact(db, city.colleague, STATE, state="retired")
    actor = city.city_admin.actor
    for stratum, names in (
        (Stratum.BACKBONE_TEACHER, ["测试甲"]),
        (Stratum.IN_SERVICE, ["测试甲"]),
        (Stratum.LEADING_TEACHER, []),
        # Born in 1988 they are 38.
        (Stratum.YOUNG_TEACHER, []),
        (Stratum.MATURE_TEACHER, ["测试丁", "测试丙", "测试乙", "测试戊", "测试甲"]),
    ):
        before = db.statements
        page = await list_teachers(db, actor, page=PageRequest(), stratum=stratum)
        assert sorted(row["name"] for row in page.items) == sorted(names)
        assert db.statements - before == 1


def test_nobody_is_in_both_bands_of_age_or_in_neither() -> None:
    young, mature = STRATA[Stratum.YOUNG_TEACHER], STRATA[Stratum.MATURE_TEACHER]
    assert young.age_to is not None
    assert mature.age_from == young.age_to + 1
    assert {rule.dimension for rule in STRATA.values()} == set(Dimension)
    assert STRATA.keys() == set(Stratum)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("sibling_admin", UnitNotFound),
        ("other_county_admin", UnitNotFound),
        ("teacher_account", NotAllowed),
    ],
)
async def test_only_who_reads_a_units_teachers_counts_them(
    db: Connection, city: City, who: str, refusal: type[DomainError]
) -> None:
    actor = getattr(city, who).actor
    with pytest.raises(refusal):
        await list_strata(db, actor, unit_id=city.school["id"], now=NOW)


async def test_a_teacher_sees_the_own_strata_alone(db: Connection, city: City) -> None:
    actor = city.teacher_account.actor
    assert await list_teacher_strata(db, actor, teacher_id=city.teacher["id"], now=NOW)
    with pytest.raises(TeacherNotFound):
        await list_teacher_strata(db, actor, teacher_id=city.colleague["id"], now=NOW)

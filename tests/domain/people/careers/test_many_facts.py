"""Many facts recorded at once: as each alone would be, or none of them."""

from datetime import date

import pytest
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import col

from app.domain.errors import DomainError
from app.domain.people.careers import NewRank, Rank, RankNotLater, get_career, record_facts
from app.domain.people.facts.fact import FactBeforeBirth, FactTooFarAhead
from app.domain.people.facts.ranks import RANK, TeacherRank
from app.domain.people.teachers import TeacherNotFound
from app.sql import Connection, Statement
from tests.make import NOW, City

_RANK_OF = Statement(
    select(col(TeacherRank.teacher_id)).where(
        col(TeacherRank.id) == bindparam("fact_id", type_=Uuid)
    )
)


async def test_many_facts_are_recorded_at_once(db: Connection, city: City) -> None:
    actor, ids = city.school_admin.actor, [city.teacher["id"], city.colleague["id"]]
    news = [
        (ids[0], NewRank(rank=Rank.SENIOR, valid_from=date(2026, 9, 1))),
        (ids[1], NewRank(rank=Rank.SECOND_GRADE, valid_from=date(2012, 9, 1), valid_to=date(2015, 9, 1))),
        (ids[1], NewRank(rank=Rank.SENIOR, valid_from=date(2026, 9, 1))),
    ]  # fmt: skip
    before = db.statements
    keys = await record_facts(db, actor, kind=RANK, news=news, now=NOW)
    few = db.statements - before
    assert few <= 7
    for teacher_id in ids:
        career = await get_career(db, actor, teacher_id=teacher_id)
        told = [(each["rank"], each["valid_from"], each["valid_to"]) for each in career["ranks"]]
        # What held until then ends with the new one.
        assert told[-2:] == [
            ("first_grade", date(2020, 9, 1), date(2026, 9, 1)),
            ("senior", date(2026, 9, 1), None),
        ]
        assert {each["id"] for each in career["ranks"]} & set(keys)
    for each, teacher_id in zip(keys, (ids[0], ids[1], ids[1]), strict=True):
        assert await db.value(_RANK_OF, fact_id=each) == teacher_id


@pytest.mark.parametrize(
    ("whose", "day", "refusal"),
    [
        ("colleague", date(2019, 9, 1), RankNotLater),
        ("colleague", date(1950, 9, 1), FactBeforeBirth),
        ("colleague", date(2099, 9, 1), FactTooFarAhead),
        ("far_teacher", date(2026, 9, 1), TeacherNotFound),
    ],
)
async def test_what_one_of_many_is_refused_for_all_are(
    db: Connection, city: City, whose: str, day: date, refusal: type[DomainError]
) -> None:
    actor, teacher = city.school_admin.actor, city.teacher
    news = [
        (teacher["id"], NewRank(rank=Rank.SENIOR, valid_from=date(2026, 9, 1))),
        (getattr(city, whose)["id"], NewRank(rank=Rank.SENIOR, valid_from=day)),
    ]
    with pytest.raises(refusal):
        async with db.transaction():
            await record_facts(db, actor, kind=RANK, news=news, now=NOW)
    career = await get_career(db, actor, teacher_id=teacher["id"])
    assert [each["rank"] for each in career["ranks"]] == ["first_grade"]

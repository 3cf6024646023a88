import asyncio
from datetime import date

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.people.facts.engagement import EMPLOYMENT
from app.domain.people.facts.fact import FactName
from app.domain.people.facts.kinds import KINDS
from app.domain.people.facts.posts import AUXILIARY_POSTS, COUNTS_AS, POST, SCHOOL_CADRES, Post
from app.domain.people.facts.ranks import FORMER_NAMES, Rank, RankNameAmbiguous, rank_of
from app.domain.people.teachers import get_teacher
from app.request import Resources
from app.sql import Connection, Row
from tests.make import City, make_city, make_fact

TABLES = [kind.table.__tablename__ for kind in KINDS.values()]


def test_every_kind_is_declared_once() -> None:
    assert KINDS.keys() == set(FactName)
    assert len(set(TABLES)) == len({kind.plural for kind in KINDS.values()}) == len(KINDS)
    for kind in KINDS.values():
        assert set(kind.slot) <= set(kind.new.model_fields) & set(kind.view.model_fields)


def test_a_post_is_of_one_kind() -> None:
    assert set(COUNTS_AS.values()) == {Post.SCHOOL_CADRE}
    assert not set(SCHOOL_CADRES) & set(AUXILIARY_POSTS)


async def test_the_same_post_may_be_held_at_two_schools_and_shows_once(
    db: Connection, city: City, driver: asyncpg.Connection
) -> None:
    for school in (city.school, city.sibling):
        await make_fact(db, city.teacher, POST, post="principal", school_id=school["id"])
    with pytest.raises(asyncpg.ExclusionViolationError):
        async with driver.transaction():
            await make_fact(db, city.teacher, POST, post="principal", school_id=city.school["id"])
    row = await get_teacher(db, city.school_admin.actor, teacher_id=city.teacher["id"])
    assert row["posts"] == ["principal", "teacher"]


@pytest.mark.parametrize(("name", "ranks"), FORMER_NAMES.items())
def test_a_former_name_stands_for_one_rank_or_says_which_there_are(
    name: str, ranks: tuple[Rank, ...]
) -> None:
    if len(ranks) == 1:
        assert rank_of(name) is ranks[0]
        return
    with pytest.raises(RankNameAmbiguous) as refused:
        rank_of(name)
    assert refused.value.details == {"name": name, "choices": ", ".join(ranks)}


@pytest.mark.parametrize("table", TABLES)
async def test_nothing_that_was_known_can_be_overwritten(
    driver: asyncpg.Connection, city: City, table: str
) -> None:
    for forbidden in (f"UPDATE {table} SET valid_from = '2000-01-01'", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(forbidden)


async def test_the_database_itself_keeps_two_relations_apart(
    real_pool: Pool, resources: Resources
) -> None:
    """Whoever writes them, by whatever way: the constraint decides."""
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def employ(school: Row) -> None:
        async with real_pool.transaction() as db:
            await make_fact(
                db, city.teacher, EMPLOYMENT, date(2010, 9, 1), date(2012, 9, 1),
                school_id=school["id"],
            )  # fmt: skip

    done = await asyncio.gather(
        employ(city.sibling), employ(city.far_school), return_exceptions=True
    )
    assert [type(each) for each in done if each] == [asyncpg.ExclusionViolationError]

from decimal import Decimal
from typing import Any

import pytest

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.learning.item_statistics import list_item_statistics
from app.request import Resources
from app.sql import Connection, Row
from tests import make_tests as making
from tests.make import City, make_account, make_teacher


async def take_it(
    db: Connection, resources: Resources, city: City, test: Row, number: int, said: dict[int, Any]
) -> None:
    """One more teacher of the school takes the test."""
    teacher = await make_teacher(db, resources.cipher, city.school, f"学员{number}")
    who = await make_account(db, f"trainee{number}", Role.TEACHER, teacher)
    await making.enrol(db, who, test)
    await making.take(db, who, test, said)


async def test_figures_of_five_and_nothing_of_four(
    db: Connection, city: City, resources: Resources
) -> None:
    bank = (await making.make_bank(db, city))[:3]
    test = await making.make_test(db, city, bank)
    right, wrong = {"choices": ["a"]}, {"choices": ["b"]}
    both, neither = {"choices": ["a", "c"]}, {"choices": ["b"]}
    true = {"is_true": True}
    taken = [
        {1: right, 2: both, 3: true},
        {1: right, 2: both, 3: true},
        {1: right, 2: both, 3: true},
        {1: wrong, 2: neither, 3: true},
        {1: wrong, 2: neither, 3: true},
    ]
    for number, said in enumerate(taken[:4]):
        await take_it(db, resources, city, test, number, said)
    actor = city.school_admin.actor
    few = await list_item_statistics(db, actor, test_id=test["id"])
    assert {(row["attempts"], row["facility"], row["discrimination"]) for row in few} == {
        (None, None, None)
    }
    await take_it(db, resources, city, test, 4, taken[4])
    before = db.statements
    found = {
        row["question_id"]: row for row in await list_item_statistics(db, actor, test_id=test["id"])
    }
    assert db.statements - before == 2
    first, second, third = (found[each["id"]] for each in bank)
    assert (first["attempts"], first["facility"]) == (5, Decimal("0.60"))
    # Who has the one right has the other right: they tell the same people apart.
    assert first["discrimination"] == second["discrimination"] == Decimal("1.00")
    assert (third["facility"], third["discrimination"]) == (Decimal("0.00"), None)


async def test_they_are_for_those_who_give_the_test(db: Connection, city: City) -> None:
    test = await making.make_test(db, city, (await making.make_bank(db, city))[:1])
    for who in (city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed):
            await list_item_statistics(db, who.actor, test_id=test["id"])

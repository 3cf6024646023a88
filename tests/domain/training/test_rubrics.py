from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.rubrics import (
    STANDARD,
    NewRubric,
    RubricNotFound,
    ScoresDisagree,
    get_rubric,
    get_standard_rubric,
    list_rubrics,
    publish_rubric,
    total_of,
)
from app.sql import Connection
from tests.make import NOW, City

GIVEN: dict[str, Any] = {
    "code": "county_2026", "name": "县课堂观察量表", "source": "县教研室〔2026〕3 号第 4 条",
    "dimensions": [
        {"code": "aims", "name": "目标", "weight": 40,
         "levels": [{"score": 90, "meaning": "具体可测"}]},
        {"code": "process", "name": "过程", "weight": 60},
    ],
}  # fmt: skip


def new(unit_id: Any, **more: Any) -> NewRubric:
    return NewRubric.model_validate(GIVEN | {"unit_id": unit_id} | more)


async def test_a_unit_publishes_versions_and_those_below_it_see_them(
    db: Connection, city: City
) -> None:
    actor, rubric = city.county_admin.actor, new(city.county["id"])
    one = await publish_rubric(db, actor, new=rubric, now=NOW)
    two = await publish_rubric(db, actor, new=rubric, now=NOW)
    assert (one["version"], two["version"]) == (1, 2)
    assert one["dimensions"] == [
        GIVEN["dimensions"][0], GIVEN["dimensions"][1] | {"levels": []}
    ]  # fmt: skip
    for person in (city.teacher_account, city.school_admin, city.county_admin):
        page = await list_rubrics(db, person.actor, page=PageRequest(), code="county_2026")
        assert [row["version"] for row in page.items] == [1, 2]
        assert (await get_rubric(db, person.actor, rubric_id=one["id"]))["id"] == one["id"]
    for person in (city.other_county_admin,):
        assert (await list_rubrics(db, person.actor, page=PageRequest())).items == []
        with pytest.raises(RubricNotFound):
            await get_rubric(db, person.actor, rubric_id=one["id"])


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("teacher_account", NotAllowed), ("auditor", NotAllowed), ("sibling_admin", UnitNotFound)],
)
async def test_others_publish_nothing(
    db: Connection, city: City, who: str, refusal: type[DomainError]
) -> None:
    rubric = new(city.school["id"])
    with pytest.raises(refusal):
        await publish_rubric(db, getattr(city, who).actor, new=rubric, now=NOW)
    assert (await list_rubrics(db, city.school_admin.actor, page=PageRequest())).items == []


@pytest.mark.parametrize(
    "dimensions",
    [
        [{"code": "aims", "name": "目标", "weight": 40}],
        [{"code": "aims", "name": "目标", "weight": 50}] * 2,
        [{"code": "Aims!", "name": "目标", "weight": 100}],
        [],
    ],
    ids=["not a hundred", "twice", "no code", "none"],
)
def test_a_rubric_adds_up(dimensions: list[Any]) -> None:
    with pytest.raises(ValidationError):
        new("01890000-0000-7000-8000-000000000000", dimensions=dimensions)


async def test_the_standard_rubric_can_be_published_as_it_is(db: Connection, city: City) -> None:
    standard = await get_standard_rubric(db, city.teacher_account.actor)
    assert standard["assumed"]
    own = NewRubric.model_validate(standard | {"unit_id": city.school["id"]})
    published = await publish_rubric(db, city.school_admin.actor, new=own, now=NOW)
    assert published["dimensions"] == standard["dimensions"]


def test_a_total_is_weighted_and_of_all_dimensions() -> None:
    dimensions = GIVEN["dimensions"]
    assert total_of(dimensions, {"aims": Decimal(90), "process": Decimal("70.5")}) == Decimal(
        "78.30"
    )
    for scores in (
        {"aims": Decimal(90)},
        {"aims": Decimal(1), "process": Decimal(1), "x": Decimal(1)},
    ):
        with pytest.raises(ScoresDisagree):
            total_of(dimensions, scores)
    assert sum(each.weight for each in STANDARD.dimensions) == 100

import re
from copy import deepcopy
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.quality.article_duties.shipped import shipped_document
from app.domain.quality.indicator_sheets import (
    IndicatorRepeated,
    IndicatorSheetNeedsBureau,
    IndicatorSheetNotFound,
    IndicatorSheetPublishedAlready,
    IndicatorWeightsOff,
    NewIndicatorSheet,
    ShippedIndicatorSheetNotFound,
    ShippedSheetChoice,
    get_indicator_sheet,
    get_indicator_sheet_schema,
    list_indicator_sheets,
    list_shipped_indicator_sheets,
    points_of,
    publish_indicator_sheet,
    publish_shipped_indicator_sheet,
)
from app.sql import Connection, new_id
from tests.make import NOW, City
from tests.make_evaluations import INDICATORS, SHEET, make_sheet


def scored(weight: str, **scoring: Any) -> dict[str, Any]:
    return {"weight": weight, "scoring": scoring}


FALLING = scored("10", kind="linear", none_at="10", full_at="0")
RISING = scored("40", kind="linear", none_at="0", full_at="4")
STEPS = scored(
    "20", kind="steps",
    steps=[{"at_least": "60", "share": "50"}, {"at_least": "90", "share": "100"}],
)  # fmt: skip


@pytest.mark.parametrize(
    ("indicator", "value", "points"),
    [
        (RISING, "1", "10"), (RISING, "4", "40"), (RISING, "9", "40"), (RISING, "-1", "0"),
        (RISING, "0.33", "3.30"),
        # Of no-shows the fewest are the best.
        (FALLING, "0", "10"), (FALLING, "3", "7"), (FALLING, "12", "0"),
        # 以上 includes the number.
        (STEPS, "59.99", "0"), (STEPS, "60", "10"), (STEPS, "89.99", "10"), (STEPS, "90", "20"),
        (scored("10", kind="yes_no"), "1", "10"), (scored("10", kind="yes_no"), "0", "0"),
        (scored("30", kind="judged", full_at="10"), "8", "24"),
    ],
)  # fmt: skip
def test_a_value_becomes_points_by_its_rule(
    indicator: dict[str, Any], value: str, points: str
) -> None:
    assert points_of(indicator, Decimal(value)) == Decimal(points)


def test_without_a_value_there_are_no_points() -> None:
    assert points_of(RISING, None) is None


async def test_a_bureau_publishes_versions_and_those_below_it_see_them(
    db: Connection, city: City
) -> None:
    one = await make_sheet(db, city.county, city.county_admin)
    two = await make_sheet(db, city.county, city.county_admin)
    assert (one["version"], two["version"]) == (1, 2)
    assert one["indicators"][0]["weight"] == "40"
    for person in (city.teacher_account, city.school_admin, city.county_admin):
        page = await list_indicator_sheets(db, person.actor, page=PageRequest())
        assert [row["version"] for row in page.items] == [1, 2]
    with pytest.raises(IndicatorSheetNotFound):
        await get_indicator_sheet(db, city.other_county_admin.actor, sheet_id=one["id"])
    schema = await get_indicator_sheet_schema(db, city.county_admin.actor)
    assert "indicators" in schema["required"]


async def test_nobody_changes_what_was_published(
    driver: asyncpg.Connection, db: Connection, city: City
) -> None:
    """Not even the application: the database lets it add versions, and nothing else."""
    one = await make_sheet(db, city.county, city.county_admin)
    for statement in ("UPDATE indicator_sheet SET version = 9", "DELETE FROM indicator_sheet"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(statement)
    assert await get_indicator_sheet(db, city.county_admin.actor, sheet_id=one["id"]) == one


def changed(number: int, **more: Any) -> list[dict[str, Any]]:
    indicators = deepcopy(INDICATORS)
    indicators[number] |= more
    return indicators


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"indicators": changed(0, weight="39")}, IndicatorWeightsOff),
        ({"total": "120"}, IndicatorWeightsOff),
        ({"indicators": changed(1, code="activities")}, IndicatorRepeated),
        ({"indicators": changed(1, measure="activities_held")}, IndicatorRepeated),
        ({"evaluated": "county"}, IndicatorSheetNeedsBureau),
    ],
)
async def test_what_does_not_fit_together_is_refused(
    db: Connection, city: City, wrong: dict[str, Any], refusal: type[DomainError]
) -> None:
    new = NewIndicatorSheet.model_validate(SHEET | {"unit_id": city.county["id"]} | wrong)
    with pytest.raises(refusal):
        await publish_indicator_sheet(db, city.county_admin.actor, new=new, now=NOW)
    page = await list_indicator_sheets(db, city.county_admin.actor, page=PageRequest())
    assert page.items == []


@pytest.mark.parametrize(
    "wrong",
    [
        changed(0, measure=None),
        changed(2, measure="topics"),
        changed(3, scoring={"kind": "yes_no"}),
        changed(0, scoring={"kind": "linear", "none_at": "1"}),
        changed(0, scoring={"kind": "linear", "none_at": "1", "full_at": "1"}),
        changed(3, scoring={"kind": "judged", "full_at": "0"}),
        changed(1, scoring={"kind": "steps", "steps": []}),
        changed(
            1,
            scoring={
                "kind": "steps",
                "steps": [{"at_least": "9", "share": "1"}, {"at_least": "6", "share": "2"}],
            },
        ),
        changed(0, weight="-1"),
    ],
)
def test_an_indicator_says_what_it_needs(wrong: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        NewIndicatorSheet.model_validate(SHEET | {"unit_id": new_id(), "indicators": wrong})


async def test_a_school_publishes_none(db: Connection, city: City) -> None:
    new = NewIndicatorSheet.model_validate(SHEET | {"unit_id": city.school["id"]})
    with pytest.raises(NotAllowed):
        await publish_indicator_sheet(db, city.school_admin.actor, new=new, now=NOW)
    with pytest.raises(IndicatorSheetNeedsBureau):
        await publish_indicator_sheet(db, city.county_admin.actor, new=new, now=NOW)


async def test_what_is_shipped_cites_the_document_that_is_shipped(
    db: Connection, city: City
) -> None:
    """Each line names an article and quotes it: word by word as the source has it."""
    articles = {str(each.number): each.text for each in shipped_document().articles}
    sheets = await list_shipped_indicator_sheets(db, city.school_admin.actor)
    assert {each["evaluated"] for each in sheets} == {"school", "county"}
    for sheet in sheets:
        assert sheet["assumed"] is True
        for line in sheet["indicators"]:
            [(number, quoted)] = re.findall("^第([0-9]+)条“(.+?)”(?:；|$)", line["article"])
            assert quoted in articles[number]


async def test_a_shipped_sheet_is_published_once_for_a_bureau(db: Connection, city: City) -> None:
    by = city.county_admin.actor
    choice = ShippedSheetChoice(unit_id=city.county["id"], code="yueyang_2013_school")
    sheet = await publish_shipped_indicator_sheet(db, by, choice=choice, now=NOW)
    [shipped] = [
        each for each in await list_shipped_indicator_sheets(db, by) if each["code"] == choice.code
    ]
    assert (sheet["version"], sheet["unit_id"]) == (1, city.county["id"])
    assert [each["code"] for each in sheet["indicators"]] == [
        each["code"] for each in shipped["indicators"]
    ]
    with pytest.raises(IndicatorSheetPublishedAlready):
        await publish_shipped_indicator_sheet(db, by, choice=choice, now=NOW)
    # A version of one's own stands between: then the shipped one is another again.
    own = {"unit_id": city.county["id"], "code": choice.code}
    await publish_indicator_sheet(
        db, by, new=NewIndicatorSheet.model_validate(SHEET | own), now=NOW
    )
    again = await publish_shipped_indicator_sheet(db, by, choice=choice, now=NOW)
    assert again["version"] == 3


@pytest.mark.parametrize(
    ("who", "unit", "code", "refusal"),
    [
        ("school_admin", "county", "yueyang_2013_school", NotAllowed),
        ("county_admin", "other_county", "yueyang_2013_school", UnitNotFound),
        ("county_admin", "county", "yueyang_2013_county", IndicatorSheetNeedsBureau),
        ("county_admin", "county", "nobody_wrote_it", ShippedIndicatorSheetNotFound),
    ],
)
async def test_who_may_not_publish_what_is_shipped(
    who: str, unit: str, code: str, refusal: type[DomainError], db: Connection, city: City
) -> None:
    choice = ShippedSheetChoice(unit_id=getattr(city, unit)["id"], code=code)
    with pytest.raises(refusal):
        await publish_shipped_indicator_sheet(db, getattr(city, who).actor, choice=choice, now=NOW)
    found = await list_indicator_sheets(db, city.city_admin.actor, page=PageRequest())
    assert found.items == []

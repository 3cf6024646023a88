from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import NotASchool, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.quality.outcomes import TracesCounted
from app.domain.quality.pay_schemes import (
    PaySchemeNotFound,
    get_pay_scheme,
    list_own_pay_schemes,
    list_pay_schemes,
    points_of,
)
from app.sql import Connection
from tests.make import City
from tests.make_incentives import TERMS, make_scheme

PAGE = PageRequest(limit=50)
NOTES = {"measure": "notes", "weight": "1", "cap": "5", "rule": "每篇一分"}


async def test_a_school_declares_what_counts_in_versions(db: Connection, city: City) -> None:
    first = await make_scheme(db, city.school_admin, city.school)
    second = await make_scheme(
        db, city.school_admin, city.school, regulation_id=first["regulation_id"], terms=TERMS[:1]
    )
    assert (first["version"], second["version"], len(second["terms"])) == (1, 2, 1)
    own = await list_own_pay_schemes(db, city.teacher_account.actor, page=PAGE)
    assert [each["id"] for each in own.items] == [second["id"]]
    every = await list_pay_schemes(db, city.county_admin.actor, page=PAGE)
    assert len(every.items) == 2
    with pytest.raises(PaySchemeNotFound):
        await get_pay_scheme(db, city.sibling_admin.actor, scheme_id=first["id"])


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"terms": [NOTES]}, TracesCounted),
        ({"terms": [TERMS[0] | {"rule": "上传照片十张得五分"}]}, TracesCounted),
        ({"terms": [TERMS[0], TERMS[0]]}, ValidationError),
        ({"terms": []}, ValidationError),
        ({"terms": [TERMS[0] | {"weight": "-1"}]}, ValidationError),
    ],
)
async def test_what_no_scheme_may_count(
    db: Connection, city: City, more: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        await make_scheme(db, city.school_admin, city.school, **more)
    assert not (await list_pay_schemes(db, city.city_admin.actor, page=PAGE)).items


async def test_who_may_not(db: Connection, city: City) -> None:
    with pytest.raises(NotASchool):
        await make_scheme(db, city.county_admin, city.county)
    with pytest.raises(UnitNotFound):
        await make_scheme(db, city.school_admin, city.sibling)
    with pytest.raises(NotAllowed):
        await make_scheme(db, city.auditor, city.school)


@pytest.mark.parametrize(
    ("reached", "points"),
    [("0", "0.00"), ("7", "3.50"), ("39.99", "20.00"), ("40", "20.00"), ("99", "20.00")],
)
def test_a_line_gives_points_up_to_its_cap(reached: str, points: str) -> None:
    assert points_of(TERMS[0], Decimal(reached)) == Decimal(points)

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.organisation.facts import DayInFuture, FactNotLater
from app.domain.organisation.providers import (
    ApprovalEnd,
    CreditCodeWrong,
    NewApproval,
    NewProvider,
    ProviderApproved,
    ProviderChanges,
    ProviderExists,
    ProviderKind,
    ProviderNotApproved,
    ProviderNotFound,
    ProviderNotQualified,
    ProviderOfBureau,
    ProviderWithoutContact,
    approve_provider,
    check_credit_code,
    get_provider,
    list_available_providers,
    list_provider_approvals,
    list_providers,
    provider_approvals_of,
    register_provider,
    reveal_provider_contact,
    update_provider,
    withdraw_provider,
)
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person
from tests.make_organisation import make_provider

PAGE = PageRequest(limit=100)
CODE = "91350100M000100Y43"
WITHDRAWAL = ApprovalEnd(reason="培训质量不合格")


@pytest.fixture
def cipher(resources: Resources) -> Any:
    return resources.cipher


async def register(db: Connection, person: Person, unit: Row, cipher: Any, **given: Any) -> Row:
    new = NewProvider.model_validate(
        {"unit_id": unit["id"], "name": "示例师范学院", "kind": "university"} | given
    )
    return await register_provider(db, person.actor, new=new, cipher=cipher, now=NOW)


async def approve(db: Connection, person: Person, provider: Row, **given: Any) -> Row:
    new = NewApproval.model_validate(given)
    return await approve_provider(db, person.actor, provider_id=provider["id"], new=new, now=NOW)


async def available_to(db: Connection, person: Person, **filters: Any) -> list[Any]:
    page = await list_available_providers(db, person.actor, page=PAGE, now=NOW, **filters)
    return [row["id"] for row in page.items]


async def registered(db: Connection, person: Person) -> list[Any]:
    return [row["id"] for row in (await list_providers(db, person.actor, page=PAGE)).items]


async def test_a_provider_is_registered_approved_and_withdrawn(
    db: Connection, city: City, cipher: Any
) -> None:
    admin = city.county_admin
    made = await register(
        db, admin, city.county, cipher, credit_code=" 91350100m000100y43", kind="base",
        contact_name="李老师", contact_phone="13800001234", qualified_until="2030-08-31",
    )  # fmt: skip
    assert (made["credit_code"], made["contact"]) == (CODE, "李** 138****34")
    assert made["approved"] is False
    assert await available_to(db, city.school_admin) == []
    approval = await approve(db, admin, made, valid_from="2026-09-01", document="县教发1号")
    assert (approval["valid_from"], approval["valid_to"]) == (date(2026, 9, 1), None)
    assert await available_to(db, city.school_admin) == [made["id"]]
    assert await available_to(db, city.teacher_account, kind=ProviderKind.BASE) == [made["id"]]
    assert await available_to(db, city.school_admin, kind=ProviderKind.OTHER) == []
    assert await registered(db, city.school_admin) == [], "the register is the bureau's"
    withdrawn = await withdraw_provider(
        db, admin.actor, provider_id=made["id"], end=WITHDRAWAL, now=NOW
    )
    assert withdrawn == made
    assert await available_to(db, city.school_admin) == []
    told = await list_provider_approvals(db, city.school_admin.actor, provider_id=made["id"])
    assert [(row["valid_to"], row["withdrawn_because"]) for row in told] == [
        (TODAY, WITHDRAWAL.reason)
    ]
    with pytest.raises(ProviderNotApproved):
        await withdraw_provider(db, admin.actor, provider_id=made["id"], end=WITHDRAWAL, now=NOW)


async def test_a_provider_is_seen_below_its_bureau_alone(db: Connection, city: City) -> None:
    of_city, of_county = await make_provider(db, city.city), await make_provider(db, city.county)
    for person, known in (
        (city.school_admin, [of_city, of_county]),
        (city.county_admin, [of_city, of_county]),
        (city.other_county_admin, [of_city]),
    ):
        keys = {row["id"] for row in known}
        assert set(await available_to(db, person)) == keys
        found = await provider_approvals_of(
            db, person.actor, provider_ids=[of_city["id"], of_county["id"]]
        )
        assert {key for key, rows in found.items() if rows} == keys
    with pytest.raises(ProviderNotFound):
        await get_provider(db, city.other_county_admin.actor, provider_id=of_county["id"])
    assert await registered(db, city.county_admin) == [of_county["id"]]
    assert len(await registered(db, city.city_admin)) == 2


async def test_whose_qualification_has_ended_is_relied_on_no_longer(
    db: Connection, city: City, cipher: Any
) -> None:
    lasting = await make_provider(db, city.county, qualified_until=TODAY)
    over = await make_provider(db, city.county, qualified_until=date(2026, 11, 19))
    assert await available_to(db, city.school_admin) == [lasting["id"]]
    fresh = await register(db, city.county_admin, city.county, cipher, qualified_until="2026-08-31")
    with pytest.raises(ProviderNotQualified):
        await approve(db, city.county_admin, fresh)
    changes = ProviderChanges(qualified_until=date(2028, 8, 31))
    await update_provider(
        db, city.county_admin.actor, provider_id=over["id"], changes=changes, cipher=cipher
    )
    assert set(await available_to(db, city.school_admin)) == {lasting["id"], over["id"]}


async def test_whom_one_calls_is_told_to_the_bureau_alone(
    db: Connection, city: City, cipher: Any
) -> None:
    provider = await make_provider(db, city.county, cipher)
    key = provider["id"]
    seen = await get_provider(db, city.school_admin.actor, provider_id=key)
    assert seen["contact"] == "李** 073****67"
    with pytest.raises(NotAllowed):
        await reveal_provider_contact(db, city.school_admin.actor, provider_id=key, cipher=cipher)
    told = await reveal_provider_contact(
        db, city.county_admin.actor, provider_id=key, cipher=cipher
    )
    assert told == {"provider_id": key, "contact": "李老师 07301234567"}
    for changes, shown in (
        ({"contact_name": "王主任", "contact_phone": "0730-7654321"}, "王** 073****21"),
        ({"name": "示例学院"}, "王** 073****21"),
        ({"contact_name": "张三", "contact_phone": "7654321"}, "张** ****21"),
        ({"contact_phone": None}, None),
    ):
        row = await update_provider(
            db, city.county_admin.actor, provider_id=key, cipher=cipher,
            changes=ProviderChanges.model_validate(changes),
        )  # fmt: skip
        assert row["contact"] == shown
    with pytest.raises(ProviderWithoutContact):
        await reveal_provider_contact(db, city.county_admin.actor, provider_id=key, cipher=cipher)


@pytest.mark.parametrize(
    ("unit", "who", "given", "refusal"),
    [("county", "school_admin", {}, NotAllowed),
     ("school", "school_admin", {}, NotAllowed),
     ("school", "county_admin", {}, ProviderOfBureau),
     ("other_county", "county_admin", {}, UnitNotFound),
     ("county", "county_admin", {"credit_code": "91350100M000100Y44"}, CreditCodeWrong),
     ("county", "county_admin", {"credit_code": "9135"}, CreditCodeWrong)],
)  # fmt: skip
async def test_what_does_not_fit_is_refused(
    db: Connection, city: City, cipher: Any, unit: str, who: str, given: dict[str, Any],
    refusal: type[Exception],
) -> None:  # fmt: skip
    with pytest.raises(refusal):
        await register(db, getattr(city, who), getattr(city, unit), cipher, **given)
    assert await registered(db, city.city_admin) == []


async def test_a_code_is_registered_once_by_each_bureau(
    db: Connection, city: City, cipher: Any
) -> None:
    for person, unit in (
        (city.county_admin, city.county), (city.other_county_admin, city.other_county),
    ):  # fmt: skip
        await register(db, person, unit, cipher, credit_code=CODE)
        await register(db, person, unit, cipher)
        with pytest.raises(ProviderExists):
            async with db.transaction():
                await register(db, person, unit, cipher, credit_code=CODE)


async def test_an_approval_holds_once_and_not_from_tomorrow(db: Connection, city: City) -> None:
    provider, admin = await make_provider(db, city.county), city.county_admin
    for given, refusal in (
        ({}, ProviderApproved),
        ({"valid_from": "2019-09-01", "valid_to": "2020-09-02"}, ProviderApproved),
        ({"valid_from": "2026-11-21"}, DayInFuture),
        ({"valid_from": "2019-09-01", "valid_to": "2019-09-01"}, FactNotLater),
    ):
        with pytest.raises(refusal):
            async with db.transaction():
                await approve(db, admin, provider, **given)
    early = ApprovalEnd(reason="有误", on=date(2019, 9, 1))
    with pytest.raises(FactNotLater):
        async with db.transaction():
            await withdraw_provider(db, admin.actor, provider_id=provider["id"], end=early, now=NOW)
    assert len(await list_provider_approvals(db, admin.actor, provider_id=provider["id"])) == 1
    await approve(db, admin, provider, valid_from="2019-09-01", valid_to="2020-09-01")
    assert len(await list_provider_approvals(db, admin.actor, provider_id=provider["id"])) == 2


@pytest.mark.parametrize("code", ["91350100M000100Y43", "9144030071526726XG", "91110000600037341L"])
def test_codes_in_public_use_pass_and_no_neighbour_does(code: str) -> None:
    """GB 32100-2015, on codes that companies and tools publish; a slip of one character is found."""
    assert check_credit_code(code) == code
    wrong = [code[:place] + "2" + code[place + 1 :] for place in range(18) if code[place] != "2"]
    for each in (*wrong, code[:-1], code + "0", code[:-1] + "I"):
        with pytest.raises(CreditCodeWrong):
            check_credit_code(each)


def test_a_contact_has_a_name_and_a_telephone() -> None:
    for given in ({"contact_name": "李老师"}, {"contact_phone": "07301234567"}, {"name": None}):
        with pytest.raises(ValidationError):
            ProviderChanges.model_validate(given)

from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from app.domain.access.identity_providers import (
    IdentityProviderChanges,
    IdentityProviderNotCitys,
    IdentityProviderNotFound,
    IdentityProviderRegistered,
    NewIdentityProvider,
    get_identity_provider,
    list_identity_providers,
    offered_providers,
    read_offered_provider,
    register_identity_provider,
    secret_context,
    update_identity_provider,
)
from app.domain.access.subjects import SubjectNotFound
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City

NEW: dict[str, Any] = {
    "name": "省教师平台", "client_id": "yanxun", "issuer": "https://login.example",
    "secret": "what we prove ourselves with",
}  # fmt: skip


def new(city: City, **more: Any) -> NewIdentityProvider:
    return NewIdentityProvider(**({**NEW, "unit_id": city.city["id"]} | more))


async def register(db: Connection, city: City, resources: Resources, **more: Any) -> Row:
    return await register_identity_provider(
        db, city.city_admin.actor, new=new(city, **more), cipher=resources.cipher, now=NOW
    )


async def rows(driver: asyncpg.Connection) -> Any:
    return await driver.fetch("SELECT * FROM identity_provider ORDER BY id")


async def test_a_provider_is_trusted_read_and_offered(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources
) -> None:
    row = await register(db, city, resources)
    assert row == await get_identity_provider(db, city.auditor.actor, provider_id=row["id"])
    assert (row["issuer"], row["scopes"], row["is_enabled"]) == (
        "https://login.example", ["openid"], True,
    )  # fmt: skip
    page = await list_identity_providers(db, city.auditor.actor, page=PageRequest())
    assert page.items == [row]
    (stored,) = await rows(driver)
    assert b"prove" not in stored["secret_sealed"]
    (offered,) = await offered_providers(db)
    opened = resources.cipher.open(offered["secret_sealed"], context=secret_context(row["id"]))
    assert opened == NEW["secret"]
    assert not {"secret", "secret_sealed"} & row.keys()


@pytest.mark.parametrize(
    ("who", "unit", "refusal"),
    [
        ("county_admin", "city", SubjectNotFound),
        ("county_admin", "county", NotAllowed),
        ("auditor", "city", NotAllowed),
        ("teacher_account", "school", SubjectNotFound),
        ("city_admin", "county", IdentityProviderNotCitys),
        ("city_admin", "direct_school", IdentityProviderNotCitys),
    ],
)
async def test_who_does_not_decide_whom_to_believe(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources, who: str,
    unit: str, refusal: type[DomainError],
) -> None:  # fmt: skip
    asked = new(city, unit_id=getattr(city, unit)["id"])
    with pytest.raises(refusal):
        await register_identity_provider(
            db, getattr(city, who).actor, new=asked, cipher=resources.cipher, now=NOW
        )
    assert await rows(driver) == []


async def test_a_city_registers_an_issuer_once(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources
) -> None:
    await register(db, city, resources)
    before = await rows(driver)
    with pytest.raises(IdentityProviderRegistered):
        async with db.transaction():
            await register(db, city, resources, name="另一个")
    assert await rows(driver) == before
    await register(db, city, resources, issuer="https://other.example")


async def test_it_is_changed_and_no_longer_offered(
    db: Connection, city: City, resources: Resources
) -> None:
    provider_id = (await register(db, city, resources))["id"]

    async def change(actor: Any = city.city_admin.actor, **changes: Any) -> Row:
        return await update_identity_provider(
            db, actor, provider_id=provider_id, changes=IdentityProviderChanges(**changes),
            cipher=resources.cipher,
        )  # fmt: skip

    row = await change(name="新名称", scopes=["openid", "profile"])
    assert (row["name"], row["scopes"], row["client_id"]) == (
        "新名称", ["openid", "profile"], "yanxun",
    )  # fmt: skip
    offered = await read_offered_provider(db, provider_id=provider_id)
    context = secret_context(provider_id)
    assert resources.cipher.open(offered["secret_sealed"], context=context) == NEW["secret"]
    await change(secret="another secret")
    offered = await read_offered_provider(db, provider_id=provider_id)
    assert resources.cipher.open(offered["secret_sealed"], context=context) == "another secret"
    await change(secret=None)
    assert (await read_offered_provider(db, provider_id=provider_id))["secret_sealed"] is None
    for actor, refusal in (
        (city.auditor.actor, NotAllowed), (city.county_admin.actor, IdentityProviderNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await change(actor, is_enabled=False)
    await change(is_enabled=False)
    assert await offered_providers(db) == []
    for missing in (provider_id, new_id()):
        with pytest.raises(IdentityProviderNotFound):
            await read_offered_provider(db, provider_id=missing)


@pytest.mark.parametrize(
    "more",
    [
        {"issuer": "http://login.example"}, {"issuer": "https://login.example?x=1"},
        {"issuer": "https://user@login.example"}, {"issuer": "javascript:alert(1)"},
        {"scopes": ["profile"]}, {"scopes": []}, {"scopes": ["openid", "a b"]}, {"name": ""},
        {"name": "x" * 31}, {"secret": ""}, {"surprise": 1},
    ],
)  # fmt: skip
def test_what_is_no_provider(city: City, more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        new(city, **more)
    assert NEW["secret"] not in str(refused.value.errors(include_input=False, include_url=False))


@pytest.mark.parametrize(
    "changes",
    [{"name": None}, {"is_enabled": None}, {"scopes": ["profile"]}, {"issuer": "https://x.example"}],
)  # fmt: skip
def test_what_is_no_change(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        IdentityProviderChanges(**changes)

import asyncio
from dataclasses import replace

import pytest

from app.database.pool import Pool
from app.domain.access.actors import NotInPerson
from app.domain.errors import NotAllowed
from app.domain.people.identity import PersonalDataCipher
from app.domain.people.optional_data import (
    DataConsentMissing,
    DataConsentNotFound,
    NewDataConsent,
    NewPhone,
    OptionalData,
    PhoneBadForm,
    PhoneNotFound,
    check_phone,
    get_phone,
    give_data_consent,
    list_data_consents,
    mask_phone,
    remove_phone,
    set_phone,
    withdraw_data_consent,
)
from app.domain.people.teachers import TeacherNotFound
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_city
from tests.make_personal import MASKED, PHONE, make_consent, make_phone

NEW = NewPhone.model_validate({"phone": PHONE})


@pytest.fixture
def cipher(resources: Resources) -> PersonalDataCipher:
    return resources.cipher


async def kept(db: Connection) -> int:
    return int(await db._driver.fetchval("SELECT count(*) FROM teacher_phone"))


async def enter(
    db: Connection, cipher: PersonalDataCipher, person: Person, teacher: Row, new: NewPhone = NEW
) -> Row:
    return await set_phone(
        db, person.actor, teacher_id=teacher["id"], new=new, cipher=cipher, now=NOW
    )


@pytest.mark.parametrize(
    "given",
    [
        "13800138000",
        " 138 0013 8000 ",
        "+86 138-0013-8000",
        "008613800138000",
        "１３８００１３８０００",
    ],
)
def test_a_number_is_kept_in_one_form(given: str) -> None:
    assert check_phone(given) == PHONE
    assert mask_phone(PHONE) == MASKED


@pytest.mark.parametrize(
    "given",
    ["", "1380013800", "138001380000", "12800138000", "0730-8812345", "1380013800a", "1" * 500],
)
def test_what_is_no_mobile_number_is_refused(given: str) -> None:
    with pytest.raises(PhoneBadForm) as refused:
        check_phone(given)
    assert not given or given not in str(refused.value)


async def test_a_number_is_kept_sealed_and_shown_masked(
    db: Connection, city: City, cipher: PersonalDataCipher
) -> None:
    await make_consent(db, city.teacher_account)
    entered = await enter(db, cipher, city.school_admin, city.teacher)
    assert entered == {"teacher_id": city.teacher["id"], "phone": MASKED, "entered_at": NOW}
    for person in (city.teacher_account, city.school_admin, city.county_admin, city.city_admin):
        shown = await get_phone(db, person.actor, teacher_id=city.teacher["id"])
        assert shown == entered
    row = await db._driver.fetchrow("SELECT * FROM teacher_phone")
    assert PHONE.encode() not in bytes(row["phone_sealed"]) + bytes(row["phone_index"])
    context = f"teacher_phone|phone|{city.teacher['id']}"
    assert cipher.open(row["phone_sealed"], context=context) == PHONE
    other = NewPhone.model_validate({"phone": "13900139000"})
    again = await enter(db, cipher, city.teacher_account, city.teacher, other)
    assert (again["phone"], await kept(db)) == ("139****9000", 1)


async def test_without_consent_no_number_is_kept(
    db: Connection, city: City, cipher: PersonalDataCipher
) -> None:
    await make_consent(db, city.teacher_account, OptionalData.PHOTO)
    await make_consent(db, city.colleague_account)
    for person in (city.city_admin, city.school_admin, city.teacher_account):
        with pytest.raises(DataConsentMissing) as refused:
            await enter(db, cipher, person, city.teacher)
        assert refused.value.details == {"data": "phone"}
    assert await kept(db) == 0


async def test_a_number_is_entered_and_seen_within_ones_place(
    db: Connection, city: City, cipher: PersonalDataCipher
) -> None:
    await make_phone(db, cipher, city.teacher_account, city.teacher)
    teacher_id = city.teacher["id"]
    for person in (city.sibling_admin, city.colleague_account, city.other_county_admin):
        with pytest.raises(TeacherNotFound):
            await enter(db, cipher, person, city.teacher)
        with pytest.raises(TeacherNotFound):
            await get_phone(db, person.actor, teacher_id=teacher_id)
        with pytest.raises(TeacherNotFound):
            await remove_phone(db, person.actor, teacher_id=teacher_id)
    for person in (city.auditor, city.integration):
        with pytest.raises(NotAllowed):
            await get_phone(db, person.actor, teacher_id=teacher_id)
    assert await kept(db) == 1


async def test_a_number_is_erased_and_the_consent_stands(
    db: Connection, city: City, cipher: PersonalDataCipher
) -> None:
    await make_phone(db, cipher, city.teacher_account, city.teacher)
    actor, teacher_id = city.teacher_account.actor, city.teacher["id"]
    assert (await remove_phone(db, actor, teacher_id=teacher_id))["phone"] == MASKED
    for act in (get_phone, remove_phone):
        with pytest.raises(PhoneNotFound):
            await act(db, actor, teacher_id=teacher_id)
    [consent] = await list_data_consents(db, actor)
    assert consent["withdrawn_at"] is None


async def test_a_consent_is_given_once_and_taken_back_with_what_was_kept(
    db: Connection, city: City, cipher: PersonalDataCipher
) -> None:
    actor = city.teacher_account.actor
    await make_phone(db, cipher, city.teacher_account, city.teacher)
    await make_phone(db, cipher, city.colleague_account, city.colleague)
    [given] = await list_data_consents(db, actor)
    again = await give_data_consent(db, actor, new=NewDataConsent(data=OptionalData.PHONE), now=NOW)
    assert again == given
    with pytest.raises(DataConsentNotFound):
        await withdraw_data_consent(
            db, city.colleague_account.actor, consent_id=given["id"], now=NOW
        )
    withdrawn = await withdraw_data_consent(db, actor, consent_id=given["id"], now=NOW)
    assert withdrawn == given | {"withdrawn_at": NOW}
    rows = await db._driver.fetch("SELECT teacher_id FROM teacher_phone")
    assert [row["teacher_id"] for row in rows] == [city.colleague["id"]]
    with pytest.raises(DataConsentNotFound):
        await withdraw_data_consent(db, actor, consent_id=given["id"], now=NOW)
    anew = await give_data_consent(db, actor, new=NewDataConsent(data=OptionalData.PHONE), now=NOW)
    assert await list_data_consents(db, actor) == [anew, withdrawn]


async def test_consents_belong_to_the_person(db: Connection, city: City) -> None:
    new = NewDataConsent(data=OptionalData.LOCATION)
    for person in (city.school_admin, city.city_admin, city.auditor, city.integration):
        with pytest.raises(NotAllowed) as refused:
            await give_data_consent(db, person.actor, new=new, now=NOW)
        assert refused.value.details == {"permission": "record:own"}
        with pytest.raises(NotAllowed):
            await list_data_consents(db, person.actor)
    through = replace(city.teacher_account.actor, client_id=city.integration.actor.account_id)
    with pytest.raises(NotInPerson):
        await give_data_consent(db, through, new=new, now=NOW)
    assert await db._driver.fetchval("SELECT count(*) FROM data_consent") == 0


async def test_of_a_number_and_a_withdrawal_at_once_no_number_remains(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        consent = await make_consent(db, city.teacher_account)

    async def number() -> None:
        async with real_pool.transaction() as db:
            await enter(db, resources.cipher, city.school_admin, city.teacher)

    async def withdrawal() -> None:
        async with real_pool.transaction() as db:
            await withdraw_data_consent(
                db, city.teacher_account.actor, consent_id=consent["id"], now=NOW
            )

    found = await asyncio.gather(
        *(number() for _ in range(5)), withdrawal(), *(number() for _ in range(5)),
        return_exceptions=True,
    )  # fmt: skip
    assert {type(each) for each in found} <= {type(None), DataConsentMissing}
    async with real_pool.connection() as db:
        assert await kept(db) == 0

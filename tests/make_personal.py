"""What tests of personal data need: consents, numbers, and whole ID numbers of teachers."""

from typing import Any

from app.domain.people.corrections import CorrectedField, Correction, CorrectionState
from app.domain.people.identity import PersonalDataCipher
from app.domain.people.optional_data import (
    NewDataConsent,
    NewPhone,
    OptionalData,
    give_data_consent,
    set_phone,
)
from app.sql import Connection, Row, new_id
from tests.make import NOW, Person

PHONE = "13800138000"
MASKED = "138****8000"
REASON = "核对证件信息"


async def make_consent(
    db: Connection, person: Person, data: OptionalData = OptionalData.PHONE
) -> Row:
    """The consent of a teacher to optional data."""
    return await give_data_consent(db, person.actor, new=NewDataConsent(data=data), now=NOW)


async def make_phone(
    db: Connection, cipher: PersonalDataCipher, person: Person, teacher: Row, phone: str = PHONE
) -> Row:
    """A teacher's own number, with the consent."""
    await make_consent(db, person)
    new = NewPhone.model_validate({"phone": phone})
    return await set_phone(
        db, person.actor, teacher_id=teacher["id"], new=new, cipher=cipher, now=NOW
    )


async def make_correction(db: Connection, teacher: Row, **more: Any) -> Row:
    """That a teacher asks for another name."""
    row = {
        "id": new_id(), "teacher_id": teacher["id"], "field": CorrectedField.NAME,
        **{each: teacher[each] for each in ("city_id", "county_id", "school_id")},
        "stated": "更名", "reason": "登记有误", "state": CorrectionState.ASKED, "asked_at": NOW,
        **more,
    }  # fmt: skip
    await db.insert(Correction, row)
    return row


async def number_of(db: Connection, cipher: PersonalDataCipher, teacher: Row) -> str:
    """The whole ID number of a teacher, which from now on is found by it."""
    number = cipher.open(teacher["id_number_sealed"], context=f"teacher|id_number|{teacher['id']}")
    await db._driver.execute(
        "UPDATE teacher SET id_number_index = $2 WHERE id = $1",
        teacher["id"],
        cipher.blind_index(number),
    )
    return number

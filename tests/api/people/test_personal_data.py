from app.domain.access.audit import Provenance, record_act
from app.request import Resources
from app.sql import Connection
from tests.make import City, Client
from tests.make_personal import PHONE, REASON, make_phone, number_of


async def test_what_is_sealed_is_shown_and_the_person_is_told(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    await make_phone(db, resources.cipher, city.teacher_account, city.teacher)
    number = await number_of(db, resources.cipher, city.teacher)
    # What was made so far belongs to an act of its own.
    await record_act(db, None, operation="make", target_id=None, provenance=Provenance())
    path = f"/teachers/{city.teacher['id']}/reveal"
    asked = {"data": ["id_number", "phone"], "reason": REASON}
    shown = await client.post(city.school_admin, path, asked)
    assert shown.status_code == 200, shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert shown.json() == {
        "teacher_id": str(city.teacher["id"]), "id_kind": "resident_card", "id_number": number,
        "birth_date": None, "phone": PHONE, "left_today": 49,
    }  # fmt: skip
    looks = await client.get(city.teacher_account, "/me/record/looks")
    [look] = looks.json()["items"]
    assert (look["account_name"], look["reason"], look["data"]) == (
        "school.admin", REASON, ["id_number", "phone"],
    )  # fmt: skip
    acts = await client.get(
        city.auditor, "/audit/acts?operation=reveal_personal_data&include=changes"
    )
    [act] = acts.json()["items"]
    assert act["target_id"] == str(city.teacher["id"])
    assert act["account_id"] == str(city.school_admin.actor.account_id)
    [change] = act["changes"]
    assert (change["table_name"], change["after"]["reason"]) == ("look", REASON)
    assert number not in acts.text


async def test_an_answer_with_what_is_sealed_is_kept_nowhere(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    number = await number_of(db, resources.cipher, city.teacher)
    path = f"/teachers/{city.teacher['id']}/reveal"
    asked = {"data": ["id_number"], "reason": REASON}
    for left in (49, 48):
        shown = await client.post(
            city.school_admin, path, asked, headers={"Idempotency-Key": "the-same-key"}
        )
        assert shown.json()["left_today"] == left, "asked twice it is two looks"
    bodies = await db._driver.fetch("SELECT body FROM idempotent_answer")
    assert not any(number.encode() in bytes(row["body"]) for row in bodies)
    assert bodies == []


async def test_refusals(client: Client, db: Connection, city: City, resources: Resources) -> None:
    path = f"/teachers/{city.teacher['id']}/reveal"
    asked = {"data": ["id_number"], "reason": REASON}
    foreign = await client.post(city.sibling_admin, path, asked)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "teacher_not_found")
    refused = await client.post(city.auditor, path, asked)
    assert (refused.status_code, refused.json()["details"]) == (
        403, {"permission": "personal_data:reveal"},
    )  # fmt: skip
    for wrong in ({}, {"data": ["id_number"]}, asked | {"data": ["salary"]}):
        unfit = await client.post(city.school_admin, path, wrong)
        assert (unfit.status_code, unfit.json()["code"]) == (422, "invalid_request")
    assert await db._driver.fetchval("SELECT count(*) FROM look") == 0


async def test_a_used_up_day_says_when_to_come_back(
    client: Client, db: Connection, city: City
) -> None:
    await db._driver.execute(
        "INSERT INTO look (id, teacher_id, account_id, kind, data, reason, at)"
        " SELECT gen_random_uuid(), $1, $2, 'revealed', '{phone}', 'x', now()"
        " FROM generate_series(1, 50)",
        city.teacher["id"],
        city.school_admin.actor.account_id,
    )
    answer = await client.post(
        city.school_admin, f"/teachers/{city.teacher['id']}/reveal",
        {"data": ["id_number"], "reason": REASON},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (429, "reveals_used_up")
    assert 0 < int(answer.headers["retry-after"]) <= 24 * 3600 + 1


async def test_a_teacher_is_found_by_a_number_in_the_body(
    client: Client, db: Connection, city: City, resources: Resources
) -> None:
    number = await number_of(db, resources.cipher, city.teacher)
    found = await client.post(
        city.school_admin, "/personal-data/find-teachers", {"id_number": number, "reason": REASON}
    )
    assert [row["id"] for row in found.json()] == [str(city.teacher["id"])]
    assert number not in found.text
    assert found.headers["cache-control"] == "no-store"
    elsewhere = await client.post(
        city.sibling_admin, "/personal-data/find-teachers", {"id_number": number, "reason": REASON}
    )
    assert (elsewhere.status_code, elsewhere.json()) == (200, [])
    for wrong in ({"reason": REASON}, {"phone": "1", "id_number": "1", "reason": REASON}):
        unfit = await client.post(city.school_admin, "/personal-data/find-teachers", wrong)
        assert unfit.status_code == 422
    bad = await client.post(
        city.school_admin,
        "/personal-data/find-teachers",
        {"phone": "139-Zaubernuss", "reason": REASON},
    )
    assert (bad.status_code, bad.json()["code"]) == (422, "phone_bad_form")
    assert "Zaubernuss" not in bad.text

from app.sql import Connection
from tests.make import City, Client
from tests.make_personal import MASKED, PHONE

SET = "mutation ($id: UUID!, $new: NewPhone!) { setPhone(teacherId: $id, new: $new) { phone } }"


async def test_a_number_is_kept_for_as_long_as_it_is_allowed(
    client: Client, db: Connection, city: City
) -> None:
    given = {"id": str(city.teacher["id"]), "new": {"phone": PHONE}}
    without = await client.graphql(city.school_admin, SET, given)
    assert without["errors"][0]["extensions"]["code"] == "data_consent_missing"
    consent = await client.graphql(
        city.teacher_account, "mutation { giveDataConsent(new: {data: PHONE}) { id data } }"
    )
    entered = await client.graphql(city.school_admin, SET, given)
    assert entered["data"]["setPhone"] == {"phone": MASKED}
    shown = await client.graphql(
        city.teacher_account, "query ($id: UUID!) { phone(teacherId: $id) { phone } }",
        {"id": given["id"]},
    )  # fmt: skip
    assert shown["data"]["phone"] == {"phone": MASKED}
    back = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!) { withdrawDataConsent(consentId: $id) { data withdrawnAt } }",
        {"id": consent["data"]["giveDataConsent"]["id"]},
    )
    assert back["data"]["withdrawDataConsent"]["withdrawnAt"]
    listed = await client.graphql(city.teacher_account, "{ dataConsents { data withdrawnAt } }")
    assert listed["data"]["dataConsents"] == [back["data"]["withdrawDataConsent"]]
    gone = await client.graphql(
        city.school_admin, "mutation ($id: UUID!) { removePhone(teacherId: $id) { phone } }",
        {"id": given["id"]},
    )  # fmt: skip
    assert gone["errors"][0]["extensions"]["code"] == "phone_not_found"

from app.domain.exchange.deliveries import DeliveryState
from app.sql import Connection
from tests.make import City, Client
from tests.make_deliveries import make_delivery


async def test_messages_are_listed_and_sent_anew(
    client: Client, db: Connection, city: City
) -> None:
    row = await make_delivery(db, city.teacher_account.actor.account_id, DeliveryState.GIVEN_UP)
    listed = (await client.get(city.school_admin, "/deliveries?state=given_up")).json()
    assert [each["id"] for each in listed["items"]] == [str(row["id"])]
    assert (await client.get(city.school_admin, "/deliveries?kind=late")).json()["items"] == []
    assert (await client.get(city.teacher_account, "/deliveries")).status_code == 403
    own = (await client.get(city.teacher_account, "/me/deliveries")).json()
    assert own == listed["items"]
    path = f"/deliveries/{row['id']}/retry"
    again = await client.post(city.school_admin, path)
    assert (again.status_code, again.json()["state"]) == (200, "queued")
    refused = await client.post(city.school_admin, path)
    assert (refused.status_code, refused.json()["code"]) == (409, "delivery_not_given_up")


async def test_one_says_by_what_one_is_told(client: Client, city: City) -> None:
    path = "/me/delivery-preferences"
    usual = (await client.get(city.teacher_account, path)).json()
    assert {each["channel"] for each in usual} == {"wecom"}
    for channel in ("email", None):
        new = {"kind": "notice", "channel": channel}
        said = (await client.post(city.teacher_account, path, new)).json()
        assert {each["channel"] for each in said if each["kind"] == "notice"} == {channel}
    wrong = await client.post(city.teacher_account, path, {"kind": "notice", "channel": "pigeon"})
    assert wrong.status_code == 422

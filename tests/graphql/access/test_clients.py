from app.sql import Connection
from tests.make import City, Client
from tests.oauth import make_client

REGISTER = """mutation ($new: NewClient!) {
  registerClient(new: $new) { id name kind scopes flows secret suspendedAt }
}"""


async def test_an_application_is_registered_changed_and_stopped(client: Client, city: City) -> None:
    new = {
        "name": "listening.book", "displayName": "听课本", "organisation": "示例科技公司",
        "purpose": "记录听课", "validTo": "2027-09-01", "scopes": ["TEACHER_READ"],
        "flows": ["CLIENT_CREDENTIALS"], "unitId": str(city.city["id"]),
    }  # fmt: skip
    told = (await client.graphql(city.city_admin, REGISTER, {"new": new}))["data"]["registerClient"]
    assert (told["name"], told["scopes"], told["suspendedAt"]) == (
        "listening.book", ["TEACHER_READ"], None,
    )  # fmt: skip
    form = {
        "grant_type": "client_credentials", "client_id": told["name"],
        "client_secret": told["secret"],
    }  # fmt: skip
    assert (await client.http.post("/oauth/token", data=form)).status_code == 200
    change = """mutation ($id: UUID!) {
      updateClient(clientId: $id, changes: {purpose: "另一用途"}) { purpose organisation }
      rotateClientSecret(clientId: $id) { secret }
      suspendClient(clientId: $id) { suspendedAt }
    }"""
    changed = (await client.graphql(city.city_admin, change, {"id": told["id"]}))["data"]
    assert changed["updateClient"] == {"purpose": "另一用途", "organisation": "示例科技公司"}
    assert changed["rotateClientSecret"]["secret"] != told["secret"]
    assert changed["suspendClient"]["suspendedAt"] is not None
    assert (await client.http.post("/oauth/token", data=form)).status_code == 401
    restore = "mutation ($id: UUID!) { restoreClient(clientId: $id) { suspendedAt } }"
    restored = await client.graphql(city.city_admin, restore, {"id": told["id"]})
    assert restored["data"]["restoreClient"] == {"suspendedAt": None}


async def test_the_register_is_read_by_those_who_may(
    client: Client, db: Connection, city: City
) -> None:
    app = await make_client(db, city.city)
    query = "{ clients { nodes { id name } } }"
    answer = await client.graphql(city.auditor, query)
    assert answer["data"]["clients"]["nodes"] == [{"id": str(app["id"]), "name": app["name"]}]
    one = "query ($id: UUID!) { client(id: $id) { name } }"
    told = await client.graphql(city.auditor, one, {"id": str(app["id"])})
    assert told["data"]["client"] == {"name": app["name"]}
    refused = await client.graphql(city.county_admin, query)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"

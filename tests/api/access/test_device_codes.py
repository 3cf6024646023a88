import re

import pytest

from app.sql import Connection, Row
from tests.make import City, Client
from tests.oauth import SECRET, error_of, make_client


@pytest.fixture
async def app(db: Connection, city: City) -> Row:
    return await make_client(db, city.city)


async def test_a_device_is_given_its_codes(client: Client, app: Row) -> None:
    form = {"client_id": app["name"], "client_secret": SECRET}
    told = (await client.http.post("/oauth/device_authorization", data=form)).json()
    assert re.fullmatch("[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}", told["user_code"])
    assert told["verification_uri"] == "http://test/oauth/device"
    assert told["verification_uri_complete"].endswith(f"?user_code={told['user_code']}")
    assert (told["expires_in"], told["interval"]) == (600, 5)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"client_id": "nobody"}, (401, "invalid_client")),
        ({"client_id": ""}, (401, "invalid_client")),
        ({"scope": "credit:read"}, (400, "invalid_scope")),
    ],
)
async def test_what_is_given_none(
    client: Client, app: Row, more: dict[str, str], error: tuple[int, str]
) -> None:
    form = {"client_id": app["name"], "client_secret": SECRET} | more
    answer = await client.http.post("/oauth/device_authorization", data=form)
    assert error_of(answer) == error

"""Looking into archives over REST."""

import io
import zipfile

from app.sql import Connection
from tests.make import City, Client
from tests.make_archives import make_sealed_of


async def test_a_bundle_is_fetched_by_who_said_why(
    client: Client, db: Connection, city: City
) -> None:
    volume = await make_sealed_of(db, city)
    path = f"/archive-volumes/{volume['id']}/retrievals"
    unsaid = await client.post(city.county_admin, path, {"reason": ""})
    assert unsaid.status_code == 422
    made = (await client.post(city.county_admin, path, {"reason": "年度督导"})).json()
    bundle = f"/archive-retrievals/{made['id']}/bundle"
    answer = await client.get(city.county_admin, bundle)
    assert answer.headers["content-type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names[:2] == ["seal.jwt", "index.pdf"]
    other = await client.get(city.school_admin, bundle)
    assert (other.status_code, other.json()["code"]) == (409, "archive_retrieval_of_another")
    assert (await client.get(city.sibling_admin, bundle)).status_code == 404
    shown = await client.get(city.school_admin, f"/archive-retrievals?volume_id={volume['id']}")
    assert [row["reason"] for row in shown.json()["items"]] == ["年度督导"]

"""Article links over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_document
from tests.make_notices import make_notice


async def test_an_article_is_linked_with_a_notice(
    client: Client, db: Connection, city: City
) -> None:
    document = await make_document(db, city.county, city.county_admin, articles=1)
    notice = await make_notice(db, city.county, city.county_admin)
    path = f"/document-articles/{document['articles'][0]}/links"
    new = {"kind": "notice", "linked_id": str(notice["id"])}
    made = await client.post(city.county_admin, path, new)
    assert (made.status_code, made.json()["number"]) == (201, 1)
    listed = await client.get(city.teacher_account, f"/official-documents/{document['id']}/links")
    assert listed.json() == [made.json()]
    again = await client.post(city.county_admin, path, new)
    assert (again.status_code, again.json()["code"]) == (409, "article_link_exists")
    gone = await client.request(city.county_admin, "DELETE", f"/article-links/{made.json()['id']}")
    assert gone.status_code == 200

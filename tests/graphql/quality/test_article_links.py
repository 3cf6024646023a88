"""Links of articles over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_document
from tests.make_notices import make_notice

ADD = """
mutation ($article: UUID!, $new: NewArticleLink!) {
  addArticleLink(articleId: $article, new: $new) { id kind article { number } }
}
"""
READ = "query ($id: UUID!) { articleLinks(documentId: $id) { linkedId } }"
REMOVE = "mutation ($id: UUID!) { removeArticleLink(linkId: $id) { id } }"


async def test_an_article_is_linked_with_a_notice(
    client: Client, db: Connection, city: City
) -> None:
    document = await make_document(db, city.county, city.county_admin, articles=1)
    notice = str((await make_notice(db, city.county, city.county_admin))["id"])
    new = {"kind": "NOTICE", "linkedId": notice}
    given = {"article": str(document["articles"][0]), "new": new}
    made = (await client.graphql(city.county_admin, ADD, given))["data"]["addArticleLink"]
    assert (made["kind"], made["article"]) == ("NOTICE", {"number": 1})
    read = await client.graphql(city.teacher_account, READ, {"id": str(document["id"])})
    assert read["data"]["articleLinks"] == [{"linkedId": notice}]
    gone = await client.graphql(city.county_admin, REMOVE, {"id": made["id"]})
    assert gone["data"]["removeArticleLink"] == {"id": made["id"]}

"""Articles of official documents over GraphQL."""

from app.domain.quality.official_documents import DocumentState
from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_document

WRITE = """
mutation ($id: UUID!, $new: DocumentArticles!) {
  writeDocumentArticles(documentId: $id, new: $new) { number document { title } }
}
"""
READ = "query ($id: UUID!) { documentArticles(documentId: $id) { number text } }"


async def test_articles_are_written_and_read(client: Client, db: Connection, city: City) -> None:
    document = await make_document(
        db, city.county, city.county_admin, state=DocumentState.DRAFT, title="办法"
    )
    new = {"articles": [{"number": 1, "text": "第一条。"}]}
    key = {"id": str(document["id"])}
    made = await client.graphql(city.county_admin, WRITE, {**key, "new": new})
    assert made["data"]["writeDocumentArticles"] == [{"number": 1, "document": {"title": "办法"}}]
    read = await client.graphql(city.county_admin, READ, key)
    assert read["data"]["documentArticles"] == new["articles"]
    refused = await client.graphql(city.school_admin, READ, key)
    assert refused["errors"][0]["extensions"]["code"] == "official_document_not_found"

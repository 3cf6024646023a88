"""Duties of articles over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_document
from tests.make_evaluations import make_published

CREATE = """
mutation ($article: UUID!, $new: NewArticleDuty!) {
  createArticleDuty(articleId: $article, new: $new) { id number article { text } }
}
"""
READ = """
query ($document: UUID!, $duty: UUID!, $unit: UUID!) {
  articleDuties(documentId: $document) { task }
  articleCoverage(documentId: $document, schoolYear: 2020) { number units fulfilled overdue }
  unitFulfilments(documentId: $document, unitId: $unit, schoolYear: 2020) { fulfilled figure }
  dutyFulfilments(dutyId: $duty, schoolYear: 2020, fulfilled: false) { name needed }
  fulfilmentRows(dutyId: $duty, unitId: $unit, schoolYear: 2020) { noun }
}
"""
REMOVE = "mutation ($duty: UUID!) { removeArticleDuty(dutyId: $duty) { id } }"


async def test_a_duty_and_how_units_stand_with_it(
    client: Client, db: Connection, city: City
) -> None:
    document = await make_document(db, city.county, city.county_admin, articles=1)
    new = {"bearer": "SCHOOL", "task": "制定计划", "rhythm": "YEARLY", "shownBy": "PLAN_IN_FORCE"}
    article = {"article": str(document["articles"][0]), "new": new}
    made = await client.graphql(city.county_admin, CREATE, article)
    duty = made["data"]["createArticleDuty"]
    assert (duty["number"], duty["article"]) == (1, {"text": "第1条。"})
    keys = {
        "document": str(document["id"]), "duty": duty["id"], "unit": str(city.school["id"]),
    }  # fmt: skip
    read = (await client.graphql(city.county_admin, READ, keys))["data"]
    assert read["articleDuties"] == [{"task": "制定计划"}]
    assert read["articleCoverage"] == [{"number": 1, "units": 2, "fulfilled": 0, "overdue": 0}]
    assert read["unitFulfilments"] == [{"fulfilled": False, "figure": 0}]
    assert [each["needed"] for each in read["dutyFulfilments"]] == [1, 1]
    assert read["fulfilmentRows"] == []
    gone = await client.graphql(city.county_admin, REMOVE, {"duty": duty["id"]})
    assert gone["data"]["removeArticleDuty"] == {"id": duty["id"]}


async def test_an_evaluation_shows_what_its_county_was_asked_to_do(
    client: Client, db: Connection, city: City
) -> None:
    await make_published(db, city)
    document = await make_document(db, city.city, city.city_admin, articles=1)
    new = {
        "bearer": "COUNTY", "task": "评估结果纳入学校年度考核", "rhythm": "YEARLY",
        "shownBy": "SCHOOLS_EVALUATED",
    }  # fmt: skip
    article = {"article": str(document["articles"][0]), "new": new}
    await client.graphql(city.city_admin, CREATE, article)
    read = await client.graphql(
        city.county_admin,
        "query ($document: UUID!, $unit: UUID!) { unitFulfilments(documentId: $document,"
        " unitId: $unit, schoolYear: 2026) { figure needed fulfilled } }",
        {"document": str(document["id"]), "unit": str(city.county["id"])},
    )
    assert read["data"]["unitFulfilments"] == [{"figure": 1, "needed": 2, "fulfilled": False}]

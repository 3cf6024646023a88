from app.sql import Connection
from tests.make import City, Client
from tests.make_needs import make_survey

CREATE = (
    "mutation ($id: UUID!, $new: NewSurveyLink!) { createSurveyLink(surveyId: $id, new: $new)"
    " { id tokens issued } }"
)


async def test_a_link_is_made_listed_and_revoked(
    client: Client, city: City, db: Connection
) -> None:
    survey = await make_survey(db, city.school, city.school_admin)
    one = {"id": str(survey["id"])}
    new = {"schoolId": str(city.school["id"]), "kind": "SINGLE", "tokens": 3}
    made = await client.graphql(city.school_admin, CREATE, {**one, "new": new})
    link = made["data"]["createSurveyLink"]
    assert (link["tokens"], len(set(link["issued"]))) == (3, 3)
    outside = {**new, "schoolId": str(city.sibling["id"])}
    refused = await client.graphql(city.school_admin, CREATE, {**one, "new": outside})
    assert refused["errors"][0]["extensions"]["code"] == "survey_link_outside_audience"
    revoked = await client.graphql(
        city.school_admin,
        "mutation ($id: UUID!) { revokeSurveyLink(linkId: $id) { revokedAt } }",
        {"id": link["id"]},
    )
    assert revoked["data"]["revokeSurveyLink"]["revokedAt"] is not None
    listed = await client.graphql(
        city.school_admin,
        "query ($id: UUID!) { surveyLinks(surveyId: $id) { nodes { id school { name } } } }",
        one,
    )
    assert listed["data"]["surveyLinks"]["nodes"] == [
        {"id": link["id"], "school": {"name": "甲县第一小学"}}
    ]

"""Consultations over GraphQL."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_trainer

ASK = """mutation ($of: UUID!) {
    askConsultation(new: {title: "追问的层次", text: "怎样追问？", trainerId: $of}) { id state }
}"""
ANSWER = """mutation ($id: UUID!) {
    answerConsultation(consultationId: $id, new: {text: "先复述，再追问"}) { state }
}"""
REST = """mutation ($id: UUID!) {
    askFurther(consultationId: $id, new: {text: "能举个例子吗？"}) { state }
    closeConsultation(consultationId: $id, closing: {rating: 4}) { rating }
}"""


async def test_a_consultation_with_its_messages(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(db, city.county, city.county_admin, city.sibling_teacher)
    asker, adviser = city.teacher_account, city.sibling_teacher_account
    made = await client.graphql(asker, ASK, {"of": str(trainer["id"])})
    key = {"id": made["data"]["askConsultation"]["id"]}
    answered = await client.graphql(adviser, ANSWER, key)
    assert answered["data"]["answerConsultation"] == {"state": "ANSWERED"}
    refused = await client.graphql(adviser, ANSWER, key)
    assert refused["errors"][0]["extensions"]["code"] == "consultation_nothing_asked"
    rest = await client.graphql(asker, REST, key)
    assert rest["data"] == {
        "askFurther": {"state": "ASKED"}, "closeConsultation": {"rating": 4},
    }  # fmt: skip
    asked = """query ($id: UUID!, $who: UUID!) {
        consultation(id: $id) { name messages { nodes { byAdviser } totalCount } }
        consultations { nodes { adviserName } }
        ownConsultations { nodes { rating } }
        consultationMessages(consultationId: $id) { nodes { number } }
        consultationTotals(teacherId: $who) { asked closed meanRating }
    }"""
    who = {"who": str(city.sibling_teacher["id"])}
    seen = await client.graphql(adviser, asked, key | who)
    assert seen["data"]["consultation"]["messages"] == {
        "nodes": [{"byAdviser": False}, {"byAdviser": True}, {"byAdviser": False}],
        "totalCount": 3,
    }
    assert seen["data"]["consultations"] == {"nodes": [{"adviserName": "测试丙"}]}
    assert seen["data"]["ownConsultations"] == {"nodes": [{"rating": 4}]}
    assert len(seen["data"]["consultationMessages"]["nodes"]) == 3
    assert seen["data"]["consultationTotals"] == {"asked": 1, "closed": 1, "meanRating": None}
    of_year = "query ($who: UUID!) { consultationTotals(teacherId: $who, year: 3000) { asked } }"
    refused = await client.graphql(adviser, of_year, who)
    assert refused["errors"][0]["extensions"]["code"] == "consultation_year_unfit"

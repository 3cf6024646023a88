"""Assessments of trainers over GraphQL."""

from datetime import date

from app.sql import Connection
from tests.make import City, Client
from tests.make_trainers import make_trainer

ASSESS = """mutation ($id: UUID!) {
    assessTrainer(trainerId: $id, new: {year: 2003, grade: BARELY, remark: "案例偏少"}) {
        id grade trainer { name }
    }
}"""
ONE = "query ($id: UUID!) { trainerAssessment(id: $id) { remark } }"


async def test_a_judgement_with_its_trainer(client: Client, db: Connection, city: City) -> None:
    trainer = await make_trainer(
        db, city.county, city.county_admin, city.teacher, entered_on=date(2002, 1, 1)
    )
    made = await client.graphql(city.county_admin, ASSESS, {"id": str(trainer["id"])})
    judged = made["data"]["assessTrainer"]
    assert (judged["grade"], judged["trainer"]["name"]) == ("BARELY", "测试甲")
    read = await client.graphql(city.teacher_account, ONE, {"id": judged["id"]})
    assert read["data"]["trainerAssessment"] == {"remark": "案例偏少"}
    page = await client.graphql(
        city.teacher_account, "{ trainerAssessments(year: 2003) { nodes { grade } } }"
    )
    assert page["data"]["trainerAssessments"]["nodes"] == [{"grade": "BARELY"}]
    refused = await client.graphql(city.auditor, ASSESS, {"id": str(trainer["id"])})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"

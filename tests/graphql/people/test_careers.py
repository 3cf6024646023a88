from typing import Any

from tests.conftest import SharedPool
from tests.make import City, Client

RECORD = """
mutation ($id: UUID!, $new: NewRank!) {
  recordRank(teacherId: $id, new: $new) { id rank validFrom validTo }
}
"""
CAREER = """
query ($id: UUID!, $asOf: Date, $knownOn: Date) {
  career(teacherId: $id, asOf: $asOf, knownOn: $knownOn) {
    teacherId ranks { id rank validTo } posts { post schoolId } employments { schoolId }
    honours { honour } servicePlaces { kind } serviceStates { state }
    establishments { establishment } education { study } growthResults { finding }
  }
}
"""


def code_of(answer: dict[str, Any]) -> str:
    code: str = answer["errors"][0]["extensions"]["code"]
    return code


async def test_facts_are_recorded_ended_and_withdrawn(client: Client, city: City) -> None:
    teacher = {"id": str(city.teacher["id"])}
    new = {"formerName": "小学高级教师", "validFrom": "2026-09-01"}
    for who, code in (("teacher_account", "not_allowed"), ("sibling_admin", "teacher_not_found")):
        refused = await client.graphql(getattr(city, who), RECORD, teacher | {"new": new})
        assert code_of(refused) == code
    made = await client.graphql(city.school_admin, RECORD, teacher | {"new": new})
    assert made["data"]["recordRank"]["rank"] == "FIRST_GRADE"
    end = """
    mutation ($id: UUID!, $fact: UUID!) {
      endFact(teacherId: $id, factId: $fact, end: { validTo: "2026-10-01" }) { id kind validTo }
    }
    """
    fact = {"fact": made["data"]["recordRank"]["id"]}
    ended = await client.graphql(city.school_admin, end, teacher | fact)
    assert ended["data"]["endFact"]["kind"] == "RANK"
    withdraw = """
    mutation ($id: UUID!, $fact: UUID!) {
      withdrawFact(teacherId: $id, factId: $fact, withdrawal: { reason: "有误" }) { validFrom }
    }
    """
    fact = {"fact": ended["data"]["endFact"]["id"]}
    withdrawn = await client.graphql(city.school_admin, withdraw, teacher | fact)
    assert withdrawn["data"]["withdrawFact"] == {"validFrom": "2026-09-01"}
    again = await client.graphql(city.school_admin, withdraw, teacher | fact)
    assert code_of(again) == "fact_not_found"


async def test_a_career_is_told_as_it_was(client: Client, city: City) -> None:
    teacher = {"id": str(city.teacher["id"])}
    whole = await client.graphql(city.teacher_account, CAREER, teacher)
    career = whole["data"]["career"]
    assert [each["rank"] for each in career["ranks"]] == ["FIRST_GRADE"]
    assert career["posts"] == [{"post": "TEACHER", "schoolId": str(city.school["id"])}]
    before = await client.graphql(city.teacher_account, CAREER, teacher | {"asOf": "2020-08-31"})
    assert before["data"]["career"]["ranks"] == []
    unknown = await client.graphql(
        city.teacher_account, CAREER, teacher | {"knownOn": "2020-12-31"}
    )
    assert unknown["data"]["career"]["ranks"] == []
    foreign = await client.graphql(city.colleague_account, CAREER, teacher)
    assert code_of(foreign) == "teacher_not_found"


async def test_careers_of_a_page_are_a_statement_for_each_kind_that_is_asked_for(
    client: Client, city: City, pool: SharedPool
) -> None:
    before = pool.statements
    answer = await client.graphql(
        city.city_admin,
        '{ teachers { nodes { name career(asOf: "2021-01-01") { ranks { rank } posts { post } } } } }',
    )
    assert pool.statements - before == 4
    assert len(answer["data"]["teachers"]["nodes"]) == 5
    for node in answer["data"]["teachers"]["nodes"]:
        assert node["career"] == {
            "ranks": [{"rank": "FIRST_GRADE"}],
            "posts": [{"post": "TEACHER"}],
        }


async def test_a_teacher_of_a_day_has_the_rank_of_that_day(client: Client, city: City) -> None:
    document = '{ teacher(id: "%s", asOf: "%s") { rank posts } }'
    for day, shown in (
        ("2020-08-31", {"rank": None, "posts": []}),
        ("2020-09-01", {"rank": "FIRST_GRADE", "posts": ["TEACHER"]}),
    ):
        answer = await client.graphql(city.auditor, document % (city.teacher["id"], day))
        assert answer["data"]["teacher"] == shown

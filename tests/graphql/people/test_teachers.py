from typing import Any

import pytest

from tests.conftest import SharedPool
from tests.make import City, Client, id_number

ENTER = """
mutation ($new: NewTeacher!) {
  createTeacher(new: $new) { name rank posts idNumber school { name parent { name } } }
}
"""
RANK = """
mutation ($id: UUID!, $new: NewRank!) { recordRank(teacherId: $id, new: $new) { rank } }
"""


def new_teacher(city: City, **changed: Any) -> dict[str, Any]:
    return {
        "name": "新教师",
        "subject": "PHYSICS",
        "stage": "JUNIOR_SECONDARY",
        "schoolId": str(city.school["id"]),
        "idNumber": id_number(),
    } | changed


def code_of(answer: dict[str, Any]) -> str:
    assert answer["data"] is None
    code: str = answer["errors"][0]["extensions"]["code"]
    return code


async def test_a_teacher_is_entered_and_leads_to_the_school(client: Client, city: City) -> None:
    new = new_teacher(city)
    answer = await client.graphql(city.county_admin, ENTER, {"new": new})
    number = new["idNumber"]
    assert answer["data"]["createTeacher"] == {
        "name": "新教师", "rank": "UNRANKED", "posts": ["TEACHER"],
        "idNumber": f"{number[:4]}**********{number[-4:]}",
        "school": {"name": "甲县第一小学", "parent": {"name": "甲县"}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "changed", "code"),
    [
        ("sibling_admin", {}, "unit_not_found"),
        ("teacher_account", {}, "not_allowed"),
        ("school_admin", {"idNumber": "110105194912310021"}, "id_number_bad_check_digit"),
        ("school_admin", {"name": ""}, "invalid_request"),
    ],
)
async def test_a_refusal_never_repeats_the_number(
    client: Client, city: City, who: str, changed: dict[str, Any], code: str
) -> None:
    new = new_teacher(city, **changed)
    answer = await client.graphql(getattr(city, who), ENTER, {"new": new})
    assert code_of(answer) == code
    assert new["idNumber"] not in str(answer)


async def test_edges_lead_nobody_out_of_what_is_ones_own(client: Client, city: City) -> None:
    document = """
    {
      teachers(first: 100) {
        nodes { name school { name schools { name } teachers(first: 100) { nodes { name } } parent {
          name schools { name } counties { name } } } }
      }
    }
    """
    answer = await client.graphql(city.teacher_account, document)
    assert answer["data"]["teachers"]["nodes"] == [
        {
            "name": "测试甲",
            "school": {
                "name": "甲县第一小学",
                "schools": [],
                "teachers": {"nodes": [{"name": "测试甲"}]},
                "parent": {"name": "甲县", "schools": [], "counties": []},
            },
        }
    ]
    answer = await client.graphql(city.school_admin, document)
    told = str(answer)
    assert "测试乙" in told
    assert not any(name in told for name in ("测试丙", "测试丁", "第二小学", "乙县", "功能区"))


async def test_a_page_with_its_schools_is_two_statements(
    client: Client, city: City, pool: SharedPool
) -> None:
    before = pool.statements
    answer = await client.graphql(
        city.city_admin, "{ teachers { nodes { name school { name } } } }"
    )
    assert len(answer["data"]["teachers"]["nodes"]) == 5
    assert pool.statements - before == 2


async def test_pages_follow_each_other(client: Client, city: City) -> None:
    document = """
    query ($after: String) {
      teachers(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
    }
    """
    seen: list[str] = []
    after, more = None, True
    while more:
        answer = await client.graphql(city.city_admin, document, {"after": after})
        page = answer["data"]["teachers"]
        seen += [node["id"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ('after: "x"', "bad_cursor"),
        ('sort: "birth_date"', "unknown_sort"),
        ("birthDate: 1", "graphql_invalid"),
    ],
)
async def test_only_what_is_offered_can_be_asked(
    client: Client, city: City, arguments: str, code: str
) -> None:
    document = f"{{ teachers({arguments}) {{ nodes {{ name }} }} }}"
    assert code_of(await client.graphql(city.city_admin, document)) == code


async def test_nobody_promotes_oneself(client: Client, city: City) -> None:
    variables = {
        "id": str(city.teacher["id"]),
        "new": {"rank": "SENIOR", "validFrom": "2021-09-01"},
    }
    for who, code in (("teacher_account", "not_allowed"), ("sibling_admin", "teacher_not_found")):
        assert code_of(await client.graphql(getattr(city, who), RANK, variables)) == code
    answer = await client.graphql(city.school_admin, RANK, variables)
    assert answer["data"]["recordRank"] == {"rank": "SENIOR"}

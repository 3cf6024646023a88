from tests.make import City, Client

NAME = (
    "mutation ($id: UUID!, $new: NewResponsibility!) { nameResponsible(unitId: $id, new: $new)"
    " { id name duty unit { name } } }"
)
END = (
    "mutation ($id: UUID!, $end: ResponsibilityEnd!)"
    " { endResponsibility(responsibilityId: $id, end: $end) { validTo } }"
)


async def test_who_answers_is_named_and_who_is_missing_is_told(client: Client, city: City) -> None:
    new = {
        "duty": "TRAINING_LEAD", "teacherId": str(city.teacher["id"]), "department": "教导处",
        "validFrom": "2025-09-01",
    }  # fmt: skip
    named = await client.graphql(
        city.school_admin, NAME, {"id": str(city.school["id"]), "new": new}
    )
    held = named["data"]["nameResponsible"]
    assert (held["name"], held["unit"]) == ("测试甲", {"name": "甲县第一小学"})
    shown = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { schoolsWithoutResponsible { nodes { name } }"
        " responsibilities(unitId: $id) { nodes { name } }"
        " unit(id: $id) { responsibilities { department } } }",
        {"id": str(city.school["id"])},
    )
    assert shown["data"] == {
        "schoolsWithoutResponsible": {"nodes": [{"name": "甲县第二小学"}]},
        "responsibilities": {"nodes": [{"name": "测试甲"}]},
        "unit": {"responsibilities": [{"department": "教导处"}]},
    }
    ended = await client.graphql(
        city.school_admin, END, {"id": held["id"], "end": {"on": "2026-01-01"}}
    )
    assert ended["data"]["endResponsibility"] == {"validTo": "2026-01-01"}

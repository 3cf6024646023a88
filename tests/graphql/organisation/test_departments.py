from app.domain.access.roles import Duty, Role
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.make import City, Client, make_account, make_activity
from tests.make_organisation import make_department


async def test_departments_come_change_and_go(client: Client, city: City) -> None:
    made = await client.graphql(
        city.county_admin,
        "mutation ($new: NewDepartment!)"
        " { createDepartment(new: $new) { id name kind duties unit { name } } }",
        {"new": {
            "unitId": str(city.county["id"]), "name": "教研室", "kind": "RESEARCH_OFFICE",
            "duties": ["GUIDE"],
        }},
    )  # fmt: skip
    department = made["data"]["createDepartment"]
    assert department == {
        "id": department["id"], "name": "教研室", "kind": "RESEARCH_OFFICE", "duties": ["GUIDE"],
        "unit": {"name": "甲县"},
    }  # fmt: skip
    changed = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $changes: DepartmentChanges!)"
        " { updateDepartment(departmentId: $id, changes: $changes) { duties } }",
        {"id": department["id"], "changes": {"duties": ["ORGANISE", "REVIEW"]}},
    )
    assert changed["data"]["updateDepartment"] == {"duties": ["ORGANISE", "REVIEW"]}
    listing = "{ departments(duty: REVIEW) { totalCount nodes { name } } }"
    listed = await client.graphql(city.county_admin, listing)
    assert listed["data"]["departments"] == {"totalCount": 1, "nodes": [{"name": "教研室"}]}
    closing = "mutation ($id: UUID!) { closeDepartment(departmentId: $id) { validTo } }"
    refused = await client.graphql(city.school_admin, closing, {"id": department["id"]})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    closed = await client.graphql(city.county_admin, closing, {"id": department["id"]})
    assert closed["data"]["closeDepartment"]["validTo"] is not None
    listed = await client.graphql(city.county_admin, listing)
    assert listed["data"]["departments"]["nodes"] == []


async def test_units_lead_to_departments_and_these_to_activities(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    department: Row = {}
    for unit in (city.school, city.sibling):
        department = await make_department(db, unit, Duty.ORGANISE)
        await make_activity(db, unit, city.county_admin, organiser_department_id=department["id"])
    before = pool.statements
    found = await client.graphql(
        city.county_admin,
        "{ units(level: SCHOOL) { nodes { name departments { name activities { nodes"
        " { title organiserDepartment { name } } } } } } }",
    )
    assert pool.statements - before == 4
    assert found["data"]["units"]["nodes"] == [
        {"name": name, "departments": [{"name": "综合办", "activities": {"nodes": [
            {"title": "测试研修活动", "organiserDepartment": {"name": "综合办"}}
        ]}}]}
        for name in ("甲县第一小学", "甲县第二小学")
    ]  # fmt: skip
    officer = await make_account(db, "officer", Role.DEPARTMENT_OFFICER, department)
    own = await client.graphql(officer, "{ activities { nodes { organiserDepartment { id } } } }")
    assert own["data"]["activities"]["nodes"] == [
        {"organiserDepartment": {"id": str(department["id"])}}
    ]

from app.domain.access.roles import Role
from app.sql import Connection
from tests.make import City, Client, make_account
from tests.make_organisation import make_assignment


async def test_what_is_agreed_is_reviewed(client: Client, db: Connection, city: City) -> None:
    assignment = await make_assignment(db, city.county, city.auditor, city.school)
    adviser = await make_account(db, "adviser", Role.SCHOOL_ADVISER, assignment)
    key = str(assignment["id"])
    agreed = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $new: NewTarget!)"
        " { agreeTarget(assignmentId: $id, new: $new) { id outcome } }",
        {"id": key, "new": {"aim": "目标", "measure": "标准", "dueOn": "2026-12-31"}},
    )
    target = agreed["data"]["agreeTarget"]
    assert target["outcome"] is None
    reviewing = (
        "mutation ($id: UUID!, $review: TargetReview!)"
        " { reviewTarget(targetId: $id, review: $review) { outcome result } }"
    )
    review = {"id": target["id"], "review": {"outcome": "MET", "result": "全部完成"}}
    refused = await client.graphql(city.school_admin, reviewing, review)
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    seen = await client.graphql(adviser, reviewing, review)
    assert seen["data"]["reviewTarget"] == {"outcome": "MET", "result": "全部完成"}
    listed = await client.graphql(
        city.school_admin,
        "query ($id: UUID!, $target: UUID!)"
        " { targets(assignmentId: $id) { outcome } target(id: $target) { aim } }",
        {"id": key, "target": target["id"]},
    )
    assert listed["data"] == {"targets": [{"outcome": "MET"}], "target": {"aim": "目标"}}

from app.domain.access.roles import Role
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.make import City, Client, make_account
from tests.make_organisation import make_assignment, make_network, make_target


async def test_somebody_is_assigned_for_a_term(client: Client, db: Connection, city: City) -> None:
    network = await make_network(db, city.county, city.school)
    holder = await make_account(db, "holder", Role.NETWORK_COORDINATOR, network)
    creating = (
        "mutation ($new: NewAssignment!)"
        " { createAssignment(new: $new) { id holder schoolIds network { name } } }"
    )
    new = {
        "unitId": str(city.county["id"]), "accountId": str(holder.actor.account_id),
        "networkId": str(network["id"]), "validTo": "2099-09-01",
    }  # fmt: skip
    refused = await client.graphql(city.school_admin, creating, {"new": new})
    assert refused["errors"][0]["extensions"]["code"] == "not_allowed"
    made = await client.graphql(city.county_admin, creating, {"new": new})
    assignment = made["data"]["createAssignment"]
    assert assignment == {
        "id": assignment["id"], "holder": "holder", "schoolIds": [str(city.school["id"])],
        "network": {"name": "友好学校"},
    }  # fmt: skip
    ended = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!) { endAssignment(assignmentId: $id) { validTo } }",
        {"id": assignment["id"]},
    )
    assert ended["data"]["endAssignment"]["validTo"] < "2099-09-01"


async def test_assignments_lead_to_their_targets(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    assignment: Row = {}
    for school in (city.school, city.sibling):
        assignment = await make_assignment(db, city.county, city.auditor, school)
        await make_target(db, assignment)
    before = pool.statements
    found = await client.graphql(
        city.county_admin, "{ assignments { nodes { targets { aim outcome } } } }"
    )
    assert pool.statements - before == 2
    assert (
        found["data"]["assignments"]["nodes"]
        == [{"targets": [{"aim": "全员完成年度学时", "outcome": None}]}] * 2
    )
    own = await client.graphql(
        city.school_admin, "query ($id: UUID!) { assignment(id: $id) { holder } }",
        {"id": str(assignment["id"])},
    )  # fmt: skip
    assert own["errors"][0]["extensions"]["code"] == "assignment_not_found"

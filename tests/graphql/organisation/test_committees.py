from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client
from tests.make_organisation import make_committee

CREATE = (
    "mutation ($new: NewCommittee!) { createCommittee(new: $new)"
    " { id kind concern unit { name } members { name } } }"
)


async def test_a_group_is_set_up_read_and_dissolved(client: Client, city: City) -> None:
    new = {
        "unitId": str(city.county["id"]), "name": "校本研修工作领导小组", "kind": "LEADING_GROUP",
        "concern": "RESEARCH", "validFrom": "2020-09-01",
    }  # fmt: skip
    made = await client.graphql(city.county_admin, CREATE, {"new": new})
    committee = made["data"]["createCommittee"]
    assert committee["unit"] == {"name": "甲县"}
    refused = await client.graphql(city.county_admin, CREATE, {"new": new})
    assert refused["errors"][0]["extensions"]["code"] == "leading_group_exists"
    known = await client.graphql(
        city.school_admin, "query ($id: UUID!) { committee(id: $id) { name } }", committee
    )
    assert known["data"]["committee"] == {"name": "校本研修工作领导小组"}
    ended = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!) { dissolveCommittee(committeeId: $id) { validTo } }",
        committee,
    )
    assert ended["data"]["dissolveCommittee"]["validTo"] is not None
    listed = await client.graphql(
        city.county_admin,
        '{ committees { totalCount } then: committees(asOf: "2021-01-01") { totalCount } }',
    )
    assert listed["data"] == {"committees": {"totalCount": 0}, "then": {"totalCount": 1}}


async def test_the_groups_of_all_schools_are_one_statement_a_level(
    client: Client, city: City, db: Connection, pool: SharedPool
) -> None:
    for unit in (city.school, city.sibling):
        await make_committee(db, unit, "王教授")
    before = pool.statements
    shown = await client.graphql(
        city.county_admin,
        "query ($id: UUID!) { unit(id: $id)"
        " { schools { committees { name members { duty name } } } } }",
        {"id": str(city.county["id"])},
    )
    members = [{"duty": "CHAIR", "name": None}, {"duty": "MEMBER", "name": "王教授"}]
    group = {"name": "校本研修工作小组", "members": members}
    assert shown["data"]["unit"]["schools"] == [{"committees": [group]}] * 2
    assert pool.statements - before == 4

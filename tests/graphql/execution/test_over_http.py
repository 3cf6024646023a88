"""What a client meets at `/graphql`: costs, hashes, refusals in both languages."""

from hashlib import sha256
from typing import Any

from tests.conftest import SharedPool
from tests.make import City, Client

TEXT = "query ($id: UUID!) { unit(id: $id) { name schools { name } } }"


async def post(client: Client, city: City, language: str = "en", **body: Any) -> dict[str, Any]:
    answer = await client.http.post(
        "/graphql", json=body, headers=client.headers(city.county_admin, language)
    )
    content: dict[str, Any] = answer.json()
    return content


async def test_the_cost_is_told_when_asked_for(client: Client, city: City) -> None:
    variables = {"id": str(city.county["id"])}
    told = await post(client, city, query=TEXT, variables=variables, extensions={"cost": True})
    assert told["data"]["unit"]["name"] == "甲县"
    assert told["extensions"] == {
        "cost": {
            "cost": 33,
            "limit": 150_000,
            "depth": 3,
            "depthLimit": 12,
            "aliases": 0,
            "aliasLimit": 30,
            "branches": 2,
            "branchLimit": 100,
            "dearest": "unit.schools.name",
        }
    }
    assert "extensions" not in await post(client, city, query=TEXT, variables=variables)


async def test_a_dear_document_is_refused_in_both_languages(client: Client, city: City) -> None:
    query = (
        "{ units(first: 100) { nodes { schools { teachers(first: 100) { nodes { name } } } } } }"
    )
    (chinese,) = (await post(client, city, "zh", query=query))["errors"]
    (english,) = (await post(client, city, "en", query=query))["errors"]
    assert chinese["extensions"]["code"] == english["extensions"]["code"] == "too_expensive"
    assert english["extensions"]["details"] == {
        "what": "cost",
        "found": 2 + 100 * (1 + 30 * (2 + 100)),
        "limit": 150_000,
        "dearest": "units.nodes.schools.teachers.nodes.name",
    }
    assert "units.nodes.schools.teachers.nodes.name" in chinese["message"]
    assert "开销" in chinese["message"]
    assert "more than the limit of 150000" in english["message"]


async def test_a_document_is_sent_once_and_then_by_its_hash(client: Client, city: City) -> None:
    by_hash = {"persistedQuery": {"version": 1, "sha256Hash": sha256(TEXT.encode()).hexdigest()}}
    variables = {"id": str(city.county["id"])}
    first = await post(client, city, variables=variables, extensions=by_hash)
    assert first["errors"][0]["extensions"]["code"] == "persisted_query_not_found"
    whole = await post(client, city, query=TEXT, variables=variables, extensions=by_hash)
    again = await post(client, city, variables=variables, extensions=by_hash)
    assert again == whole
    assert again["data"]["unit"]["name"] == "甲县"
    other = await post(client, city, query=TEXT + " ", variables=variables, extensions=by_hash)
    assert other["errors"][0]["extensions"]["code"] == "persisted_query_mismatch"


async def test_a_request_without_any_document_is_not_valid(client: Client, city: City) -> None:
    refused = await post(client, city, variables={})
    assert refused["status"] == 422
    assert refused["code"] == "invalid_request"


async def test_columns_that_nobody_asks_for_are_not_read(client: Client, city: City) -> None:
    query = (
        "query ($id: UUID!) { unit(id: $id) { teachers { nodes { __typename school { id } } } } }"
    )
    answer = await post(client, city, query=query, variables={"id": str(city.school["id"])})
    school = {"id": str(city.school["id"])}
    expected = {"__typename": "Teacher", "school": school}
    assert answer["data"]["unit"]["teachers"]["nodes"] == [expected, expected]


async def test_a_total_is_counted_only_when_it_is_asked_for(
    client: Client, city: City, pool: SharedPool
) -> None:
    counted = "{ units(first: 2, level: SCHOOL) { totalCount nodes { name } } }"
    answer = await post(client, city, query=counted)
    assert answer["data"]["units"]["totalCount"] == 2
    before = pool.statements
    await post(client, city, query="{ units(first: 1, level: SCHOOL) { nodes { name } } }")
    assert pool.statements - before == 1
    page = "{ units(first: 1) { totalCount pageInfo { endCursor } } }"
    first = (await post(client, city, query=page))["data"]["units"]
    assert first["totalCount"] == 3
    following = "query ($after: String) { units(first: 1, after: $after) { totalCount } }"
    variables = {"after": first["pageInfo"]["endCursor"]}
    second = await post(client, city, query=following, variables=variables)
    assert second["data"]["units"] == {"totalCount": 3}


async def test_one_operation_of_several_is_chosen_by_its_name(client: Client, city: City) -> None:
    query = "query A { profile { name } } query B { units(first: 1) { nodes { name } } }"
    chosen = await post(client, city, query=query, operationName="B")
    assert list(chosen["data"]) == ["units"]
    for name in (None, "C", ""):
        refused = await post(client, city, query=query, operationName=name)
        (error,) = refused["errors"]
        assert refused["data"] is None
        assert error["extensions"]["code"] == "graphql_invalid"
        expected = "Say which" if name is None else "There is no such operation"
        assert error["message"].startswith(expected)
    unknown = await post(
        client, city, "zh", query="query A { profile { name } }", operationName="B"
    )
    assert unknown["errors"][0]["message"] == "没有该操作。"


async def test_a_nested_connection_goes_on_after_a_cursor(
    client: Client, city: City, pool: SharedPool
) -> None:
    query = """
    query ($id: UUID!, $after: String) {
      unit(id: $id) { schools { name teachers(first: 1, after: $after) {
        edges { cursor node { name } } pageInfo { hasNextPage endCursor } totalCount
      } } }
    }
    """
    variables = {"id": str(city.county["id"])}
    before = pool.statements
    first = await post(client, city, query=query, variables=variables)
    assert pool.statements - before == 4, "the county, its schools, their teachers, how many"
    one, two = (each["teachers"] for each in first["data"]["unit"]["schools"])
    assert (one["totalCount"], two["totalCount"]) == (2, 1)
    assert one["pageInfo"] == {"hasNextPage": True, "endCursor": one["edges"][0]["cursor"]}
    assert two["pageInfo"]["hasNextPage"] is False
    variables["after"] = one["pageInfo"]["endCursor"]
    rest = await post(client, city, query=query, variables=variables)
    one, _ = (each["teachers"] for each in rest["data"]["unit"]["schools"])
    assert [edge["node"]["name"] for edge in one["edges"]] == ["测试甲"]
    assert (one["totalCount"], one["pageInfo"]["hasNextPage"]) == (2, False)
    bad = await post(client, city, query=query, variables=variables | {"after": "x"})
    assert [school["teachers"] for school in bad["data"]["unit"]["schools"]] == [None, None]
    assert bad["data"]["unit"]["schools"][0]["name"] == "甲县第一小学"
    assert {error["extensions"]["code"] for error in bad["errors"]} == {"bad_cursor"}
    assert bad["errors"][0]["path"] == ["unit", "schools", 0, "teachers"]


async def test_nodes_are_priced_by_how_many_are_asked_for(client: Client, city: City) -> None:
    key = str(city.county["id"])
    for ids, cost in (([key], 3), ([key] * 40, 81)):
        literal = ", ".join(f'"{each}"' for each in ids)
        for query, variables in (
            (f"{{ nodes(ids: [{literal}]) {{ __typename id }} }}", None),
            ("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {"ids": ids}),
        ):
            told = await post(
                client, city, query=query, variables=variables, extensions={"cost": True}
            )
            assert told["extensions"]["cost"]["cost"] == cost

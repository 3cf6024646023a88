from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import confirm_output, make_output

DECIDE = (
    "mutation ($id: UUID!, $decision: OutputDecision!)"
    " { decideOutput(outputId: $id, decision: $decision) { state } }"
)


async def test_an_output_from_its_statement_to_its_confirmation(
    client: Client, city: City, db: Connection
) -> None:
    other = await make_output(db, city.sibling_teacher_account, city.sibling_teacher)
    await confirm_output(db, city.sibling_admin, other)
    new = {
        "title": other["title"], "kind": "PAPER", "level": "CITY", "venue": "学报",
        "publishedOn": "2026-10-01", "authorIds": [str(city.teacher["id"])],
    }  # fmt: skip
    made = await client.graphql(
        city.teacher_account,
        "mutation ($new: NewOutput!) { stateOutput(new: $new) { id state unit { name } } }",
        {"new": new},
    )
    output = made["data"]["stateOutput"]
    assert (output["state"], output["unit"]) == ("STATED", {"name": "甲县第一小学"})
    one = {"id": output["id"]}
    query = "query ($id: UUID!) { outputDuplicates(outputId: $id) { outputId grounds unit } }"
    found = await client.graphql(city.school_admin, query, one)
    assert found["data"]["outputDuplicates"] == [
        {"outputId": str(other["id"]), "grounds": ["TITLE"], "unit": "甲县第二小学"}
    ]
    decision = {**one, "decision": {"verdict": "CONFIRMED"}}
    refused = await client.graphql(city.school_admin, DECIDE, decision)
    assert refused["errors"][0]["extensions"]["code"] == "output_duplicated"
    changed = await client.graphql(
        city.teacher_account,
        'mutation ($id: UUID!) { updateOutput(outputId: $id, changes: {title: "另一篇"}) { title } }',
        one,
    )
    assert changed["data"]["updateOutput"] == {"title": "另一篇"}
    done = await client.graphql(city.school_admin, DECIDE, decision)
    assert done["data"]["decideOutput"] == {"state": "CONFIRMED"}
    await settled(client, city, one)


async def settled(client: Client, city: City, one: dict[str, str]) -> None:
    """What is confirmed is read, and not taken back."""
    late = await client.graphql(
        city.teacher_account, "mutation ($id: UUID!) { withdrawOutput(outputId: $id) { id } }", one
    )
    assert late["errors"][0]["extensions"]["code"] == "output_settled"
    read = await client.graphql(
        city.teacher_account,
        "query ($id: UUID!) { output(id: $id) { title topic { id } } outputs { nodes { id } } }",
        one,
    )
    assert read["data"] == {
        "output": {"title": "另一篇", "topic": None}, "outputs": {"nodes": [one]},
    }  # fmt: skip

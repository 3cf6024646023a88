from typing import Any

from app.sql import Connection
from tests.make import City, Client
from tests.make_topics import confirm_output, make_output

NEW = {
    "year": 2026, "title": "成果奖", "opensOn": "2020-01-01", "closesOn": "2099-12-31",
}  # fmt: skip
ENTER = (
    "mutation ($id: UUID!, $output: UUID!) { enterAchievement(roundId: $id,"
    " new: {outputId: $output}) { id award round { year } output { title } topic { id } } }"
)


async def test_an_award_from_its_round_to_its_winners(
    client: Client, city: City, db: Connection
) -> None:
    output = await make_output(db, city.teacher_account, city.teacher)
    await confirm_output(db, city.school_admin, output)
    made = await client.graphql(
        city.county_admin,
        "mutation ($new: NewAwardRound!) { createAwardRound(new: $new) { id unit { name } } }",
        {"new": NEW | {"unitId": str(city.county["id"])}},
    )
    contest = made["data"]["createAwardRound"]
    assert contest["unit"] == {"name": "甲县"}
    given = {"id": contest["id"], "output": str(output["id"])}
    entered = (await client.graphql(city.teacher_account, ENTER, given))["data"]["enterAchievement"]
    assert (entered["award"], entered["output"]) == (None, {"title": output["title"]})
    assert (entered["round"], entered["topic"]) == ({"year": 2026}, None)
    taken = await client.graphql(
        city.teacher_account,
        "mutation ($id: UUID!) { withdrawAchievement(entryId: $id) { id } }",
        {"id": entered["id"]},
    )
    assert taken["data"]["withdrawAchievement"] == {"id": entered["id"]}
    entered = (await client.graphql(city.teacher_account, ENTER, given))["data"]["enterAchievement"]
    awards = {"awards": [{"entryId": entered["id"], "award": "FIRST"}]}
    published = await client.graphql(
        city.county_admin,
        "mutation ($id: UUID!, $new: Awards!) { awardAchievements(roundId: $id, new: $new)"
        " { state entries { nodes { award } } } }",
        {"id": contest["id"], "new": awards},
    )
    assert published["data"]["awardAchievements"] == {
        "state": "PUBLISHED", "entries": {"nodes": [{"award": "FIRST"}]},
    }  # fmt: skip
    assert await read(client, city, contest["id"], entered["id"]) == {
        "awardRounds": {"nodes": [{"id": contest["id"]}]},
        "awardRound": {"state": "PUBLISHED"},
        "awardEntry": {"award": "FIRST"},
        "awardEntries": {"nodes": [{"title": output["title"]}]},
    }


async def read(client: Client, city: City, contest: str, entry: str) -> Any:
    """What a teacher of another school sees of a round that is over."""
    answer = await client.graphql(
        city.sibling_teacher_account,
        "query ($id: UUID!, $entry: UUID!) { awardRounds(year: 2026) { nodes { id } }"
        " awardRound(id: $id) { state } awardEntry(id: $entry) { award }"
        " awardEntries(roundId: $id, winners: true) { nodes { title } } }",
        {"id": contest, "entry": entry},
    )
    return answer["data"]

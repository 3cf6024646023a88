from tests.make import City, Client

CHANGES = """
query ($after: String, $kinds: [ChangeKind!]) {
  changes(first: 20, after: $after, kinds: $kinds) {
    items { kind id change teacher { name school { name } } creditEntry { credits } }
    next more
  }
}
"""


async def test_the_feed_begins_before_everything(client: Client, city: City) -> None:
    """Inside one transaction nothing has committed yet, so there is nothing to show."""
    answer = await client.graphql(city.integration, CHANGES)
    assert "errors" not in answer, answer
    changes = answer["data"]["changes"]
    assert (changes["items"], changes["more"]) == ([], False)
    again = await client.graphql(city.integration, CHANGES, {"after": changes["next"]})
    assert again["data"]["changes"]["items"] == []


async def test_who_may_not_read_changes_is_told_so(client: Client, city: City) -> None:
    answer = await client.graphql(city.teacher_account, CHANGES)
    assert answer["errors"][0]["extensions"]["code"] == "not_allowed"


async def test_a_changed_cursor_is_refused(client: Client, city: City) -> None:
    answer = await client.graphql(city.integration, CHANGES, {"after": "nonsense"})
    assert answer["errors"][0]["extensions"]["code"] == "bad_cursor"

"""The question bank over GraphQL."""

from tests.make import City, Client

ADD = """mutation ($new: NewBankQuestions!) { addBankQuestions(new: $new) { id kind version correct } }"""
NEW = {
    "kind": "SINGLE_CHOICE", "text": "哪一种提问更开放？", "points": "2", "correct": ["a"],
    "options": [{"code": "a", "text": "为什么"}, {"code": "b", "text": "对不对"}],
}  # fmt: skip
REVISE = """mutation ($id: UUID!, $new: NewBankQuestion!) {
  reviseBankQuestion(questionId: $id, new: $new) {
    version versions { nodes { number document { text options { code } } } } } }"""
RETIRE = """mutation ($id: UUID!) {
  retireBankQuestion(questionId: $id, retirement: {reason: "过时"}) { retiredBecause } }"""
READ = """query ($id: UUID!) { bankQuestion(id: $id) { text }
  bankQuestions(kind: SINGLE_CHOICE) { nodes { id } }
  bankQuestionVersions(questionId: $id) { nodes { number } } }"""


async def test_questions_are_added_revised_and_retired(client: Client, city: City) -> None:
    admin, owned = city.school_admin, {"unitId": str(city.school["id"])}
    made = await client.graphql(admin, ADD, {"new": owned | {"questions": [NEW]}})
    [question] = made["data"]["addBankQuestions"]
    assert (question["kind"], question["version"], question["correct"]) == (
        "SINGLE_CHOICE", 1, ["a"]
    )  # fmt: skip
    given = {"id": question["id"]}
    again = await client.graphql(admin, REVISE, given | {"new": NEW | {"text": "改写"}})
    assert again["data"]["reviseBankQuestion"] == {
        "version": 2,
        "versions": {
            "nodes": [
                {
                    "number": number,
                    "document": {"text": text, "options": [{"code": "a"}, {"code": "b"}]},
                }
                for number, text in ((1, NEW["text"]), (2, "改写"))
            ]
        },
    }
    gone = await client.graphql(admin, RETIRE, given)
    assert gone["data"] == {"retireBankQuestion": {"retiredBecause": "过时"}}
    read = (await client.graphql(admin, READ, given))["data"]
    assert read == {
        "bankQuestion": {"text": "改写"},
        "bankQuestions": {"nodes": [given]},
        "bankQuestionVersions": {"nodes": [{"number": 1}, {"number": 2}]},
    }

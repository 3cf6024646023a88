"""Stated figures over GraphQL."""

from tests.make import City, Client

STATE = """mutation ($unit: UUID!) { stateFigure(unitId: $unit, new: {
    source: REPORT, document: "校本研修工作匯報", place: "一、基本情况", quote: "教师3人",
    comparison: COUNT, counts: TEACHERS,
    stated: [{label: "教师", number: "3", countedIn: PERSON}]
}) { id state verdict stated { label number countedIn bound } unit { name } } }"""
CHECK = """mutation ($id: UUID!) { checkStatedFigure(figureId: $id) { verdict } }"""
EXPLAIN = """mutation ($id: UUID!) {
    explainStatedFigure(figureId: $id, said: {explanation: "含临聘一人"}) { state }
}"""
CONCLUDE = """mutation ($id: UUID!) { concludeStatedFigure(figureId: $id, conclusion: {
    outcome: EXPLAINED, conclusion: "口径不同"
}) { state outcome } }"""
READ = """query ($id: UUID!) {
    statedFigure(figureId: $id) { quote cleaned }
    statedFigures(state: EXPLAINED) { nodes { id } }
    figureChecks(figureId: $id) { nodes {
        id number numerator difference reasons { code zh } lines { label stated found reason }
        figure { id }
    } }
    figureExamples { defect verdict reasons }
}"""
ROWS = """query ($check: UUID!) {
    figureCheck(checkId: $check) { verdict }
    figureCheckRows(checkId: $check) { unitName numerator own differs }
}"""


async def test_a_figure_is_stated_checked_explained_and_concluded(
    client: Client, city: City
) -> None:
    by = city.school_admin
    stated = await client.graphql(by, STATE, {"unit": str(city.school["id"])})
    made = stated["data"]["stateFigure"]
    assert made["stated"] == [
        {"label": "教师", "number": "3", "countedIn": "PERSON", "bound": "EXACT"}
    ]
    assert (made["verdict"], made["unit"]) == ("DIFFERS", {"name": city.school["name"]})
    one = {"id": made["id"]}
    assert (await client.graphql(by, CHECK, one))["data"] == {
        "checkStatedFigure": {"verdict": "DIFFERS"}
    }
    said = await client.graphql(by, EXPLAIN, one)
    assert said["data"]["explainStatedFigure"] == {"state": "EXPLAINED"}
    read = (await client.graphql(by, READ, one))["data"]
    assert read["statedFigure"] == {"quote": "教师3人", "cleaned": "教师3人"}
    assert read["statedFigures"]["nodes"] == [one]
    first, second = read["figureChecks"]["nodes"]
    assert (first["number"], second["number"], first["numerator"]) == (1, 2, 2)
    assert first["reasons"] == [{"code": "NUMBER_DIFFERS", "zh": "文中数与登记数不一致"}]
    assert first["lines"] == [
        {"label": "教师", "stated": "3人", "found": "2", "reason": "NUMBER_DIFFERS"}
    ]
    assert first["figure"] == one
    assert {"defect": "D32", "verdict": "CANNOT_BE_DECIDED",
            "reasons": ["JURISDICTIONS_DIFFER"]} in read["figureExamples"]  # fmt: skip
    rows = (await client.graphql(by, ROWS, {"check": first["id"]}))["data"]
    assert rows == {
        "figureCheck": {"verdict": "DIFFERS"},
        "figureCheckRows": [
            {"unitName": city.school["name"], "numerator": 2, "own": None, "differs": False}
        ],
    }
    done = await client.graphql(city.county_admin, CONCLUDE, one)
    assert done["data"]["concludeStatedFigure"] == {"state": "CLOSED", "outcome": "EXPLAINED"}

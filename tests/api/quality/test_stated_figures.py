"""Stated figures over REST."""

from tests.make import City, Client
from tests.make_stated_figures import STATED


async def test_a_figure_is_stated_checked_explained_and_concluded(
    client: Client, city: City
) -> None:
    path = f"/units/{city.school['id']}/stated-figures"
    sent = await client.post(city.school_admin, path, STATED | {"quote": " 21所 "})
    made = sent.json()
    assert (sent.status_code, made["state"], made["verdict"]) == (201, "open", "differs")
    assert (made["quote"], made["cleaned"]) == (" 21所 ", "21所")
    assert made["stated"][1]["stage"] == "senior_secondary"
    one = f"/stated-figures/{made['id']}"
    assert (await client.get(city.county_admin, one)).json() == made
    assert (await client.get(city.sibling_admin, one)).status_code == 404
    found = await client.get(city.county_admin, "/stated-figures?verdict=differs&state=open")
    assert [each["id"] for each in found.json()["items"]] == [made["id"]]
    again = await client.post(city.school_admin, f"{one}/checks", {})
    assert again.json()["state"] == "open"
    checks = await client.get(city.school_admin, f"/figure-checks?figure_id={made['id']}")
    first, second = checks.json()["items"]
    assert (first["number"], second["number"], first["difference"]) == (1, 2, "1.00")
    assert first["reasons"][0]["en"] == "the parts do not add up to the whole"
    check = f"/figure-checks/{first['id']}"
    assert (await client.get(city.school_admin, check)).json() == first
    rows = (await client.get(city.school_admin, f"{check}/rows")).json()
    assert [(row["unit_name"], row["numerator"], row["differs"]) for row in rows] == [
        (city.school["name"], 1, False)
    ]
    said = await client.post(city.school_admin, f"{one}/explain", {"explanation": "含教学点"})
    assert said.json()["state"] == "explained"
    verdict = {"outcome": "document_corrected", "conclusion": "已更正为20所"}
    refused = await client.post(city.school_admin, f"{one}/conclude", verdict)
    assert refused.status_code == 403
    done = await client.post(city.county_admin, f"{one}/conclude", verdict)
    assert (done.json()["state"], done.json()["outcome"]) == ("closed", "document_corrected")
    late = await client.post(city.school_admin, f"{one}/checks", {})
    assert (late.status_code, late.json()["code"]) == (409, "stated_figure_closed")


async def test_persons_and_person_times_are_not_added(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}/stated-figures"
    whole, part, *_ = STATED["stated"]
    mixed = STATED | {"stated": [whole, part | {"counted_in": "person_time"}]}
    answer = await client.post(city.school_admin, path, mixed)
    assert answer.status_code == 422
    assert "different units is not added" in answer.text
    assert (await client.get(city.school_admin, "/stated-figures")).json()["items"] == []


async def test_what_the_sources_state_is_answered(client: Client, city: City) -> None:
    found = (await client.get(city.school_admin, "/figure-examples")).json()
    [one] = [each for each in found if each["defect"] == "D12"]
    assert one["verdict"] == "cannot_both_hold"
    assert one["lines"][0]["found"] == "109–112"

import pytest

from tests.make import City, Client


async def test_a_code_is_given_made_void_and_told(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}"
    given = await client.post(
        city.county_admin, f"{path}/codes", {"code": "2143000001", "valid_from": "2024-09-01"}
    )
    assert (given.status_code, given.json()["code"]) == (201, "2143000001")
    void = await client.post(city.county_admin, f"{path}/codes/void", {"on": "2025-09-01"})
    assert (void.status_code, void.json()["code"]) == (200, None)
    [told] = (await client.get(city.school_admin, f"{path}/codes")).json()
    assert (told["code"], told["kind"], told["valid_to"]) == ("2143000001", "school", "2025-09-01")
    other = await client.post(
        city.county_admin, f"/units/{city.sibling['id']}/codes", {"code": "2143000001"}
    )
    assert (other.status_code, other.json()["code"]) == (409, "unit_code_taken")
    none = await client.post(city.county_admin, f"{path}/codes/void", {})
    assert (none.status_code, none.json()["code"]) == (409, "unit_has_no_code")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_code_that_cannot_be_is_told_in_words(
    client: Client, city: City, language: str
) -> None:
    answer = await client.post(
        city.county_admin, f"/units/{city.school['id']}/codes", {"code": "9943000001"},
        headers={"Accept-Language": language},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "unit_code_unfit")
    assert ("category" in answer.json()["detail"]) == (language == "en")

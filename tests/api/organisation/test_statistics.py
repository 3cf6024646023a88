from tests.make import City, Client

SOURCE = {"school_year": 2016, "source": "校本研修工作汇报"}


async def test_figures_are_stated_confirmed_and_compared(client: Client, city: City) -> None:
    path = f"/units/{city.county['id']}/statistics"
    keys = {}
    for measure, value in (
        ("schools", 21), ("established_teachers", 1030), ("trained_persons", 1103),
    ):  # fmt: skip
        stated = await client.post(
            city.county_admin, path, SOURCE | {"measure": measure, "value": value}
        )
        assert stated.status_code == 201, stated.text
        keys[measure] = stated.json()["id"]
    confirm = f"/statistics/{keys['schools']}/confirm"
    refused = await client.post(city.county_admin, confirm)
    assert (refused.status_code, refused.json()["code"]) == (409, "statistic_confirmed_by_author")
    assert (await client.post(city.city_admin, confirm)).status_code == 200
    lines = f"/units/{city.county['id']}/statistic-lines?school_year=2016"
    schools = (await client.get(city.county_admin, lines)).json()[0]
    assert (schools["stated"], schools["registered"], schools["registered_difference"]) == (
        21, 2, 19,
    )  # fmt: skip
    assert schools["confirmed"] is True
    rates = f"/units/{city.county['id']}/statistic-rates?school_year=2016"
    (share,) = (await client.get(city.county_admin, rates)).json()
    assert (share["name"], share["value"], share["exceeds_whole"]) == (
        "trained_share", "1.0709", True,
    )  # fmt: skip
    hidden = await client.get(city.school_admin, lines)
    assert (hidden.status_code, hidden.json()["code"]) == (403, "not_allowed")


async def test_a_figure_is_amended_and_kept(client: Client, city: City) -> None:
    path = f"/units/{city.county['id']}/statistics"
    keys = []
    for value in (21, 20):
        figure = SOURCE | {"measure": "schools", "value": value, "precision": "exact"}
        stated = await client.post(city.county_admin, path, figure)
        assert stated.status_code == 201, stated.text
        keys.append(stated.json()["id"])
    old = await client.get(city.county_admin, f"/statistics/{keys[0]}?include=unit")
    assert old.json()["superseded_at"] is not None
    assert (old.json()["value"], old.json()["unit"]["name"]) == (21, "甲县")
    late = await client.post(city.city_admin, f"/statistics/{keys[0]}/confirm")
    assert (late.status_code, late.json()["code"]) == (409, "statistic_superseded")
    found = await client.get(city.county_admin, "/statistics?measure=schools&school_year=2016")
    assert [row["value"] for row in found.json()["items"]] == [20]
    for wrong in ({"value": -1}, {"value": 1, "school_year": 2099}):
        answer = await client.post(
            city.county_admin, path, SOURCE | {"measure": "students"} | wrong
        )
        assert answer.status_code == 422

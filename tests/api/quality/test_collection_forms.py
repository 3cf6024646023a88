"""Collection forms over REST, from the upload of the workbook to the filled one."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from app.domain.quality.collection_forms.mapping import rows_of
from app.domain.quality.measures import IndicatorMeasure
from app.domain.quality.stated_figures import FigureCount
from app.tabular import read_layout
from tests.make import City, Client, Person
from tests.make_collection_forms import FORM, workbook

CONTRACT = Path(__file__).parents[3] / "docs" / "openapi.json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def upload_form(client: Client, by: Person, city: City) -> str:
    """Hand in the county's workbook; its key."""
    made = await client.request(
        by, "POST", "/files", content=workbook(), headers={"Content-Type": XLSX},
        params={"name": "统计表.xlsx", "unit_id": str(city.county["id"])},
    )  # fmt: skip
    assert made.status_code == 201, made.text
    key: str = made.json()["id"]
    return key


async def test_a_form_is_uploaded_issued_confirmed_and_added_up(client: Client, city: City) -> None:
    by = city.county_admin
    file_id = await upload_form(client, by, city)
    new = FORM | {"unit_id": str(city.county["id"]), "file_id": file_id, "due_on": "2099-12-31"}
    sent = await client.post(by, "/collection-forms", new)
    form = sent.json()
    assert (sent.status_code, form["cells"]) == (201, FORM["cells"])
    listed = await client.get(city.school_admin, "/collection-forms?closed=false")
    assert [each["id"] for each in listed.json()["items"]] == [form["id"]]
    one = f"/collection-forms/{form['id']}"
    assert (await client.get(city.school_admin, one)).json() == form
    assert (await client.get(city.school_admin, f"{one}/totals")).status_code == 403
    [row] = (await client.get(city.school_admin, "/form-returns?state=open")).json()["items"]
    path = f"/form-returns/{row['id']}"
    assert (await client.get(city.sibling_admin, path)).status_code == 404
    assert (await client.get(by, path)).json()["title"] == FORM["title"]
    cells = (await client.get(city.school_admin, f"{path}/cells")).json()
    assert [each["value"] for each in cells] == ["2.00", "0.00", None, None]
    wrong = {"cells": [{"cell": "B4", "value": "5"}, {"cell": "E4", "value": "1"}]}
    refused = await client.post(city.school_admin, f"{path}/confirm", wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "form_reason_missing")
    right = {"cells": [{"cell": "E4", "value": "300"}]}
    done = await client.post(city.school_admin, f"{path}/confirm", right)
    assert done.json()["state"] == "confirmed"
    totals = (await client.get(by, f"{one}/totals")).json()
    assert [(each["cell"], each["value"], each["confirmed"]) for each in totals] == [
        ("B4", "2.00", 1), ("C4", "0.00", 1), ("D4", None, 1), ("E4", "300.00", 1),
    ]  # fmt: skip
    values = (await client.get(by, f"{one}/cell-values?cell=E4")).json()["items"]
    assert [each["stated"] for each in values if each["state"] == "confirmed"] == ["300.00"]
    for person, address in ((by, one), (city.school_admin, path)):
        filled = await client.get(person, f"{address}/workbook")
        assert filled.headers["content-type"] == XLSX
        assert read_layout(BytesIO(filled.content)).cells[3, 4] == "300"
    back = await client.post(by, f"{path}/send-back", {"reason": "请核实"})
    assert back.json()["state"] == "sent_back"
    closed = await client.post(by, f"{one}/close", {})
    assert closed.json()["closed_at"] is not None
    late = await client.post(city.school_admin, f"{path}/confirm", right)
    assert (late.status_code, late.json()["code"]) == (409, "collection_form_closed")


async def test_a_cell_that_cannot_be_filled_is_named(client: Client, city: City) -> None:
    by = city.county_admin
    file_id = await upload_form(client, by, city)
    new = FORM | {"unit_id": str(city.county["id"]), "file_id": file_id, "due_on": "2099-12-31"}
    for cell, measure, code in (
        ("B4", "happiness", "form_measure_unknown"),
        ("B2", "teachers", "form_cell_merged"),
        ("F4", "teachers", "form_cell_formula"),
    ):
        cells = [{"cell": cell, "label": "教师", "measure": measure}]
        answer = await client.post(by, "/collection-forms", new | {"cells": cells})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await client.get(by, "/collection-forms")).json()["items"] == []


@pytest.mark.parametrize("code", [*FigureCount, *IndicatorMeasure])
async def test_the_address_of_the_rows_leads_there(code: str, client: Client, city: City) -> None:
    """Every one is a list of today, and is asked by what that list is asked by."""
    period = {"since": date(2026, 9, 1), "until": date(2026, 11, 20)}
    address = rows_of(code, unit_id=city.school["id"], **period)
    assert address is not None
    answer = await client.get(city.school_admin, address.removeprefix("/api/v1"))
    assert answer.status_code == 200, answer.text
    path, _, query = address.replace(str(city.school["id"]), "{unit_id}").partition("?")
    operation = json.loads(CONTRACT.read_text())["paths"][path]["get"]
    known = {each["name"] for each in operation["parameters"]}
    assert dict(parse_qsl(query)).keys() <= known

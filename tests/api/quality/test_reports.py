"""Reports over REST."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from docx import Document

from app.sql import Connection
from tests.make import City, Client
from tests.make_reports import make_autumn


def of(report: dict[str, Any], code: str) -> dict[str, Any]:
    return next(each for each in report["figures"] if each["code"] == code)


async def test_a_report_is_drafted_written_issued_and_withdrawn(
    client: Client, city: City, db: Connection
) -> None:
    by = city.school_admin
    await make_autumn(db, city.school, by, city.teacher, city.colleague)
    drafted = await client.post(by, "/reports", {"unit_id": str(city.school["id"])})
    assert drafted.status_code == 201, drafted.text
    report = drafted.json()
    one = f"/reports/{report['id']}"
    assert drafted.headers["location"] == f"/api/v1{one}"
    again = await client.post(by, "/reports", {"unit_id": str(city.school["id"])})
    assert (again.status_code, again.json()["code"]) == (409, "report_drafted_already")
    words = {"sections": [{"heading": "一、概况", "text": "参训{trained_teachers}。"}]}
    stale = await client.request(
        by, "PATCH", one, json=words, headers={"If-Match": '"of another state"'}
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")
    tag = (await client.get(by, one)).headers["etag"]
    written = await client.request(by, "PATCH", one, json=words, headers={"If-Match": tag})
    assert written.status_code == 200
    assert written.json()["sections"][0]["rendered"].startswith("参训2人，占100.00%（2/2人，截至")
    naked = {"sections": [{"heading": "一", "text": "参训率93%"}]}
    refused = await client.request(by, "PATCH", one, json=naked)
    assert (refused.status_code, refused.json()["code"]) == (422, "percentage_without_base")
    issued = (await client.post(by, f"{one}/issue", None)).json()
    assert (issued["state"], issued["figures"]) == ("issued", report["figures"])
    found = await client.get(city.county_admin, "/reports?state=issued&kind=school_year")
    assert [each["id"] for each in found.json()["items"]] == [report["id"]]
    assert (await client.get(city.sibling_admin, one)).status_code == 404
    gone = await client.post(by, f"{one}/withdraw", {"reason": "数据有误"})
    assert gone.json()["withdrawn_because"] == "数据有误"


async def test_every_figure_leads_to_its_rows(client: Client, city: City, db: Connection) -> None:
    by = city.school_admin
    await make_autumn(db, city.school, by, city.teacher, city.colleague)
    report = (await client.post(by, "/reports", {"unit_id": str(city.school["id"])})).json()
    for figure in report["figures"]:
        rows = (await client.get(by, figure["rows"].removeprefix("/api/v1"))).json()["items"]
        assert sum(row["amount"] for row in rows) == figure["numerator"], figure["code"]
    shown = of(report, "demonstrating_teachers")["rows"].removeprefix("/api/v1")
    [row] = (await client.get(by, shown)).json()["items"]
    assert (row["id"], row["name"]) == (str(city.teacher["id"]), city.teacher["name"])
    assert len((await client.get(by, f"{shown}&whole=true")).json()["items"]) == 2
    recounts = (await client.get(by, f"/reports/{report['id']}/recounts")).json()
    assert all(each["agrees"] for each in recounts)
    of_bureau = f"/reports/{report['id']}/figure-rows?code=schools"
    assert (await client.get(by, of_bureau)).json()["code"] == "report_figure_not_found"
    unknown = f"/reports/{report['id']}/figure-rows?code=nothing"
    assert (await client.get(by, unknown)).status_code == 422
    sorted_so = f"/reports/{report['id']}/figure-rows?code=teachers&sort=name"
    assert (await client.get(by, sorted_so)).json()["code"] == "unknown_sort"


async def test_its_files_are_fetched(client: Client, city: City, db: Connection) -> None:
    by = city.school_admin
    await make_autumn(db, city.school, by, city.teacher)
    report = (await client.post(by, "/reports", {"unit_id": str(city.school["id"])})).json()
    one = f"/reports/{report['id']}"
    pdf = await client.get(by, f"{one}/pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert "filename*=UTF-8''" in pdf.headers["content-disposition"]
    document = Document(BytesIO((await client.get(by, f"{one}/docx")).content))
    text = "\n".join(each.text for each in document.paragraphs)
    assert report["title"] in text
    assert report["sections"][1]["rendered"].splitlines()[0] in text
    assert len(document.inline_shapes) == 2  # The kinds of activities, and the shares.
    assert document.sections[0].header.paragraphs[0].text == "草稿，未印发"
    with ZipFile(BytesIO((await client.get(by, f"{one}/xlsx")).content)) as book:
        charts = [name for name in book.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) == 2
        assert b"<c:barChart>" in book.read(charts[0])
    svg = await client.get(by, f"{one}/chart?code=activities")
    assert (svg.headers["content-type"], b"<svg" in svg.content) == ("image/svg+xml", True)
    png = await client.get(by, f"{one}/chart?code=shares&form=png")
    assert (png.headers["content-type"], png.content[:4]) == ("image/png", b"\x89PNG")
    none = await client.get(by, f"{one}/chart?code=spread")
    assert (none.status_code, none.json()["code"]) == (404, "report_chart_not_found")
    for form in ("pdf", "docx", "xlsx", "chart?code=activities"):
        assert (await client.get(city.sibling_admin, f"{one}/{form}")).status_code == 404

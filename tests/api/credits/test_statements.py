from urllib.parse import unquote

from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client


async def test_a_teacher_reads_and_saves_the_own_account(
    client: Client, db: Connection, city: City
) -> None:
    await make_pack(db, city.city)
    for hours in ("100.00", "30.00"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    path = f"/teachers/{city.teacher['id']}/statement"
    answer = await client.get(city.teacher_account, f"{path}?as_of=2026-11-20")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["closing"]["credits"], told["counted_credits"]) == ("130.00", "120.00")
    assert told["lines"][1]["cuts"] == [{"cap_id": "school-based-five-years", "amount": "10.00"}]
    sheet = await client.get(city.teacher_account, f"{path}-sheet?as_of=2026-11-20")
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")
    assert sheet.headers["content-length"] == str(len(sheet.content))
    name = unquote(sheet.headers["content-disposition"].partition("UTF-8''")[2])
    assert name == f"学分对账单-{city.teacher['name']}-2026-2030.xlsx"
    document = await client.get(city.teacher_account, f"{path}-document?as_of=2026-11-20")
    assert (document.status_code, document.content[:4]) == (200, b"%PDF")
    assert document.headers["content-type"] == "application/pdf"
    name = unquote(document.headers["content-disposition"].partition("UTF-8''")[2])
    assert name == f"学分对账单-{city.teacher['name']}-2026-2030.pdf"
    for each in (path, f"{path}-sheet", f"{path}-document"):
        other = await client.get(city.colleague_account, each)
        assert (other.status_code, other.json()["code"]) == (404, "teacher_not_found")

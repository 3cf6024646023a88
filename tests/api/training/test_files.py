from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import httpx2
import pytest
from starlette.requests import ClientDisconnect

from app.domain.training.files import LARGEST, MediaKind
from app.request import Resources
from tests.domain.training.test_files import PNG, everything
from tests.make import City, Client, Person

CONTENT = PNG + bytes(range(256)) * 40


async def upload(
    client: Client, person: Person, data: Any = CONTENT, media_type: str = "image/png", **more: Any
) -> httpx2.Response:
    headers = {"Content-Type": media_type, **more.pop("headers", {})}
    query = {"name": "课堂 照片.png"} | more
    return await client.request(
        person, "POST", "/files", content=data, headers=headers, params=query
    )


def digest(data: bytes) -> dict[str, str]:
    return {"Content-Digest": f"sha-256=:{b64encode(sha256(data).digest()).decode()}:"}


async def link_to(client: Client, person: Person, file_id: str, purpose: str = "download") -> str:
    answer = await client.post(person, f"/files/{file_id}/link", {"purpose": purpose})
    assert answer.status_code == 200, answer.text
    url: str = answer.json()["url"]
    return "/" + url


async def test_a_file_is_handed_in_and_fetched_by_its_link(client: Client, city: City) -> None:
    made = await upload(client, city.teacher_account, headers=digest(CONTENT))
    assert made.status_code == 201, made.text
    file = made.json()
    assert (file["size"], file["kind"], file["sharing"]) == (len(CONTENT), "image", "unit")
    assert (await client.get(city.school_admin, f"/files/{file['id']}")).json() == file
    assert (await client.get(city.school_admin, "/files?kind=image")).json()["items"] == [file]
    url = await link_to(client, city.school_admin, file["id"])
    fetched = await client.get(None, url)
    assert (fetched.status_code, fetched.content) == (200, CONTENT)
    headers = fetched.headers
    assert headers["content-type"] == "image/png"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%E8%AF%BE%E5%A0%82%20%E7%85%A7%E7%89%87.png"
    )
    assert headers["etag"] == f'"{file["sha256"]}"'
    viewed = await client.get(None, await link_to(client, city.school_admin, file["id"], "view"))
    assert viewed.headers["content-disposition"].startswith("inline;")
    known = await client.get(None, url, headers={"If-None-Match": headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=100-", 100, len(CONTENT)),
        ("bytes=-7", len(CONTENT) - 7, len(CONTENT)),
        ("bytes=5-999999999", 5, len(CONTENT)),
    ],
)
async def test_a_range_is_answered_with_that_part(
    client: Client, city: City, asked: str, start: int, end: int
) -> None:
    file = (await upload(client, city.teacher_account)).json()
    url = await link_to(client, city.teacher_account, file["id"])
    part = await client.get(None, url, headers={"Range": asked})
    assert (part.status_code, part.content) == (206, CONTENT[start:end])
    assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert part.headers["content-length"] == str(end - start)


@pytest.mark.parametrize(
    ("asked", "status"),
    [("bytes=999999999-", 416), ("bytes=9-5", 416), ("bytes=0-1,5-6", 200), ("lines=1-2", 200),
     ("bytes=-", 200)],
)  # fmt: skip
async def test_a_range_that_is_none(client: Client, city: City, asked: str, status: int) -> None:
    file = (await upload(client, city.teacher_account)).json()
    url = await link_to(client, city.teacher_account, file["id"])
    assert (await client.get(None, url, headers={"Range": asked})).status_code == status


async def test_a_link_is_for_one_file_and_cannot_be_altered(client: Client, city: City) -> None:
    one = (await upload(client, city.teacher_account)).json()
    two = (await upload(client, city.teacher_account, PNG)).json()
    url = await link_to(client, city.teacher_account, one["id"])
    for wrong in (
        url.replace(one["id"], two["id"]),
        url.replace("download", "view"),
        url.replace("until=", "until=9"),
        url[:-1] + ("0" if url[-1] != "0" else "1"),
        url[:-1] + "é",
    ):
        answer = await client.get(None, wrong)
        assert (answer.status_code, answer.json()["code"]) == (404, "file_link_wrong"), wrong
    assert (await client.get(None, f"//files/{one['id']}")).status_code == 422


async def test_a_text_is_never_saved_as_a_program(client: Client, city: City) -> None:
    file = (
        await upload(
            client, city.teacher_account, b"<script>1</script>", "text/plain", name="a.hta"
        )
    ).json()
    fetched = await client.get(None, await link_to(client, city.teacher_account, file["id"]))
    assert fetched.headers["content-disposition"] == "attachment; filename*=UTF-8''a.hta.txt"
    assert fetched.headers["content-type"].startswith("text/plain")


async def test_refusals_keep_nothing(client: Client, city: City, resources: Resources) -> None:
    before = await everything(resources.archive)
    too_large = {"Content-Length": str(LARGEST[MediaKind.IMAGE] + 1)}
    cases: list[tuple[Person, dict[str, Any], int, str]] = [
        (city.teacher_account, {"data": b"<html>"}, 422, "file_not_as_said"),
        (city.teacher_account, {"data": b""}, 422, "file_empty"),
        (city.teacher_account, {"media_type": "text/html"}, 422, "file_kind_unknown"),
        (city.teacher_account, {"headers": digest(PNG)}, 422, "file_digest_wrong"),
        (
            city.teacher_account, {"headers": {"Content-Digest": "md5=:x:"}}, 422,
            "content_digest_unreadable",
        ),
        (city.teacher_account, {"headers": too_large, "data": b"x"}, 422, "file_too_large"),
        (city.teacher_account, {"name": "../x.png"}, 422, "invalid_request"),
        (city.teacher_account, {"sharing": "everybody"}, 422, "invalid_request"),
        (
            city.teacher_account, {"shows_pupils": "true", "sharing": "county"}, 422,
            "file_consent_missing",
        ),
        (city.school_admin, {}, 403, "not_allowed"),
        (city.school_admin, {"unit_id": str(city.sibling["id"])}, 404, "unit_not_found"),
        (city.teacher_account, {"unit_id": str(city.school["id"])}, 403, "not_allowed"),
    ]  # fmt: skip
    for person, how, status, code in cases:
        answer = await upload(client, person, **how)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert await everything(resources.archive) == before
    assert (await client.get(city.school_admin, "/files")).json()["items"] == []


async def test_a_large_file_passes_through_in_pieces(client: Client, city: City) -> None:
    """More than any other request may bring, and without saying beforehand how much it is."""
    piece, pieces = bytes(100_000), 30

    async def stream() -> AsyncIterator[bytes]:
        yield b"\x1a\x45\xdf\xa3"
        for _ in range(pieces):
            yield piece

    made = await upload(client, city.teacher_account, stream(), "video/webm", name="课.webm")
    assert made.status_code == 201, made.text
    assert made.json()["size"] == 4 + pieces * len(piece)


async def test_a_sender_who_goes_away_leaves_nothing_and_is_no_fault(
    client: Client, city: City, resources: Resources, caplog: pytest.LogCaptureFixture
) -> None:
    before = await everything(resources.archive)

    async def breaks_off() -> AsyncIterator[bytes]:
        yield PNG
        raise ClientDisconnect

    answer = await upload(client, city.teacher_account, breaks_off())
    assert answer.status_code == 400
    assert await everything(resources.archive) == before
    assert not caplog.records


async def test_the_unit_lets_its_file_go_further(client: Client, city: City) -> None:
    file = (await upload(client, city.teacher_account)).json()
    path = f"/files/{file['id']}"
    assert (await client.get(city.county_admin, path)).status_code == 404
    shared = await client.post(city.school_admin, f"{path}/share", {"sharing": "county"})
    assert shared.json() == file | {"sharing": "county"}
    assert (await client.get(city.county_admin, path)).json() == shared.json()

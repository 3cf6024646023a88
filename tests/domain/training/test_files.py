import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.roles import Permission, Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.training.files import (
    FILES,
    LIFETIME,
    Archive,
    Content,
    FileDigestWrong,
    FileEmpty,
    FileKindUnknown,
    FileLinks,
    FileLinkWrong,
    FileNotAsSaid,
    FileNotFound,
    FilePurpose,
    FileQuotaReached,
    FileRefusedByScanner,
    FileSharing,
    FileSharingChange,
    FileTooLarge,
    NewFile,
    NewFileLink,
    PupilsSharedByUnit,
    PupilsStayInside,
    Received,
    check_content,
    check_size,
    check_upload,
    create_file_link,
    get_file,
    list_files,
    saved_name,
    share_file,
    stored_name,
    upload_file,
)
from app.domain.training.files.contents import LARGEST, MEDIA_TYPES, MediaKind
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_account, make_city
from tests.make_evidence import make_file
from tests.make_organisation import make_assignment, make_network

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture" * 200
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def office(*parts: str) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for part in parts:
            archive.writestr(part, "<xml/>")
    return packed.getvalue()


GOOD = {
    "application/pdf": b"%PDF-1.7\n...\n%%EOF\n",
    DOCX: office("[Content_Types].xml", "word/document.xml"),
    DOCX.replace("wordprocessingml.document", "spreadsheetml.sheet"): office(
        "docProps/app.xml", "[Content_Types].xml", "xl/workbook.xml"
    ),
    DOCX.replace("wordprocessingml.document", "presentationml.presentation"): office(
        "[Content_Types].xml", "ppt/presentation.xml"
    ),
    **dict.fromkeys(
        ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    ),
    "text/plain": "研修记录".encode(),
    "text/csv": "姓名,学时\n".encode("gb18030"),
    "image/jpeg": b"\xff\xd8\xff\xe0" + bytes(20),
    "image/png": PNG,
    "image/webp": b"RIFF\0\0\0\0WEBPVP8 ",
    "audio/mpeg": b"ID3\x04" + bytes(20),
    "audio/mp4": b"\0\0\0\x20ftypM4A " + bytes(20),
    "audio/wav": b"RIFF\0\0\0\0WAVEfmt ",
    "video/mp4": b"\0\0\0\x20ftypisom" + bytes(20),
    "video/webm": b"\x1a\x45\xdf\xa3" + bytes(20),
}


OLD_OFFICE = GOOD["application/msword"]


def content_of(*pieces: bytes) -> Content:
    content = Content()
    for piece in pieces:
        content.add(piece)
    return content


async def in_pieces(data: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


def new_file(**more: Any) -> NewFile:
    return NewFile(**({"name": "照片.png", "media_type": "image/png"} | more))


async def hand_in(
    db: Connection, person: Person, archive: Archive, data: bytes = PNG, **more: Any
) -> Row:
    new = new_file(**more)
    await check_upload(db, person.actor, new=new, size=len(data), archive=archive)
    received = await Received.of(archive, in_pieces(data), new=new, sha256=None)
    return await upload_file(db, person.actor, new=new, received=received, archive=archive, now=NOW)


async def everything(archive: Archive) -> list[str]:
    late = NOW + timedelta(days=36_500)
    return [
        name
        for folder in ("incoming", "kept")
        async for names in archive.store.names(folder, late)
        for name in names
    ]


async def read_all(archive: Archive, row: Row) -> bytes:
    name = stored_name(row["sha256"])
    return b"".join([piece async for piece in archive.store.read(name, 0, row["size"])])


# What a file may be.


def test_each_type_is_known_by_its_content_and_by_no_other() -> None:
    assert GOOD.keys() == MEDIA_TYPES.keys()
    for media_type, data in GOOD.items():
        check_content(media_type, content_of(data[:5], data[5:]))
    alike = [{"audio/mp4", "video/mp4"}, {"text/plain", "text/csv"}]
    alike.append({name for name in GOOD if name.startswith("application/") and "ms" in name[:20]})
    for said in GOOD:
        for is_in_truth, data in GOOD.items():
            if said == is_in_truth or any({said, is_in_truth} <= each for each in alike):
                continue
            if said.startswith("text/"):
                continue  # a small PDF is text as well; a browser is told it is nothing but text
            with pytest.raises(FileNotAsSaid):
                check_content(said, content_of(data))


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("application/pdf", b"%PDF-1.7\n cut off"),
        (DOCX, office("[Content_Types].xml", "word/document.xml")[:-30]),
        (DOCX, office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        (DOCX, office("anything.txt")),
        ("application/msword", OLD_OFFICE + bytes(70_000) + "_VBA_PROJECT".encode("utf-16-le")),
        ("text/plain", b"text\0with a null"),
        ("text/plain", b"\xff\xfe\xff not text"),
        ("image/png", b"<script>alert(1)</script>"),
        ("image/jpeg", b"GIF89a"),
        ("audio/mpeg", b"\xff"),
    ],
)
def test_what_is_cut_off_malicious_or_something_else_is_refused(
    media_type: str, data: bytes
) -> None:
    for size in (len(data), 7):
        cut = (data[at : at + size] for at in range(0, len(data), size))
        with pytest.raises(FileNotAsSaid):
            check_content(media_type, content_of(*cut))


def test_a_text_may_be_cut_within_a_character_where_we_stop_reading() -> None:
    check_content("text/plain", content_of(("研" * 4000).encode()))


def test_sizes_are_bounded_by_kind() -> None:
    for media_type, (kind, _) in MEDIA_TYPES.items():
        check_size(media_type, LARGEST[kind])
        with pytest.raises(FileTooLarge):
            check_size(media_type, LARGEST[kind] + 1)
    for unknown in ("text/html", "image/svg+xml", "application/zip", ""):
        with pytest.raises(FileKindUnknown):
            check_size(unknown, 1)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "a/b.png", "a\\b.png", "a\nb.png", "", "x" * 201, "a\x85.png",
     "照片\u202egnp.exe", "\u2067a.png"],
)  # fmt: skip
def test_a_name_is_a_name_and_no_path(name: str) -> None:
    with pytest.raises(ValidationError):
        new_file(name=name)


@pytest.mark.parametrize(
    ("name", "media_type", "saved"),
    [
        ("课堂.PNG", "image/png", "课堂.PNG"),
        ("report.hta", "text/plain", "report.hta.txt"),
        ("page.html", "text/csv", "page.html.csv"),
        ("photo.exe", "image/jpeg", "photo.exe.jpg"),
        ("教案.docm", DOCX, "教案.docm.docx"),
        ("..", "application/pdf", "...pdf"),
    ],
)
def test_a_file_is_saved_as_what_it_was_checked_for(name: str, media_type: str, saved: str) -> None:
    assert saved_name(name, media_type) == saved


def test_every_type_has_an_ending() -> None:
    for media_type in MEDIA_TYPES:
        assert saved_name("x", media_type).startswith("x.")


# Links.


def test_a_link_holds_for_one_file_one_purpose_and_ten_minutes() -> None:
    links, file_id = FileLinks(b"k" * 32), new_id()
    path, ends = links.path(file_id, FilePurpose.VIEW, NOW)
    until = int(ends.timestamp())
    signature = links.signature(file_id, FilePurpose.VIEW, until)
    assert signature in path
    assert ends == NOW + LIFETIME
    links.check(file_id, FilePurpose.VIEW, until, signature, ends)
    for wrong in (
        (file_id, FilePurpose.VIEW, until, signature, ends + timedelta(seconds=1)),
        (file_id, FilePurpose.VIEW, until + 60, signature, NOW),
        (file_id, FilePurpose.DOWNLOAD, until, signature, NOW),
        (new_id(), FilePurpose.VIEW, until, signature, NOW),
        (file_id, FilePurpose.VIEW, until, "0" * 64, NOW),
        (file_id, FilePurpose.VIEW, until, "签" * 64, NOW),
    ):
        with pytest.raises(FileLinkWrong):
            links.check(*wrong)
        with pytest.raises(FileLinkWrong):
            FileLinks(b"other").check(file_id, FilePurpose.VIEW, until, signature, NOW)


# Handing in.


async def test_the_same_content_is_kept_once(
    db: Connection, city: City, resources: Resources
) -> None:
    data = PNG + b"once"
    one = await hand_in(db, city.teacher_account, resources.archive, data)
    two = await hand_in(db, city.colleague_account, resources.archive, data)
    assert one["sha256"] == two["sha256"] == sha256(data).hexdigest()
    assert one["kind"] == MediaKind.IMAGE
    assert one["teacher_id"] == city.teacher["id"]
    names = await everything(resources.archive)
    assert names.count(stored_name(one["sha256"])) == 1
    assert not [name for name in names if name.startswith("incoming")]
    assert await read_all(resources.archive, one) == data


@pytest.mark.parametrize(
    ("data", "digest", "refusal"),
    [
        (b"", None, FileEmpty),
        (b"GIF89a", None, FileNotAsSaid),
        (PNG, bytes(32), FileDigestWrong),
        (PNG + bytes(LARGEST[MediaKind.IMAGE]), None, FileTooLarge),
    ],
    ids=["empty", "not as said", "altered", "too large"],
)
async def test_nothing_is_kept_of_what_is_refused(
    resources: Resources, data: bytes, digest: bytes | None, refusal: type[DomainError]
) -> None:
    before = await everything(resources.archive)
    with pytest.raises(refusal):
        await Received.of(
            resources.archive, in_pieces(data, 1_000_000), new=new_file(), sha256=digest
        )
    assert await everything(resources.archive) == before


async def test_a_scanner_is_asked_where_there_is_one(resources: Resources) -> None:
    class Finds:
        async def finds(self, pieces: AsyncIterator[bytes]) -> str | None:
            return "EICAR" if b"virus" in b"".join([piece async for piece in pieces]) else None

    archive, before = (
        replace(resources.archive, scanner=Finds()),
        await everything(resources.archive),
    )
    clean = await Received.of(archive, in_pieces(PNG), new=new_file(), sha256=None)
    await clean.forget(archive)
    with pytest.raises(FileRefusedByScanner):
        await Received.of(archive, in_pieces(PNG + b"virus"), new=new_file(), sha256=None)
    assert await everything(archive) == before


async def test_a_unit_has_so_much_room_and_no_more(
    db: Connection, city: City, resources: Resources
) -> None:
    archive = replace(resources.archive, quota=len(PNG) * 2 + 1)
    for person in (city.teacher_account, city.colleague_account):
        await hand_in(db, person, archive)
    new = new_file()
    with pytest.raises(FileQuotaReached):
        await hand_in(db, city.teacher_account, archive)
    await check_upload(
        db, city.sibling_teacher_account.actor, new=new, size=len(PNG), archive=archive
    )


async def test_no_more_is_taken_in_than_there_is_room_for(
    db: Connection, city: City, resources: Resources
) -> None:
    archive = replace(resources.archive, quota=len(PNG) + 1500)
    await hand_in(db, city.teacher_account, archive)
    actor, taken = city.teacher_account.actor, 0
    room = await check_upload(db, actor, new=new_file(), size=0, archive=archive)
    assert room == 1500

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1000
            yield bytes(1000)

    before = await everything(archive)
    with pytest.raises(FileQuotaReached):
        await Received.of(archive, endless(), new=new_file(), sha256=None, room=room)
    assert taken == 2000
    assert await everything(archive) == before


async def test_a_content_that_was_lost_is_kept_again(
    db: Connection, city: City, resources: Resources
) -> None:
    archive, data = resources.archive, PNG + new_id().bytes
    row = await hand_in(db, city.teacher_account, archive, data)
    await archive.store.remove([stored_name(row["sha256"])])
    await hand_in(db, city.sibling_teacher_account, archive, data)
    assert await read_all(archive, row) == data


async def test_of_many_at_once_only_as_many_as_there_is_room_for(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
    archive = replace(resources.archive, quota=len(PNG) * 3)

    async def one() -> bool:
        received = await Received.of(archive, in_pieces(PNG), new=new_file(), sha256=None)
        try:
            async with real_pool.transaction() as db:
                actor = city.teacher_account.actor
                await upload_file(
                    db, actor, new=new_file(), received=received, archive=archive, now=NOW
                )
        except FileQuotaReached:
            return False
        return True

    assert sum(await asyncio.gather(*(one() for _ in range(6)))) == 3


async def test_a_unit_hands_in_what_its_administrator_may_keep(
    db: Connection, city: City, resources: Resources
) -> None:
    row = await hand_in(
        db, city.school_admin, resources.archive, unit_id=city.school["id"], name="总结.png"
    )
    assert (row["teacher_id"], row["unit_id"]) == (None, city.school["id"])
    for person, refusal in (
        (city.sibling_admin, DomainError),
        (city.teacher_account, NotAllowed),
        (city.auditor, NotAllowed),
    ):
        new = new_file(unit_id=city.school["id"])
        with pytest.raises(refusal):
            await check_upload(db, person.actor, new=new, size=1, archive=resources.archive)
    with pytest.raises(NotAllowed):
        await check_upload(
            db, city.school_admin.actor, new=new_file(), size=1, archive=resources.archive
        )


# Who opens it.


@pytest.mark.parametrize(
    ("sharing", "openers"),
    [
        (FileSharing.UNIT, {"teacher_account", "school_admin"}),
        (FileSharing.ACTIVITY, {"teacher_account", "school_admin"}),
        (FileSharing.COUNTY, {"teacher_account", "school_admin", "county_admin"}),
        (FileSharing.CITY, {"teacher_account", "school_admin", "county_admin", "city_admin"}),
    ],
)
async def test_a_file_goes_as_far_as_it_is_shared(
    db: Connection, city: City, resources: Resources, sharing: FileSharing, openers: set[str]
) -> None:
    row = await hand_in(db, city.teacher_account, resources.archive, sharing=sharing)
    people = {"teacher_account", "colleague_account", "school_admin", "sibling_admin",
              "county_admin", "other_county_admin", "city_admin"}  # fmt: skip
    for name in people:
        actor = getattr(city, name).actor
        listed = [each["id"] for each in (await list_files(db, actor, page=PageRequest())).items]
        if name in openers:
            assert (await get_file(db, actor, file_id=row["id"]))["id"] == row["id"], name
            assert listed == [row["id"]]
            continue
        with pytest.raises(FileNotFound):
            await create_file_link(
                db, actor, file_id=row["id"], new=NewFileLink(), links=FileLinks(b"k"), now=NOW
            )
        assert listed == [], name


async def test_who_stands_for_schools_of_others_opens_none_of_their_files(
    db: Connection, city: City
) -> None:
    file = await make_file(db, city.school, city.teacher_account, city.teacher, shows_pupils=True)
    network = await make_network(db, city.county, city.school, city.sibling)
    assignment = await make_assignment(db, city.county, city.county_admin, city.school)
    for role, subject in (
        (Role.NETWORK_COORDINATOR, network), (Role.SCHOOL_ADVISER, assignment),
    ):  # fmt: skip
        actor = (await make_account(db, role.value, role, subject)).actor
        with pytest.raises(NotAllowed):
            await get_file(db, actor, file_id=file["id"])
        with pytest.raises(NotAllowed):
            await list_files(db, actor, page=PageRequest())
    attends_only = replace(
        city.school_admin.actor, client_id=new_id(), scopes=frozenset({Permission.ATTENDANCE_READ})
    )
    with pytest.raises(NotAllowed):
        await get_file(db, attends_only, file_id=file["id"])


async def test_the_unit_decides_whether_pupils_go_further(
    db: Connection, city: City, resources: Resources
) -> None:
    said: dict[str, Any] = {"shows_pupils": True, "consent": "同意书", "sharing": FileSharing.CITY}
    with pytest.raises(PupilsSharedByUnit):
        await hand_in(db, city.teacher_account, resources.archive, **said)
    row = await hand_in(db, city.school_admin, resources.archive, unit_id=city.school["id"], **said)
    assert row["sharing"] == FileSharing.CITY


async def test_pupils_stay_inside_without_consent(
    db: Connection, city: City, resources: Resources
) -> None:
    for sharing in (FileSharing.ACTIVITY, FileSharing.COUNTY, FileSharing.CITY):
        with pytest.raises(PupilsStayInside):
            await hand_in(
                db, city.teacher_account, resources.archive, shows_pupils=True, sharing=sharing
            )
    row = await hand_in(db, city.teacher_account, resources.archive, shows_pupils=True)
    assert row["sharing"] == FileSharing.UNIT
    further = FileSharingChange(sharing=FileSharing.COUNTY)
    key = {"file_id": row["id"]}
    with pytest.raises(PupilsStayInside):
        await share_file(db, city.school_admin.actor, **key, change=further)
    with pytest.raises(NotAllowed):
        await share_file(db, city.teacher_account.actor, **key, change=further)
    with pytest.raises(FileNotFound):
        await get_file(db, city.county_admin.actor, **key)
    consented = further.model_copy(update={"consent": "2026-同意书-017"})
    shared = await share_file(db, city.school_admin.actor, **key, change=consented)
    assert (shared["sharing"], shared["consent"]) == ("county", "2026-同意书-017")
    assert await FILES.get(db, city.county_admin.actor, row["id"]) == shared

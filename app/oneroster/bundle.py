"""A bundle of CSV (OneRoster 1.2 CSV Binding): a ZIP with `manifest.csv`, each file of it whole or a delta."""

import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from app.oneroster.roster import (
    GONE,
    Class,
    Enrolment,
    Org,
    Person,
    Roster,
    Unreadable,
    full_name,
)
from app.tabular import TabularFormat, UnreadableFile, read_rows

_MOST_FILES = 60
_MOST_BYTES = 1_000_000_000
_MOST_RATIO = 200
"""A table of names compresses to a tenth; what unpacks to more than this was made to."""
_UNPACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DOCUMENT = re.compile(r"\{\s*([^:{}]+?)\s*:\s*([^{}]+?)\s*\}")

Cells = Mapping[str, str]


def read_bundle(file: Path, roster: Roster) -> None:
    """Take a bundle into a roster: what is whole replaces, a delta changes. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(file) as bundle:
            _check_size(bundle)
            modes = _manifest(bundle)
            roles = _rows(bundle, "roles") if modes.get("roles", "absent") != "absent" else []
            orgs_of = {row["userSourcedId"]: row["orgSourcedId"] for row in reversed(roles)}
            for table, (part, read) in _TABLES.items():
                mode = modes.get(table, "absent")
                if mode != "absent":
                    read_one = read(orgs_of)
                    things = ((read_one(row), _is_gone(row)) for row in _rows(bundle, table))
                    roster.take(part, things, whole=mode == "bulk")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Unreadable(
            f"{file.name} 不是可读取的 ZIP 文件。", f"{file.name} is no ZIP."
        ) from None
    except KeyError as missing:
        raise Unreadable(f"缺少列 {missing}。", f"A column is missing: {missing}.") from None


def _check_size(bundle: zipfile.ZipFile) -> None:
    """Refuse a bomb before anything of it is unpacked."""
    members = bundle.infolist()
    if any(each.compress_type not in _UNPACKED for each in members):
        raise NotImplementedError  # others unpack as much at once as they hold
    size = sum(each.file_size for each in members)
    packed = sum(each.compress_size for each in members)
    if len(members) > _MOST_FILES or size > _MOST_BYTES or size > _MOST_RATIO * max(packed, 10_000):
        raise Unreadable("压缩包过大，未解压。", "The bundle is too large, and was not unpacked.")


def _manifest(bundle: zipfile.ZipFile) -> dict[str, str]:
    """How each table comes: `bulk`, `delta` or `absent`."""
    if "manifest.csv" not in bundle.namelist():
        raise Unreadable("压缩包中没有 manifest.csv。", "The bundle has no manifest.csv.")
    told = {row["propertyName"]: row["value"] for row in _rows(bundle, "manifest")}
    version = told.get("oneroster.version", "")
    if version not in {"1.1", "1.2"}:
        raise Unreadable(
            f"不支持 OneRoster {version or '（未说明版本）'}。",
            f"OneRoster {version or 'of no stated version'} is not read here.",
        )
    modes = {
        name.removeprefix("file."): value.strip().lower()
        for name, value in told.items()
        if name.startswith("file.")
    }
    for name, mode in modes.items():
        if mode not in {"bulk", "delta", "absent"} or (
            mode != "absent" and f"{name}.csv" not in bundle.namelist()
        ):
            raise Unreadable(f"manifest.csv 与文件不符：{name}。", f"The manifest errs: {name}.")
    return modes


def _rows(bundle: zipfile.ZipFile, table: str) -> list[Cells]:
    with bundle.open(f"{table}.csv") as member:
        try:
            rows = read_rows(cast("BinaryIO", member), format=TabularFormat.CSV)
            return [row.cells for row in rows]
        except UnreadableFile as fault:
            raise Unreadable(f"{table}.csv：{fault.zh}", f"{table}.csv: {fault.en}") from None


def _is_gone(row: Cells) -> bool:
    return row.get("status", "").strip().lower() == GONE


def _org(_: Cells) -> Callable[[Cells], Org]:
    return lambda row: Org(
        row["sourcedId"], row["name"], row["type"], row.get("identifier") or None,
        row.get("parentSourcedId") or None,
    )  # fmt: skip


def _person(orgs_of: Cells) -> Callable[[Cells], Person]:
    return lambda row: Person(
        row["sourcedId"],
        full_name(row["familyName"], row.get("givenName", "")),
        row.get("primaryOrgSourcedId")
        or orgs_of.get(row["sourcedId"])
        # Release 1.1 names them in the table of users.
        or row.get("orgSourcedIds", "").split(",")[0].strip()
        or None,
        dict(_DOCUMENT.findall(row.get("userIds", ""))),
    )


def _class(_: Cells) -> Callable[[Cells], Class]:
    return lambda row: Class(
        row["sourcedId"], row["title"], row.get("schoolSourcedId") or None,
        row.get("subjects", "").split(",")[0].strip() or None,
    )  # fmt: skip


def _enrolment(_: Cells) -> Callable[[Cells], Enrolment]:
    return lambda row: Enrolment(
        row["sourcedId"], row["userSourcedId"], row["classSourcedId"], row["role"],
        row.get("primary", "").lower() == "true", row.get("beginDate") or None,
        row.get("endDate") or None,
    )  # fmt: skip


_TABLES: dict[str, tuple[str, Callable[[Cells], Callable[[Cells], Any]]]] = {
    "orgs": ("orgs", _org),
    "users": ("people", _person),
    "classes": ("classes", _class),
    "enrollments": ("enrolments", _enrolment),
}
"""Each table of the bundle, the part of a roster that it is, and how a row of it is read."""

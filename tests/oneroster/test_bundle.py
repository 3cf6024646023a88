"""Bundles of CSV: whole tables and deltas, and what is no bundle."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from app.oneroster import (
    Roster,
    Unreadable,
    keep_roster,
    kept_roster,
    lines_of,
    read_bundle,
    read_supplement,
)
from app.oneroster.roster import full_name

TABLES = {
    "orgs": (
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
        "d1,,,某县教育局,district,430626,l1\n"
        "s1,,,某县一小,school,3143000001,d1\n"
        "s2,,,某县二小,school,,d1\n"
        "l1,,,某市教育局,local,430600,\n"
        "x1,,,某公司,department,,l1\n"
    ),
    "users": (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,"
        "primaryOrgSourcedId\n"
        'u1,,,true,a,"{居民身份证:110101199003070011},{工号:7}",小燕,张,s1\n'
        "u2,,,true,b,,,李明,\n"
        "u3,,,true,c,,,王强,s2\n"
    ),
    "roles": (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,orgSourcedId\n"
        "r1,,,u2,primary,teacher,s2\n"
    ),
    "classes": (
        "sourcedId,status,dateLastModified,title,courseSourcedId,classType,schoolSourcedId,"
        "termSourcedIds,subjects\n"
        "c1,,,语文组,k1,scheduled,s1,t1,语文\n"
        "c2,,,空的组,k1,scheduled,s1,t1,\n"
    ),
    "enrollments": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,"
        "primary,beginDate,endDate\n"
        "e1,,,c1,s1,u1,teacher,true,2026-09-01,\n"
        "e2,,,c1,s1,u2,teacher,false,2026-09-01,\n"
        "e3,,,c1,s1,u3,teacher,false,2025-09-01,2026-09-01\n"
        "e4,,,c1,s1,u9,student,false,,\n"
    ),
}  # fmt: skip
SUPPLEMENT = {
    "u2": {"证件号码": "EA1000001", "证件类型": "护照", "出生日期": "1988-03-07"},
    "s1": {"学段": "小学", "城乡分类": "镇区"}, "s2": {"学段": "小学、初中"},
}  # fmt: skip


def manifest(mode: str = "bulk", version: str = "1.2", **modes: str) -> str:
    lines = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{version}"]
    lines += [f"file.{name},{modes.get(name, mode)}" for name in TABLES]
    return "\n".join([*lines, "file.demographics,absent", ""])


def bundle(folder: Path, told: str | None = None, **tables: str) -> Path:
    file = folder / "bundle.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        if told != "":
            written.writestr("manifest.csv", told or manifest())
        for name, content in (TABLES | tables).items():
            written.writestr(f"{name}.csv", content.encode("utf-8-sig"))
    return file


def test_a_bundle_becomes_the_files_that_imports_take(tmp_path: Path) -> None:
    roster = Roster()
    read_bundle(bundle(tmp_path), roster)
    lines = lines_of(roster, SUPPLEMENT, root="l1", document="居民身份证", today=date(2026, 11, 23))
    assert lines.units[1:] == [
        ["某县教育局", "430626", "", "县级", "", ""],
        ["某县一小", "3143000001", "430626", "学校", "小学", "镇区"],
        ["某县二小", "", "430626", "学校", "小学、初中", ""],
    ]
    assert [line[:5] for line in lines.people[1:]] == [
        ["张小燕", "", "110101199003070011", "3143000001", ""],
        ["李明", "护照", "EA1000001", "某县二小", "1988-03-07"],
    ]
    assert lines.groups[1:] == [
        ["语文组", "3143000001", "语文", "张小燕", "", "110101199003070011", "组长", "2026-09-01"],
        ["语文组", "3143000001", "语文", "李明", "护照", "EA1000001", "组员", "2026-09-01"],
        ["空的组", "3143000001", "", "", "", "", "", ""],
    ]
    # Somebody without a number; an organisation of another kind, one who left, one who learns.
    assert (lines.without_number, lines.left_out) == (1, 3)


def test_a_delta_changes_what_was_kept(tmp_path: Path) -> None:
    roster, state = Roster(), tmp_path / "state.json"
    read_bundle(bundle(tmp_path), roster)
    keep_roster(roster, state)
    assert state.stat().st_mode & 0o777 == 0o600
    assert "110101199003070011" not in state.read_text()
    later = kept_roster(state)
    head = TABLES["users"].splitlines()[0]
    left = "u1,tobedeleted,2026-11-20T00:00:00Z,true,a,,小燕,张,s1"
    moved = "u2,active,2026-11-20T00:00:00Z,true,b,,,李明明,s1"
    users = f"{head}\n{left}\n{moved}\n"
    others = dict.fromkeys(("orgs", "roles", "classes", "enrollments"), "absent")
    read_bundle(bundle(tmp_path, manifest("delta", **others), users=users), later)
    assert set(later.people) == {"u2", "u3"}
    lines = lines_of(later, {}, root="l1", document="居民身份证", today=date(2026, 11, 23))
    # No number is known of either; of five things left out one is a member of today.
    assert (lines.groups[1][3], lines.without_number, lines.left_out) == ("", 2, 5)
    assert (later.people["u2"].name, later.left, len(later.orgs)) == ("李明明", 1, 5)
    assert kept_roster(tmp_path / "none").orgs == {}


@pytest.mark.parametrize(
    ("told", "tables", "word"),
    [
        ("", {}, "manifest.csv"),
        (manifest(version="9.0"), {}, "9.0"),
        (manifest("sometimes"), {}, "orgs"),
        (manifest() + "file.results,bulk\n", {}, "results"),
        (None, {"orgs": "sourcedId,name\n1,2\n"}, "'type'"),
        (None, {"orgs": ""}, "orgs.csv"),
        (None, {"orgs": TABLES["orgs"] + "x,,,名,school,,\n" * 200_000}, "too large"),
    ],
)
def test_what_is_no_bundle_is_refused(
    tmp_path: Path, told: str | None, tables: dict[str, str], word: str
) -> None:
    with pytest.raises(Unreadable, match=word) as refused:
        read_bundle(bundle(tmp_path, told, **tables), Roster())
    assert refused.value.zh


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "no.zip"
    file.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(Unreadable, match="no ZIP"):
        read_bundle(file, Roster())
    damaged = bundle(tmp_path)
    whole = bytearray(damaged.read_bytes())
    with zipfile.ZipFile(damaged) as read:
        at = read.getinfo("users.csv").header_offset + 30 + len("users.csv")
    whole[at : at + 20] = b"\xff" * 20
    damaged.write_bytes(whole)
    with pytest.raises(Unreadable, match="no ZIP"):
        read_bundle(damaged, Roster())
    with zipfile.ZipFile(damaged, "w", zipfile.ZIP_LZMA) as written:
        written.writestr("manifest.csv", manifest())
    with pytest.raises(Unreadable, match="no ZIP"):
        read_bundle(damaged, Roster())
    (tmp_path / "state").write_text("{")
    with pytest.raises(Unreadable):
        kept_roster(tmp_path / "state")
    table = tmp_path / "supplement.csv"
    table.write_text("key,姓名\nu1,张\n")
    with pytest.raises(Unreadable, match="sourcedId"):
        read_supplement(table)


def test_one_organisation_without_a_superior_is_the_unit_of_the_import(tmp_path: Path) -> None:
    roster = Roster()
    read_bundle(bundle(tmp_path), roster)
    known = {"document": None, "today": date(2026, 11, 23)}
    assert len(lines_of(roster, {}, root=None, **known).units) == 4  # type: ignore[arg-type]
    with pytest.raises(Unreadable):
        lines_of(roster, {}, root="nobody", **known)  # type: ignore[arg-type]
    del roster.orgs["l1"]
    units = lines_of(roster, {}, root=None, **known).units  # type: ignore[arg-type]
    assert [line[0] for line in units[1:2]] == ["某县教育局"], "two are highest now"


@pytest.mark.parametrize(
    ("family", "given", "whole"),
    [("张", "小燕", "张小燕"), ("张小燕", "", "张小燕"), ("Smith", "Ann", "Ann Smith")],
)
def test_a_name_is_in_one_piece(family: str, given: str, whole: str) -> None:
    assert full_name(family, given) == whole

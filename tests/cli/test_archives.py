"""`yanxun archive verify`: whether what somebody was given is as its issuer sealed it."""

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import commands
from app.cli.archives import BundleWrong, KeysUnreadable, read_keys, verify, verify_bundle
from app.domain.credits.certificates import issuer_document
from app.domain.quality.growth_releases import GrowthRecordWrong
from app.request import Resources
from app.sql import Connection
from tests.domain.quality.test_archive_retrievals import bundle_of, rewrite, sealed_with_files
from tests.domain.quality.test_arrived_growth_files import make_document
from tests.make import City
from tests.make_archives import ISSUER, SIGNER, make_retrieval


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The document of the issuer, as it is fetched from its address once."""
    path = tmp_path / "did.json"
    path.write_text(json.dumps(issuer_document(SIGNER, ISSUER)), "utf-8")
    return path


async def test_a_growth_file_is_verified_offline(
    db: Connection, city: City, tmp_path: Path, keys: Path
) -> None:
    text = await make_document(db, city)
    file = tmp_path / "growth.json"
    file.write_text(text, "utf-8")
    told = CliRunner().invoke(commands, ["archive", "verify", str(file), "--keys", str(keys)])
    assert told.exit_code == 0, told.output
    assert city.teacher["name"] in told.output
    file.write_text(text.replace("邻市教育局", "远市教育局"), "utf-8")
    with pytest.raises(GrowthRecordWrong):
        verify(file, keys)


async def test_a_bundle_is_verified_offline(
    db: Connection, city: City, resources: Resources, tmp_path: Path, keys: Path
) -> None:
    volume = await sealed_with_files(db, city, resources)
    retrieval = await make_retrieval(db, city.school_admin, volume)
    bundle = await bundle_of(db, city.school_admin.actor, retrieval, resources)
    file = tmp_path / "bundle.zip"
    rewrite(bundle, file, {})
    verify(file, keys)
    rewrite(bundle, file, {"files/0004-学生作品.txt": b"x"})
    with pytest.raises(BundleWrong):
        verify_bundle(file, SIGNER.jwks())


async def test_what_is_missing_or_unreadable_or_added_is_told(
    db: Connection, city: City, resources: Resources, tmp_path: Path
) -> None:
    volume = await sealed_with_files(db, city, resources)
    retrieval = await make_retrieval(db, city.school_admin, volume)
    bundle = await bundle_of(db, city.school_admin.actor, retrieval, resources)
    parts = {name: bundle.read(name) for name in bundle.namelist()}
    pieces, work = "pieces/0001-0004.jsonl", "files/0004-学生作品.txt"
    unnamed = parts[pieces].replace(f'"path":"{work}"'.encode(), b'"path":null')
    assert unnamed != parts[pieces]
    for wrong in (
        {name: content for name, content in parts.items() if name != work},
        parts | {pieces: unnamed, work: "另一篇".encode()},
        parts | {"files/0005-附件.txt": b"x"},
        parts | {pieces: parts[pieces][:-20]},
        parts | {"seal.jwt": SIGNER.sign_once({"iss": ISSUER.did}).encode()},
    ):
        file = tmp_path / "bundle.zip"
        with zipfile.ZipFile(file, "w") as written:
            for name, content in wrong.items():
                written.writestr(name, content)
        with pytest.raises(BundleWrong):
            verify_bundle(file, SIGNER.jwks())


def test_keys_are_a_did_document_or_a_set() -> None:
    assert read_keys(json.dumps({"keys": SIGNER.jwks()}).encode()) == SIGNER.jwks()
    for wrong in (b"", b"[]", b"{}", b'{"keys": []}', b'{"keys": [1]}'):
        with pytest.raises(KeysUnreadable):
            read_keys(wrong)

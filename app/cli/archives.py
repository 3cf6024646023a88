"""Whether a growth file or a bundle is as it was sealed, found out without a network."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.cli.output import console
from app.domain.errors import Invalid
from app.domain.quality.archive_volumes import hash_of
from app.domain.quality.growth_releases import open_token, verify_record
from app.security.tokens import open_signed

_PIECE = 1_000_000


class KeysUnreadable(Invalid):
    """What was given as keys holds none."""

    code = "archive_keys_unreadable"
    zh = "公钥文件须为签发方的 did.json 或 JWKS。"
    en = "Keys are given as the issuer's did.json, or as a JWKS."


class BundleWrong(Invalid):
    """A bundle is not as it was sealed."""

    code = "archive_bundle_wrong"
    zh = "案卷包核验发现不一致：{what}"
    en = "The bundle is not as it was sealed: {what}"


def verify(file: Path, keys: Path) -> None:
    """Say whether a growth file (JSON) or a bundle (ZIP) is as its issuer sealed it; raises if not."""
    known = read_keys(keys.read_bytes())
    if zipfile.is_zipfile(file):
        title, pieces, files = verify_bundle(file, known)
        console.print(f"核验通过 / verified: {title}", markup=False)
        console.print(f"件数 / pieces: {pieces}；附件 / files: {files}")
        return
    found = verify_record(file.read_bytes(), known, open_signed)
    name = found.record["person"]["name"]
    console.print(f"核验通过 / verified: {name}，{found.issuer}", markup=False, soft_wrap=True)
    console.print(f"件数 / pieces: {found.pieces}；摘要 / SHA-256: {found.sha256}", soft_wrap=True)


def read_keys(text: bytes) -> list[dict[str, str]]:
    """The public keys of a DID document, or of a JSON Web Key Set."""
    try:
        document = json.loads(text)
        if "keys" in document:
            found = list(document["keys"])
        else:
            found = [each["publicKeyJwk"] for each in document["verificationMethod"]]
    except (ValueError, KeyError, TypeError):
        raise KeysUnreadable from None
    if not found or not all(isinstance(each, dict) for each in found):
        raise KeysUnreadable
    return found


def verify_bundle(file: Path, keys: Sequence[Mapping[str, str]]) -> tuple[str, int, int]:
    """Title, pieces and files of a bundle of which every part is under its seal."""
    try:
        with zipfile.ZipFile(file) as bundle:
            return _verify_parts(bundle, keys)
    except (zipfile.BadZipFile, LookupError, ValueError, TypeError):
        raise BundleWrong(what="内容缺失或无法读取 / parts are missing or unreadable") from None


def _verify_parts(
    bundle: zipfile.ZipFile, keys: Sequence[Mapping[str, str]]
) -> tuple[str, int, int]:
    names = bundle.namelist()
    if "seal.jwt" not in names:
        raise BundleWrong(what="封签缺失 / there is no seal")
    seal = open_token(bundle.read("seal.jwt").decode("ascii", "replace"), keys, open_signed)
    sealed = dict(seal["manifest"])
    files = []
    for name in names:
        if name.endswith(".jsonl"):
            with bundle.open(name) as lines:
                for line in map(json.loads, lines):
                    _verify_line(bundle, line, sealed)
                    files.append(line["path"])
    if sealed:
        raise BundleWrong(what=f"缺少{len(sealed)}件 / {len(sealed)} pieces are missing")
    attached = [path for path in files if path is not None]
    there = [name for name in names if name.startswith("files/") and not name.endswith("/")]
    if sorted(attached) != sorted(there):
        raise BundleWrong(what="附件与件目不符 / the files are not those of the pieces")
    return seal["title"], len(seal["manifest"]), len(attached)


def _verify_line(bundle: zipfile.ZipFile, line: dict[str, Any], sealed: dict[int, str]) -> None:
    """One piece, which is then no longer looked for, and its file if the bundle holds it."""
    said = line["kind"], line["title"], line["made_on"], line["content"]
    if sealed.pop(line["number"], None) != hash_of(*said, salt=line["salt"]):
        raise BundleWrong(what=f"第{line['number']}件 / piece {line['number']}")
    if line["path"] is None:
        return
    digest = sha256()
    with bundle.open(line["path"]) as content:
        while piece := content.read(_PIECE):
            digest.update(piece)
    if digest.hexdigest() != line["content"]["file"]["sha256"]:
        raise BundleWrong(what=f"附件 / file {line['path']}")

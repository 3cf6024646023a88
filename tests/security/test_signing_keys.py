import json
import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.security import signing_keys
from app.security.secret_file import UnusableSecret
from app.security.tokens import InvalidToken, JoseKey, Keyring


def keyring(path: Path, text: str | None = None) -> Keyring:
    keys = [JoseKey(key) for key in signing_keys.load(path, text)]
    return Keyring(keys, issuer="https://yanxun.example", audience="yanxun")


def pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_two_processes_share_the_keys_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "signing-keys.json"
    token = keyring(path).sign({"sub": "a"})
    assert keyring(path).verify(token)["sub"] == "a"
    with pytest.raises(InvalidToken):
        keyring(tmp_path / "others.json").verify(token)


def test_keys_from_the_environment_need_no_file(tmp_path: Path) -> None:
    path = tmp_path / "signing-keys.json"
    token = keyring(path).sign({"sub": "a"})
    text = path.read_text()
    elsewhere = tmp_path / "never" / "made.json"
    assert keyring(elsewhere, text).verify(token)["sub"] == "a"
    assert not elsewhere.parent.exists()


def test_through_a_rotation_old_and_new_processes_accept_each_other(tmp_path: Path) -> None:
    path = tmp_path / "signing-keys.json"
    before = keyring(path)
    signing_keys.rotate(path)
    after = keyring(path)
    assert after.verify(before.sign({"sub": "a"}))["sub"] == "a"
    assert before.verify(after.sign({"sub": "a"}))["sub"] == "a"
    assert [len(each.jwks()["keys"]) for each in (before, after)] == [2, 3]
    assert before.jwks()["keys"][1] == after.jwks()["keys"][0]


def test_two_rotations_take_a_key_out_of_use(tmp_path: Path) -> None:
    path = tmp_path / "signing-keys.json"
    token = keyring(path).sign({"sub": "a"})
    signing_keys.rotate(path)
    signing_keys.rotate(path)
    with pytest.raises(InvalidToken):
        keyring(path).verify(token)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hidden",
        "[]",
        '{"current": "hidden"}',
        '{"current": "hidden", "next": "hidden"}',
        '{"current": null, "next": null}',
        json.dumps(
            dict.fromkeys(("current", "next"), pem(ec.generate_private_key(ec.SECP384R1())))
        ),
        json.dumps(dict.fromkeys(("current", "next"), pem(ed25519.Ed25519PrivateKey.generate()))),
    ],
)
def test_unusable_keys_are_refused_without_being_quoted(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnusableSecret) as refused:
        signing_keys.load(tmp_path / "never.json", text)
    said = "".join(traceback.format_exception_only(refused.value))
    assert "hidden" not in said
    assert "PRIVATE" not in said

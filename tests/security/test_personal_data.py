import base64
import json
import os
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.people.identity import PersonalDataCipher
from app.security.personal_data import (
    CipherName,
    SealBroken,
    SealingCipher,
    _Sm4Gcm,
    load_cipher,
    parse_keys,
    rotate,
)
from app.security.secret_file import UnusableSecret

FIRST, SECOND, INDEX = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))


def cipher_of(
    sealing: dict[int, bytes], *, current: int, index: bytes, name: str = "aes-256-gcm"
) -> SealingCipher:
    """A cipher of these keys, all of them of one kind."""
    named = {
        version: {"cipher": name, "key": base64.b64encode(key).decode()}
        for version, key in sealing.items()
    }
    text = {"current": current, "sealing": named, "index": base64.b64encode(index).decode()}
    return load_cipher(Path("never.json"), json.dumps(text))


CIPHER: PersonalDataCipher = cipher_of({1: FIRST}, current=1, index=INDEX)
PLACE = "teacher|id_number|018f"


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_what_is_sealed_for_a_place_opens_there(plain: str, context: str) -> None:
    assert CIPHER.open(CIPHER.seal(plain, context=context), context=context) == plain


def test_a_seal_tells_nothing_and_is_never_the_same() -> None:
    seals = {CIPHER.seal("11010519491231002X", context=PLACE) for _ in range(100)}
    assert len(seals) == 100
    assert {len(seal) for seal in seals} == {18 + 29}
    assert {seal[0] for seal in seals} == {1}
    assert not any(b"1949" in seal for seal in seals)


def test_a_seal_moved_to_another_place_does_not_open() -> None:
    sealed = CIPHER.seal("11010519491231002X", context=PLACE)
    for context in ("teacher|id_number|0190", "account|id_number|018f", ""):
        with pytest.raises(SealBroken):
            CIPHER.open(sealed, context=context)


def test_no_altered_bit_and_no_shortened_seal_opens() -> None:
    sealed = CIPHER.seal("11010519491231002X", context=PLACE)
    altered = [
        bytes([*sealed[:place], sealed[place] ^ (1 << bit), *sealed[place + 1 :]])
        for place in range(len(sealed))
        for bit in range(8)
    ]
    for wrong in [*altered, *(sealed[:length] for length in range(len(sealed))), sealed + b"\0"]:
        with pytest.raises(SealBroken) as refused:
            CIPHER.open(wrong, context=PLACE)
        assert "1949" not in str(refused.value)


def test_an_old_key_opens_what_it_sealed_after_a_new_one_is_current() -> None:
    sealed = CIPHER.seal("a", context=PLACE)
    both = cipher_of({1: FIRST, 2: SECOND}, current=2, index=INDEX)
    assert both.open(sealed, context=PLACE) == "a"
    renewed = both.seal("a", context=PLACE)
    assert renewed[0] == 2
    with pytest.raises(SealBroken):
        CIPHER.open(renewed, context=PLACE)
    # The version is authenticated: the bytes of one key are never tried with another.
    with pytest.raises(SealBroken):
        cipher_of({1: FIRST, 2: FIRST}, current=1, index=INDEX).open(
            b"\2" + sealed[1:], context=PLACE
        )


def test_equal_texts_have_equal_blind_indexes_under_one_key_only() -> None:
    index = CIPHER.blind_index("11010519491231002X")
    assert len(index) == 32
    assert index == cipher_of({9: SECOND}, current=9, index=INDEX).blind_index("11010519491231002X")
    assert index != CIPHER.blind_index("110105194912310021")
    assert index != cipher_of({1: FIRST}, current=1, index=FIRST).blind_index("11010519491231002X")


def test_the_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "personal-data-keys.json"
    sealed = load_cipher(path).seal("a", context=PLACE)
    again = load_cipher(path)
    assert again.open(sealed, context=PLACE) == "a"
    assert again.blind_index("a") == load_cipher(path).blind_index("a")
    assert load_cipher(tmp_path / "no.json", path.read_text()).open(sealed, context=PLACE) == "a"
    assert not (tmp_path / "no.json").exists()
    with pytest.raises(SealBroken):
        load_cipher(tmp_path / "others.json").open(sealed, context=PLACE)


def keys(**changes: object) -> str:
    key = base64.b64encode(FIRST).decode()
    return json.dumps({"current": 1, "sealing": {"1": key}, "index": key, **changes})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        keys(current=2),
        keys(current="hidden"),
        keys(sealing={}),
        keys(sealing=["hidden"]),
        keys(sealing={"1": "hidden"}),
        keys(sealing={"1": base64.b64encode(b"short").decode()}),
        keys(sealing={"0": base64.b64encode(FIRST).decode()}, current=0),
        keys(sealing={"256": base64.b64encode(FIRST).decode()}, current=256),
        keys(index="hidden"),
        keys(index=None),
    ],
)
def test_unusable_keys_are_refused_without_being_quoted(tmp_path: Path, text: str) -> None:
    load_cipher(tmp_path / "never.json", keys())
    with pytest.raises(UnusableSecret) as refused:
        load_cipher(tmp_path / "never.json", text)
    assert "hidden" not in "".join(traceback.format_exception_only(refused.value))


SM4 = cipher_of({3: bytes(16)}, current=3, index=INDEX, name="sm4-gcm")


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_sm4_seals_and_opens_in_the_same_form(plain: str, context: str) -> None:
    sealed = SM4.seal(plain, context=context)
    assert (sealed[0], len(sealed)) == (3, len(plain.encode()) + 29)
    assert SM4.open(sealed, context=context) == plain
    with pytest.raises(SealBroken):
        SM4.open(sealed, context=context + "|")


def test_no_altered_byte_opens_with_sm4_either() -> None:
    sealed = SM4.seal("11010519491231002X", context=PLACE)
    altered = [
        bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]]) for at in range(len(sealed))
    ]
    for wrong in [*altered, *(sealed[:length] for length in range(len(sealed)))]:
        with pytest.raises(SealBroken):
            SM4.open(wrong, context=PLACE)


def test_sm4_is_the_cipher_of_the_standard() -> None:
    """RFC 8998, A.1: the example of SM4-GCM."""
    sealer = _Sm4Gcm(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    plain = bytes.fromhex(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    )
    sealed = sealer.encrypt(
        bytes.fromhex("00001234567800000000ABCD"),
        plain,
        bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"),
    )
    assert sealed[:8].hex() == "17f399f08c67d5ee"
    assert sealed[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"


def test_a_rotation_seals_with_a_new_key_and_opens_what_was_sealed_before(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    cipher = load_cipher(path)
    before, index = cipher.seal("a", context=PLACE), cipher.blind_index("a")
    rotate(path, CipherName.SM4_GCM)
    assert cipher.current == 2, "a process that serves follows the file at once"
    after = cipher.seal("a", context=PLACE)
    assert (before[0], after[0]) == (1, 2)
    assert [cipher.open(each, context=PLACE) for each in (before, after)] == ["a", "a"]
    assert cipher.blind_index("a") == index
    kept = parse_keys(path.read_text())
    assert kept.ciphers == {1: CipherName.AES_256_GCM, 2: CipherName.SM4_GCM}
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_replaced_by_nonsense_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "keys.json"
    cipher = load_cipher(path)
    sealed = cipher.seal("a", context=PLACE)
    other = tmp_path / "other.json"
    other.write_text('{"current": "hidden"}')
    other.chmod(0o600)
    other.replace(path)
    assert cipher.open(sealed, context=PLACE) == "a"
    assert cipher.current == 1
    assert "not usable" in caplog.text
    assert "hidden" not in caplog.text


def test_after_255_versions_there_is_no_other(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    load_cipher(path)
    key = base64.b64encode(FIRST).decode()
    path.write_text(keys(sealing={"1": key, "255": key}, current=255))
    with pytest.raises(UnusableSecret, match="255"):
        rotate(path, CipherName.AES_256_GCM)
    assert parse_keys(path.read_text()).current == 255


def test_no_nonce_is_used_twice_here_or_in_a_forked_process() -> None:
    def nonces() -> list[bytes]:
        return [CIPHER.seal("1", context=PLACE)[1:13] for _ in range(600)]

    used = nonces()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, b"".join(nonces()))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    used += [told[at : at + 12] for at in range(0, len(told), 12)] + nonces()
    assert len(used) == len(set(used)) == 1_800

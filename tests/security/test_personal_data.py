import base64
import json
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.people.identity import PersonalDataCipher
from app.security.personal_data import AesCipher, SealBroken, load_cipher
from app.security.secret_file import UnusableSecret

FIRST, SECOND, INDEX = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
CIPHER: PersonalDataCipher = AesCipher({1: FIRST}, current=1, index=INDEX)
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
    both = AesCipher({1: FIRST, 2: SECOND}, current=2, index=INDEX)
    assert both.open(sealed, context=PLACE) == "a"
    renewed = both.seal("a", context=PLACE)
    assert renewed[0] == 2
    with pytest.raises(SealBroken):
        CIPHER.open(renewed, context=PLACE)
    # The version is authenticated: the bytes of one key are never tried with another.
    with pytest.raises(SealBroken):
        AesCipher({1: FIRST, 2: FIRST}, current=1, index=INDEX).open(
            b"\2" + sealed[1:], context=PLACE
        )


def test_equal_texts_have_equal_blind_indexes_under_one_key_only() -> None:
    index = CIPHER.blind_index("11010519491231002X")
    assert len(index) == 32
    assert index == AesCipher({9: SECOND}, current=9, index=INDEX).blind_index("11010519491231002X")
    assert index != CIPHER.blind_index("110105194912310021")
    assert index != AesCipher({1: FIRST}, current=1, index=FIRST).blind_index("11010519491231002X")


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

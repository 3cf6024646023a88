from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.people.identity import (
    BadCheckDigit,
    BadDate,
    BadForm,
    BadLength,
    IdKind,
    Sex,
    birth_date_of,
    check_digit,
    check_id_number,
    mask_id_number,
    sex_of,
)

TODAY = date(2026, 11, 22)
PUBLISHED = "11010519491231002X"  # The example of the standard itself.


def number(body: str) -> str:
    return body + check_digit(body)


def check(text: str, kind: IdKind = IdKind.RESIDENT_CARD) -> str:
    return check_id_number(kind, text, today=TODAY)


bodies = st.builds(
    lambda region, born, sequence: f"{region:06}{born:%Y%m%d}{sequence:03}",
    st.integers(100_000, 999_999),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)


def test_the_example_of_the_standard_passes() -> None:
    assert check(PUBLISHED) == PUBLISHED
    assert birth_date_of(PUBLISHED) == date(1949, 12, 31)
    assert sex_of(PUBLISHED) is Sex.FEMALE


@given(bodies)
def test_a_rightly_formed_number_passes_whatever_its_region(body: str) -> None:
    passed = check(number(body))
    assert passed == number(body)
    assert f"{birth_date_of(passed):%Y%m%d}" == body[6:14]
    assert (sex_of(passed) is Sex.MALE) == (body[16] in "13579")


@given(bodies)
def test_every_single_wrong_character_is_refused(body: str) -> None:
    right = number(body)
    for place, character in enumerate(right):
        for other in set("0123456789X") - {character}:
            with pytest.raises(Invalid):
                check(right[:place] + other + right[place + 1 :])


@given(bodies)
def test_every_transposition_is_refused_unless_ten_places_apart(body: str) -> None:
    right = number(body)
    for first in range(18):
        for second in range(first + 1, 18):
            # The weights are powers of two modulo 11 and repeat after ten places.
            if right[first] == right[second] or second - first == 10:
                continue
            swapped = list(right)
            swapped[first], swapped[second] = swapped[second], swapped[first]
            with pytest.raises(Invalid):
                check("".join(swapped))


@given(bodies, st.sampled_from("0123456789X"))
def test_the_check_digit_is_the_one_for_which_the_weighted_sum_is_one(body: str, last: str) -> None:
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1]
    values = [*map(int, body), 10 if last == "X" else int(last)]
    fits = sum(w * v for w, v in zip(weights, values, strict=True)) % 11 == 1
    assert (check_digit(body) == last) == fits


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
        " 110105 19491231 002X\n",
        "110105\u300019491231\u00a0002X",
    ],
)
def test_a_number_is_normalised(written: str) -> None:
    assert check(written) == PUBLISHED


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", BadLength),
        ("110105491231002", BadLength),
        (PUBLISHED[:-1], BadLength),
        (PUBLISHED + "0", BadLength),
        (" " * 10_000_000, BadLength),
        ("1101051949123100XX", BadForm),
        ("X1010519491231002X", BadForm),
        ("01010519491231002X", BadForm),
        ("1101051949123l002X", BadForm),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", BadForm),
        (number("11010519490229001"), BadDate),
        (number("11010519000229001"), BadDate),
        (number("11010519491301001"), BadDate),
        (number("11010519490001001"), BadDate),
        (number("11010500000101001"), BadDate),
        (number("11010518991231001"), BadDate),
        (number("11010520261123001"), BadDate),
        ("110105194912310020", BadCheckDigit),
    ],
)
def test_an_impossible_number_is_refused_with_its_reason(text: str, refusal: type[Invalid]) -> None:
    with pytest.raises(Invalid) as refused:
        check(text)
    assert type(refused.value) is refusal


@pytest.mark.parametrize("body", ["11010519000101001", "11010520261122001", "11010520000229001"])
def test_the_first_and_the_last_possible_day_and_leap_days_pass(body: str) -> None:
    assert check(number(body)) == number(body)


def test_whether_a_date_is_yet_to_come_depends_on_the_day_asked() -> None:
    with pytest.raises(BadDate):
        check_id_number(IdKind.RESIDENT_CARD, PUBLISHED, today=date(1949, 12, 30))
    assert check_id_number(IdKind.RESIDENT_CARD, PUBLISHED, today=date(1949, 12, 31))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (IdKind.RESIDENCE_PERMIT, number("81000019900101001")),
        (IdKind.RESIDENCE_PERMIT, number("82000019900101001")),
        (IdKind.RESIDENCE_PERMIT, number("83000019900101001")),
        (IdKind.FOREIGNER_PERMIT, number("91115619900101001")),
        (IdKind.FOREIGNER_PERMIT, "USA110190010101"),
        (IdKind.HOME_RETURN_PERMIT, "H12345678"),
        (IdKind.HOME_RETURN_PERMIT, "M1234567890"),
        (IdKind.TAIWAN_PERMIT, "12345678"),
        (IdKind.TAIWAN_PERMIT, "1234567890A"),
        (IdKind.PASSPORT, "E12345678"),
        (IdKind.PASSPORT, "EA1234567"),
    ],
)
def test_every_kind_of_document_has_numbers_that_pass(kind: IdKind, text: str) -> None:
    assert check(text, kind) == text
    assert check(f" {text.lower()} ", kind) == text
    assert (birth_date_of(text) is None) == (sex_of(text) is None) == (len(text) != 18)


@pytest.mark.parametrize(
    ("kind", "text", "refusal"),
    [
        (IdKind.RESIDENCE_PERMIT, PUBLISHED, BadForm),
        (IdKind.RESIDENCE_PERMIT, number("81000019900230001"), BadDate),
        (IdKind.RESIDENCE_PERMIT, "810000199001010011", BadCheckDigit),
        (IdKind.FOREIGNER_PERMIT, PUBLISHED, BadForm),
        (IdKind.FOREIGNER_PERMIT, "US1110190010101", BadForm),
        (IdKind.HOME_RETURN_PERMIT, "A12345678", BadForm),
        (IdKind.HOME_RETURN_PERMIT, "H123456789", BadLength),
        (IdKind.TAIWAN_PERMIT, "1234567A", BadForm),
        (IdKind.PASSPORT, "E123-5678", BadForm),
        (IdKind.PASSPORT, "E123", BadLength),
    ],
)
def test_a_number_of_another_document_is_refused(
    kind: IdKind, text: str, refusal: type[Invalid]
) -> None:
    with pytest.raises(Invalid) as refused:
        check(text, kind)
    assert type(refused.value) is refusal


@given(st.sampled_from(IdKind), st.text(max_size=40))
def test_any_text_passes_or_is_refused_and_is_not_repeated(kind: IdKind, text: str) -> None:
    try:
        check(text, kind)
    except Invalid as refusal:
        assert refusal.details == {}  # noqa: PT017
        assert refusal.message("en") == type(refusal).en  # noqa: PT017


@pytest.mark.parametrize("refusal", [BadLength, BadForm, BadDate, BadCheckDigit])
def test_each_refusal_has_its_code_and_says_itself_in_two_languages(
    refusal: type[Invalid],
) -> None:
    assert refusal.code.startswith("id_number_")
    assert refusal.zh != Invalid.zh
    assert refusal.en != Invalid.en


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("43060219800101123X", "4306**********123X"),
        ("USA110190010101", "USA1*******0101"),
        ("E12345678", "E******78"),
        ("12345", "1**45"),
        ("123", "***"),
        ("", ""),
    ],
)
def test_a_masked_number_shows_its_ends_only(text: str, shown: str) -> None:
    assert mask_id_number(text) == shown

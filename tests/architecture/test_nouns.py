"""One noun is one file with the same name in the domain, on both faces and in the tests."""

from pathlib import Path

import pytest

from tests.architecture.source import ROOT, WINGS

NO_FACE: dict[str, str] = {
    "access/actors": "Who asks is read from the token; /api/v1/me shows it.",
    "access/administration": "Accounts show it: opening, suspending, restoring them.",
    "access/administrators": "That a unit keeps one: revoking and suspending show it.",
    "access/attempts": "How often something may be tried: a refusal shows it.",
    "access/authorisation_codes": "The page of signing in and POST /oauth/token show them.",
    "access/device_codes": "POST /oauth/device_authorization is one for both faces.",
    "access/doors": "Every read and write goes through them; they are nothing by themselves.",
    "quality/fund_verification": "The operator asks for it: `yanxun verify funds`.",
    "quality/outcomes": "What rules of incentives and schemes of pay inputs name, and what they may not.",
    "quality/paid_for": "What money is for: commitments and expenses show it.",
    "access/holders": "What follows for those who hold rights when a subject changes; no noun.",
    "access/identity_requests": "The pages of signing in elsewhere show them.",
    "access/idempotency": "The header Idempotency-Key of every unsafe request shows it.",
    "access/kept_rights": "Whether a long work may go on; a part of exports.",
    "access/nodes": "Anything by its key: the field `node` of GraphQL.",
    "access/oneself": "Whether a teacher is who asks: refusals to decide on one's own show it.",
    "access/refresh_tokens": "POST /oauth/token is one for both faces.",
    "access/roles": "The role table is code, and documented as such.",
    "access/sign_in": "POST /oauth/token is one for both faces.",
    "access/subjects": "Where a grant's subject lies: a part of granting.",
    "access/walled": "The second wall: every read stands behind it; it is nothing by itself.",
    "credits/rules": "Pure: what they decide is shown by standings and explanations.",
    "exchange/rostering": "OneRoster, a specification of REST alone: tests/api/exchange/test_rostering.py.",
    "organisation/facts": "What held on a day: a part of every dated fact of a unit.",
    "organisation/founding": "Done once for each city by its operator: `yanxun found`.",
    "organisation/location_classes": "A dated part of a school, shown with it.",
    "organisation/names_and_codes": "Dated parts of a unit, shown with it.",
    "people/facts": "What careers are made of, shown and recorded there.",
    "training/closing": "The last step of an activity, shown with it.",
    "training/vocabulary": "The closed words of activities, shown by whatever has them.",
    "training/evidence_kinds": "The words for kinds of evidence, which forms and evidence show.",
    "training/no_shows": "Who did not come: the faces of enrolments show them.",
    "training/audiences": "For whom something is: a part of activities, surveys and notices.",
    "training/owning": "Where something lies by its owner: a part of what can be owned.",
    "training/reviewed": "What plans and courses share when they are handed in; no noun.",
    "training/qualification": "Who qualifies: a recognition's answer names those who do not.",
    "credits/verification": "The operator's: `yanxun verify` on the host.",
    "people/pinyin": "Pure: what a name is found by; the search shows it.",
    "people/identity": "Pure: the check of an ID number, which is shown nowhere.",
}
"""Files of the domain that are not shown to the outside as a noun of their own, with the reason."""

NO_DOMAIN: dict[str, str] = {}
"""Files of a face without a noun of the same name in the domain, with the reason."""


def nouns(folder: Path) -> set[str]:
    """`wing/noun` of each module or package in the wings below a folder."""
    return {
        f"{wing}/{path.stem}"
        for wing in WINGS
        for path in (folder / wing).glob("*")
        if not path.stem.startswith("_")
        and (path.suffix == ".py" or (path / "__init__.py").is_file())
    }


def nouns_with_tests(folder: Path) -> set[str]:
    """`wing/noun` of each `test_noun.py` in the wings below a folder."""
    return {
        f"{wing}/{path.stem.removeprefix('test_')}"
        for wing in WINGS
        for path in (folder / wing).glob("test_*.py")
    }


def test_every_noun_has_both_faces() -> None:
    domain = nouns(ROOT / "app/domain")
    assert domain
    for face in ("api", "graphql"):
        assert domain - nouns(ROOT / "app" / face) - NO_FACE.keys() == set(), face


def test_every_face_shows_a_noun() -> None:
    domain = nouns(ROOT / "app/domain")
    for face in ("api", "graphql"):
        assert nouns(ROOT / "app" / face) - domain - NO_DOMAIN.keys() == set(), face


def test_the_written_lists_name_only_what_is_so() -> None:
    domain = nouns(ROOT / "app/domain")
    rest, graphql = nouns(ROOT / "app/api"), nouns(ROOT / "app/graphql")
    faces = rest | graphql
    assert NO_FACE.keys() <= domain - (rest & graphql)
    assert NO_DOMAIN.keys() <= faces - domain


@pytest.mark.parametrize("part", ["domain", "api", "graphql"])
def test_every_noun_is_tested_where_it_stands(part: str) -> None:
    assert nouns(ROOT / "app" / part) - nouns_with_tests(ROOT / "tests" / part) == set()


@pytest.mark.parametrize("part", ["domain", "api", "graphql"])
def test_every_test_file_is_about_a_noun(part: str) -> None:
    assert nouns_with_tests(ROOT / "tests" / part) - nouns(ROOT / "app" / part) == set()


def test_packages_and_modules_are_nouns_and_private_files_are_not(tmp_path: Path) -> None:
    wing = tmp_path / "credits"
    (wing / "rules").mkdir(parents=True)
    (wing / "shipped").mkdir()
    for name in ("__init__.py", "_private.py", "claims.py", "rules/__init__.py", "test_claims.py"):
        (wing / name).touch()
    assert nouns(tmp_path) == {"credits/claims", "credits/rules", "credits/test_claims"}
    assert nouns_with_tests(tmp_path) == {"credits/claims"}

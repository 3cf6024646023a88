"""What is made wrong, and which tests have to notice."""

from typing import NamedTuple


class Area(NamedTuple):
    """Code, and the tests that are there for it."""

    code: tuple[str, ...]
    tests: tuple[str, ...]
    database: bool = False
    """Whether the tests ask a database; all share one, which none of them leaves changed."""


AREAS = {
    "ledger": Area(
        ("app/domain/credits/entries",),
        (
            "tests/domain/credits/entries/test_histories.py",
            "tests/domain/credits/test_entries.py",
            "tests/domain/credits/test_reversals.py",
            "tests/domain/credits/test_verification.py",
        ),
        database=True,
    ),
    # Without the tests of properties, which draw hundreds of histories for each of their sentences: what
    # survives here may still be noticed by them.
    "rules": Area(
        ("app/domain/credits/rules",),
        ("tests/domain/credits/test_rules.py",
         "tests/domain/credits/rules/test_boundaries.py",
         "tests/domain/credits/rules/test_by_hand.py",
         "tests/domain/credits/rules/test_explanation.py",
         "tests/domain/credits/rules/test_since_an_event.py",
         "tests/domain/credits/rules/test_shares_and_service.py"),
    ),
    "access": Area(
        ("app/domain/access/actors.py", "app/domain/access/roles"),
        ("tests/domain/access/test_actors.py", "tests/domain/access/test_roles.py"),
    ),
    "doors": Area(
        ("app/domain/access/doors", "app/domain/access/grants.py"),
        ("tests/domain/access/test_doors.py", "tests/domain/access/test_grants.py",
         "tests/domain/access/test_administration.py", "tests/domain/access/test_administrators.py",
         "tests/domain/organisation/test_network_members.py"),
        database=True,
    ),
    "tokens": Area(
        ("app/security/tokens.py",),
        ("tests/security/test_tokens.py", "tests/security/test_verified_tokens.py"),
    ),
    # What is declared of each table is worked out while the module is imported: `policies` has that.
    "wall": Area(
        ("app/wall.py", "app/domain/access/walled/bounds.py"),
        ("tests/domain/access/test_walled.py", "tests/database/test_wall.py",
         "tests/faces/test_wall.py::test_a_reader_writes_nothing",
         "tests/faces/test_wall.py::test_a_statement_looks_beyond_and_the_next_does_not"),
        database=True,
    ),
}  # fmt: skip
POLICIES = Area(
    (),
    (
        "tests/faces/test_wall.py::test_each_table_shows_what_lies_within",
        "tests/faces/test_wall.py::test_several_units_are_all_seen_and_one_person_is_one_person",
    ),
    database=True,
)
"""What is seen through the policies; that they are those declared is another test, and notices any change."""

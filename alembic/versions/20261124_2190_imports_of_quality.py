"""More kinds of files: official documents with articles, indicator sheets, lines of budgets, expenses."""

from alembic import op

revision = "20261124_2190"
down_revision = "20261124_2180"
branch_labels = None
depends_on = None

SUBJECTS_BEFORE = (
    "units", "people", "careers", "groups", "activities", "outside_training", "national_study",
    "claims", "national_roster", "courses", "trainers", "topics", "resources",
)  # fmt: skip
SUBJECTS = (*SUBJECTS_BEFORE, "documents", "indicators", "budgets", "expenses")


def _subjects(among: tuple[str, ...]) -> None:
    words = ", ".join(f"'{each}'" for each in among)
    for table in ("import", "import_origin"):
        name = op.f(f"ck_{table}_import_subject")
        op.drop_constraint(name, table)
        op.create_check_constraint(name, table, f"subject IN ({words})")


def upgrade() -> None:
    _subjects(SUBJECTS)


def downgrade() -> None:
    before = ", ".join(f"'{each}'" for each in SUBJECTS_BEFORE)
    op.execute(f"DELETE FROM import_origin WHERE subject NOT IN ({before})")  # noqa: S608  our own words
    op.execute(
        "DELETE FROM import_row USING import"  # noqa: S608
        f" WHERE import.id = import_row.import_id AND import.subject NOT IN ({before})"
    )
    op.execute(f"DELETE FROM import WHERE subject NOT IN ({before})")  # noqa: S608
    _subjects(SUBJECTS_BEFORE)

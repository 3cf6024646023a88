"""The feed tells of versions of courses and of resources."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, version_changes

revision = "20261124_2112"
down_revision = "20261124_2111"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "unit", "teacher", "group", "group_member", "activity", "attendance", "credit_entry", "session",
    "enrolment", "claim", "certificate", "pack", "staff", "course", "course_run", "course_class",
    "choice", "course_completion", "trainer", "mentorship", "mentor", "topic", "topic_member",
    "output", "resource", "official_document", "regulation", "campaign", "unit_evaluation",
    "indicator_sheet",
)  # fmt: skip
PARTS = {
    "course_version": ("course", "course_id"),
    "resource_version": ("resource", "resource_id"),
}
"""What lies in something else has no place of its own, and no version that a move would raise."""
ONLY_CHANGED = ("course_version",)


def upgrade() -> None:
    tell_of((*KINDS_BEFORE, *PARTS))
    for table, (owner, key) in PARTS.items():
        version(table)
        audited(table, insertions=table not in ONLY_CHANGED)
        op.execute(
            f"CREATE TRIGGER retell_{table}_of_moved AFTER UPDATE ON {owner}"
            " REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT"
            f" EXECUTE FUNCTION retell_parts_of_moved('{table}', '{table}', '{key}')"
        )


def tell_of(kinds: tuple[str, ...]) -> None:
    """Let these be told as gone, and told anew."""
    among = ", ".join(f"'{kind}'" for kind in kinds)
    for table in ("departure", "retelling"):
        name = op.f(f"ck_{table}_change_kind")
        op.drop_constraint(name, table)
        op.create_check_constraint(name, table, f"kind IN ({among})")


def version(table: str) -> None:
    """Give the rows of a table a change version."""
    for name, default in (
        ("change_transaction", "(pg_current_xact_id()::text::bigint)"),
        ("change_sequence", "nextval('change_sequence')"),
    ):
        op.add_column(
            table, sa.Column(name, sa.BigInteger(), server_default=sa.text(default), nullable=False)
        )
    op.create_index(
        op.f(f"ix_{table}_change_transaction_change_sequence"),
        table,
        ["change_transaction", "change_sequence"],
    )
    version_changes(table)


def downgrade() -> None:
    for table, (owner, _) in PARTS.items():
        op.execute(f"DROP TRIGGER retell_{table}_of_moved ON {owner}")
        op.execute(f"DROP TRIGGER change_version ON {table}")
        op.drop_index(op.f(f"ix_{table}_change_transaction_change_sequence"), table_name=table)
        for name in ("change_sequence", "change_transaction"):
            op.drop_column(table, name)
        audited(table, insertions=table not in ONLY_CHANGED)
        for noted in ("departure", "retelling"):
            op.execute(f"DELETE FROM {noted} WHERE kind = '{table}'")  # noqa: S608  our own words
    tell_of(KINDS_BEFORE)

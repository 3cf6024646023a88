"""The province is told who is on the roster no longer."""

from alembic import op

revision = "20261124_2170"
down_revision = "20261124_2131"
branch_labels = None
depends_on = None

KINDS = ("teacher", "credit", "reversal", "certificate", "certificate_end")
CODE_SETS = (
    "entry_kind", "level", "activity_kind", "mode", "channel", "rank", "subject", "stage",
    "certificate_kind",
)  # fmt: skip


def _allow(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    constraint = op.f(f"ck_{table}_{name}")
    op.drop_constraint(constraint, table)
    among = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(constraint, table, f"{column} IN ({among})")


def upgrade() -> None:
    _allow("province_record", "kind", "record_kind", (*KINDS, "teacher_end"))
    _allow("province_code", "code_set", "code_set", (*CODE_SETS, "teacher_end"))


def downgrade() -> None:
    # What the province was told of those who left cannot be said without the kind: it goes.
    op.execute("DELETE FROM province_record WHERE kind = 'teacher_end'")
    op.execute("DELETE FROM province_code WHERE code_set = 'teacher_end'")
    _allow("province_code", "code_set", "code_set", CODE_SETS)
    _allow("province_record", "kind", "record_kind", KINDS)

"""Credit left: loans of credit; doubts of certificates whose credit was reversed."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1770"
down_revision = "20261122_1760"
branch_labels = None
depends_on = None

MOVED = "'credit_loan.teacher_id', "
MOVING = "move_to_survivor(text[], uuid, uuid)"
KINDS = "'earn', 'convert', 'offset', 'exempt', 'reverse', 'transfer_in'"
LENDING = "'lend', 'repay'"


def upgrade() -> None:
    make_credit_loan()
    doubt_certificates()
    kinds(f"{KINDS}, {LENDING}")
    grant("SELECT, INSERT, UPDATE (repaid_on, repaid_at, repaid_by)", "credit_loan")
    doubted = "doubted_at, doubted_entry_id, upheld_at, upheld_by, upheld_because"
    grant(f"UPDATE ({doubted})", "certificate")
    audited("credit_loan")
    move("ARRAY[", f"ARRAY[{MOVED}")


def kinds(known: str) -> None:
    """How an entry may come into the ledger."""
    op.drop_constraint(op.f("ck_credit_entry_entry_kind"), "credit_entry", type_="check")
    op.create_check_constraint(
        op.f("ck_credit_entry_entry_kind"), "credit_entry", f"kind IN ({known})"
    )


def move(before: str, after: str) -> None:
    """Let rows of other columns go along with a merged record: those of the list as it then is."""
    op.execute(
        f"""DO $$ BEGIN
        EXECUTE replace(
            pg_get_functiondef('{MOVING}'::regprocedure), $a${before}$a$, $b${after}$b$
        );
        END $$"""
    )


def make_credit_loan() -> None:
    op.create_table(
        "credit_loan",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pack_id", sa.String(length=80), nullable=False),
        sa.Column("pack_version", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("credits", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("lent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("lent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lent_by", sa.Uuid(), nullable=False),
        sa.Column("repaid_on", sa.Date(), nullable=True),
        sa.Column("repaid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repaid_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(repaid_on IS NULL) = (repaid_at IS NULL)", name=op.f("ck_credit_loan_repaid_at")
        ),
        sa.CheckConstraint("due_on > lent_on", name=op.f("ck_credit_loan_due_later")),
        sa.CheckConstraint(
            "hours >= 0 AND credits >= 0 AND hours + credits > 0",
            name=op.f("ck_credit_loan_lends_something"),
        ),
        sa.CheckConstraint("repaid_on >= lent_on", name=op.f("ck_credit_loan_repaid_later")),
        sa.ForeignKeyConstraint(["lent_by"], ["account.id"], name=op.f("fk_credit_loan_lent_by")),
        sa.ForeignKeyConstraint(
            ["repaid_by"], ["account.id"], name=op.f("fk_credit_loan_repaid_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_credit_loan_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_loan")),
    )
    op.create_index(
        op.f("ix_credit_loan_city_id_id"), "credit_loan", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_credit_loan_county_id_id"), "credit_loan", ["county_id", "id"], unique=False
    )
    op.create_index(
        "ix_credit_loan_open",
        "credit_loan",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("repaid_on IS NULL"),
    )
    op.create_index(
        op.f("ix_credit_loan_school_id_id"), "credit_loan", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_credit_loan_teacher_id_id"), "credit_loan", ["teacher_id", "id"], unique=False
    )


def doubt_certificates() -> None:
    op.add_column("certificate", sa.Column("doubted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("certificate", sa.Column("doubted_entry_id", sa.Uuid(), nullable=True))
    op.add_column("certificate", sa.Column("upheld_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("certificate", sa.Column("upheld_because", sa.String(length=500), nullable=True))
    op.add_column("certificate", sa.Column("upheld_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_certificate_doubted_entry_id"),
        "certificate",
        "credit_entry",
        ["doubted_entry_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_certificate_upheld_by"), "certificate", "account", ["upheld_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_certificate_doubted"),
        "certificate",
        "num_nonnulls(doubted_at, doubted_entry_id) IN (0, 2)",
    )
    op.create_check_constraint(
        op.f("ck_certificate_upheld"),
        "certificate",
        "num_nonnulls(upheld_at, upheld_by, upheld_because) IN (0, 3)"
        " AND (upheld_at IS NULL OR doubted_at IS NOT NULL)",
    )


def downgrade() -> None:
    move(f"ARRAY[{MOVED}", "ARRAY[")
    kinds(KINDS)
    op.drop_constraint(op.f("ck_certificate_upheld"), "certificate", type_="check")
    op.drop_constraint(op.f("ck_certificate_doubted"), "certificate", type_="check")
    op.drop_constraint(op.f("fk_certificate_upheld_by"), "certificate", type_="foreignkey")
    op.drop_constraint(op.f("fk_certificate_doubted_entry_id"), "certificate", type_="foreignkey")
    op.drop_column("certificate", "upheld_by")
    op.drop_column("certificate", "upheld_because")
    op.drop_column("certificate", "upheld_at")
    op.drop_column("certificate", "doubted_entry_id")
    op.drop_column("certificate", "doubted_at")
    op.drop_index(op.f("ix_credit_loan_teacher_id_id"), table_name="credit_loan")
    op.drop_index(op.f("ix_credit_loan_school_id_id"), table_name="credit_loan")
    op.drop_index(
        "ix_credit_loan_open",
        table_name="credit_loan",
        postgresql_where=sa.text("repaid_on IS NULL"),
    )
    op.drop_index(op.f("ix_credit_loan_county_id_id"), table_name="credit_loan")
    op.drop_index(op.f("ix_credit_loan_city_id_id"), table_name="credit_loan")
    op.drop_table("credit_loan")

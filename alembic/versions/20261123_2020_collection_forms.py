"""Collection forms, what schools return of them, and the cells of each return."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261123_2020"
down_revision = "20261123_2010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "collection_form",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("list_number", sa.String(length=60), nullable=True),
        sa.Column("is_check", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), sa.Computed("county_id", persisted=True), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("layout", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cells", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "NOT is_check OR list_number IS NOT NULL", name=op.f("ck_collection_form_list_number")
        ),
        sa.CheckConstraint(
            "num_nonnulls(closed_at, closed_by) IN (0, 2)", name=op.f("ck_collection_form_closing")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_collection_form_school_is_no_bureau")
        ),
        sa.CheckConstraint("school_id IS NULL", name=op.f("ck_collection_form_of_a_bureau")),
        sa.CheckConstraint("until >= since", name=op.f("ck_collection_form_period")),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name=op.f("fk_collection_form_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_collection_form_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_collection_form_file_id")),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["account.id"], name=op.f("fk_collection_form_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_collection_form_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_form")),
    )
    op.create_index(
        op.f("ix_collection_form_city_id_id"), "collection_form", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_collection_form_county_id_id"),
        "collection_form",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_collection_form_file_id"), "collection_form", ["file_id"], unique=False
    )
    op.create_table(
        "form_return",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("by_unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "confirmed",
                "sent_back",
                name="form_return_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("sent_back_because", sa.String(length=1000), nullable=True),
        sa.Column("sent_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (state = 'open')", name=op.f("ck_form_return_confirmed")
        ),
        sa.CheckConstraint(
            "sent_back_at IS NOT NULL OR state <> 'sent_back'",
            name=op.f("ck_form_return_sent_back"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(confirmed_at, confirmed_by) IN (0, 2)",
            name=op.f("ck_form_return_confirmation"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(sent_back_because, sent_back_at, sent_back_by) IN (0, 3)",
            name=op.f("ck_form_return_sending_back"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_form_return_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["by_unit_id"], ["unit.id"], name=op.f("fk_form_return_by_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_form_return_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_form_return_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["collection_form.id"], name=op.f("fk_form_return_form_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_form_return_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sent_back_by"], ["account.id"], name=op.f("fk_form_return_sent_back_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_return")),
        sa.UniqueConstraint("form_id", "school_id", name=op.f("uq_form_return_form_id_school_id")),
    )
    op.create_index(
        op.f("ix_form_return_by_unit_id_state"),
        "form_return",
        ["by_unit_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_form_return_city_id_id"), "form_return", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_form_return_county_id_id"), "form_return", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_form_return_school_id_id"), "form_return", ["school_id", "id"], unique=False
    )
    op.create_table(
        "form_return_cell",
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("cell", sa.String(length=6), nullable=False),
        sa.Column("numerator", sa.Integer(), nullable=True),
        sa.Column("denominator", sa.Integer(), nullable=True),
        sa.Column("computed", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("stated", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(stated IS NULL) OR (computed IS NULL) OR (reason IS NOT NULL)",
            name=op.f("ck_form_return_cell_why"),
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["form_return.id"], name=op.f("fk_form_return_cell_return_id")
        ),
        sa.PrimaryKeyConstraint("return_id", "cell", name=op.f("pk_form_return_cell")),
    )
    place = "city_id, county_id, school_id"
    sent_back = "sent_back_because, sent_back_at, sent_back_by"
    grant(f"SELECT, INSERT, UPDATE (closed_at, closed_by, {place})", "collection_form")
    grant(
        f"SELECT, INSERT, UPDATE (state, confirmed_at, confirmed_by, {sent_back}, {place})",
        "form_return",
    )
    grant("SELECT, INSERT, UPDATE (stated, reason)", "form_return_cell")
    audited("collection_form")
    audited("form_return")
    audited("form_return_cell", insertions=False)


def downgrade() -> None:
    op.drop_table("form_return_cell")
    op.drop_table("form_return")
    op.drop_table("collection_form")

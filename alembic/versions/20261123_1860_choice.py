"""Choice rounds: what can be chosen in them, and what teachers chose; places given by choice alone."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1860"
down_revision = "20261123_1850"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "choice_round",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "first_come",
                "two_way",
                name="choice_way",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("most_choices", sa.Integer(), nullable=False),
        sa.Column("most_places", sa.Integer(), nullable=False),
        sa.Column("priorities", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("favoured", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "settled",
                "cancelled",
                name="choice_round_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(published_at IS NULL AND state IN ('draft', 'cancelled')) OR (published_at IS NOT NULL AND state <> 'draft')",
            name=op.f("ck_choice_round_published_at"),
        ),
        sa.CheckConstraint(
            "(settled_at IS NOT NULL) = (state = 'settled')",
            name=op.f("ck_choice_round_settled_at"),
        ),
        sa.CheckConstraint(
            "closes_at > opens_at", name=op.f("ck_choice_round_closes_after_it_opens")
        ),
        sa.CheckConstraint(
            "most_places BETWEEN 1 AND most_choices AND most_choices <= 20",
            name=op.f("ck_choice_round_most_places"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_choice_round_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_choice_round_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_choice_round_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_choice_round_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice_round")),
    )
    op.create_index(
        op.f("ix_choice_round_city_id_id"), "choice_round", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_choice_round_county_id_id"), "choice_round", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_choice_round_school_id_id"), "choice_round", ["school_id", "id"], unique=False
    )
    op.create_table(
        "choice_offering",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_choice_offering_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["choice_round.id"], name=op.f("fk_choice_offering_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "activity_id", name=op.f("pk_choice_offering")),
    )
    op.create_index(
        op.f("ix_choice_offering_activity_id"), "choice_offering", ["activity_id"], unique=False
    )
    op.create_table(
        "choice",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("preference", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ground",
            sa.Enum(
                "no_place",
                "enough",
                "clash",
                "cancelled",
                "outside",
                "decided",
                name="decline_ground",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(reason IS NOT NULL) = (ground IS NOT NULL AND ground = 'decided')",
            name=op.f("ck_choice_reason"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(accepted_at, declined_at) <= 1 AND (declined_at IS NULL) = (ground IS NULL)",
            name=op.f("ck_choice_decided_once"),
        ),
        sa.CheckConstraint("preference BETWEEN 1 AND 20", name=op.f("ck_choice_preference")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_choice_decided_by")),
        sa.ForeignKeyConstraint(
            ["round_id", "activity_id"],
            ["choice_offering.round_id", "choice_offering.activity_id"],
            name=op.f("fk_choice_round_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_choice_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
    )
    op.create_index(
        op.f("ix_choice_activity_id_teacher_id"),
        "choice",
        ["activity_id", "teacher_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_choice_round_id_activity_id_id"),
        "choice",
        ["round_id", "activity_id", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_choice_teacher_id_id"), "choice", ["teacher_id", "id"], unique=False)
    op.create_index(
        "uq_choice_once",
        "choice",
        ["round_id", "teacher_id", "activity_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_choice_preference",
        "choice",
        ["round_id", "teacher_id", "preference"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.add_column(
        "place_rule",
        sa.Column("by_choice", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    for table in ("choice_round", "choice_offering", "choice"):
        audited(table)
    grant("SELECT, INSERT, UPDATE", "choice_round")
    grant("SELECT, INSERT, DELETE", "choice_offering")
    grant("SELECT, INSERT, UPDATE", "choice")
    grant("UPDATE (by_choice)", "place_rule")
    audited("place_rule")
    moved_with_person("choice.teacher_id")


def downgrade() -> None:
    not_moved_with_person("choice.teacher_id")
    op.drop_column("place_rule", "by_choice")
    audited("place_rule")
    op.drop_index(
        "uq_choice_preference",
        table_name="choice",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(
        "uq_choice_once", table_name="choice", postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.drop_index(op.f("ix_choice_teacher_id_id"), table_name="choice")
    op.drop_index(op.f("ix_choice_round_id_activity_id_id"), table_name="choice")
    op.drop_index(op.f("ix_choice_activity_id_teacher_id"), table_name="choice")
    op.drop_table("choice")
    op.drop_index(op.f("ix_choice_offering_activity_id"), table_name="choice_offering")
    op.drop_table("choice_offering")
    op.drop_index(op.f("ix_choice_round_school_id_id"), table_name="choice_round")
    op.drop_index(op.f("ix_choice_round_county_id_id"), table_name="choice_round")
    op.drop_index(op.f("ix_choice_round_city_id_id"), table_name="choice_round")
    op.drop_table("choice_round")

"""Transfers; what the names of teachers are found by; pairs and goals."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant
from app.domain.people.pinyin import name_terms

revision = "20261122_1460"
down_revision = "20261122_1450"
branch_labels = None
depends_on = None

ROWS = 5000
"""Names that are written at a time."""
NAMES = sa.text("SELECT id, name FROM teacher WHERE id > :after ORDER BY id LIMIT :rows")
FOUND_BY = sa.text("""
    UPDATE teacher SET name_terms = string_to_array(given.terms, ' ')
    FROM unnest(CAST(:ids AS uuid[]), CAST(:terms AS text[])) AS given (id, terms)
    WHERE teacher.id = given.id
""")


def find_names() -> None:
    """Write the terms of the names that are there: SQL knows no pinyin.

    No row has changed for anybody by it, so that neither versions nor the trail take part.
    """
    database, after = op.get_bind(), "00000000-0000-0000-0000-000000000000"
    op.execute("ALTER TABLE teacher DISABLE TRIGGER USER")
    while rows := database.execute(NAMES, {"after": after, "rows": ROWS}).all():
        ids = [str(row.id) for row in rows]
        terms = [" ".join(name_terms(row.name)) for row in rows]
        database.execute(FOUND_BY, {"ids": ids, "terms": terms})
        after = ids[-1]
    op.execute("ALTER TABLE teacher ENABLE TRIGGER USER")


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("destination", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "within",
                "out",
                "return",
                name="transfer_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("from_unit_id", sa.Uuid(), nullable=False),
        sa.Column("from_county_id", sa.Uuid(), nullable=False),
        sa.Column("to_unit_id", sa.Uuid(), nullable=False),
        sa.Column("to_county_id", sa.Uuid(), nullable=False),
        sa.Column(
            "proposer",
            sa.Enum(
                "leaving",
                "receiving",
                name="transfer_side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "accepted",
                "declined",
                "withdrawn",
                "completed",
                name="transfer_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'out') = (destination IS NOT NULL)", name=op.f("ck_transfer_says_where_to")
        ),
        sa.CheckConstraint(
            "(state = 'completed') = (effective_on IS NOT NULL)",
            name=op.f("ck_transfer_has_its_day"),
        ),
        sa.CheckConstraint(
            "(state IN ('withdrawn', 'completed')) = (closed_at IS NOT NULL)",
            name=op.f("ck_transfer_closed"),
        ),
        sa.CheckConstraint(
            "kind = 'return' OR from_unit_id <> to_unit_id",
            name=op.f("ck_transfer_leads_elsewhere"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'withdrawn') OR decided_at IS NOT NULL",
            name=op.f("ck_transfer_decided"),
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name=op.f("fk_transfer_closed_by")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_transfer_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["from_unit_id", "from_county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_transfer_from_unit_id_from_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_transfer_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_transfer_teacher_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_unit_id", "to_county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_transfer_to_unit_id_to_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_city_id_id"), "transfer", ["city_id", "id"], unique=False)
    op.create_index(
        op.f("ix_transfer_from_county_id_id"), "transfer", ["from_county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_transfer_from_unit_id_id"), "transfer", ["from_unit_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_transfer_teacher_id_id"), "transfer", ["teacher_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_transfer_to_county_id_id"), "transfer", ["to_county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_transfer_to_unit_id_id"), "transfer", ["to_unit_id", "id"], unique=False
    )
    op.create_index(
        "uq_transfer_open",
        "transfer",
        ["teacher_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed', 'accepted')"),
    )
    op.add_column(
        "teacher",
        sa.Column(
            "name_terms", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    find_names()
    op.create_index(
        "ix_teacher_name_terms",
        "teacher",
        [sa.literal_column("array_to_tsvector(name_terms)")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "peer_pair",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "friends",
                "mutual_help",
                name="pair_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=500), nullable=True),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_peer_pair_of_two_in_order")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_peer_pair_school_is_no_bureau")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_peer_pair_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_peer_pair_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["one_id"], ["teacher.id"], name=op.f("fk_peer_pair_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["teacher.id"], name=op.f("fk_peer_pair_other_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_peer_pair_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_pair")),
    )
    op.create_index(op.f("ix_peer_pair_city_id_id"), "peer_pair", ["city_id", "id"], unique=False)
    op.create_index(
        op.f("ix_peer_pair_county_id_id"), "peer_pair", ["county_id", "id"], unique=False
    )
    op.create_index(op.f("ix_peer_pair_one_id_id"), "peer_pair", ["one_id", "id"], unique=False)
    op.create_index(op.f("ix_peer_pair_other_id_id"), "peer_pair", ["other_id", "id"], unique=False)
    op.create_index(
        op.f("ix_peer_pair_school_id_id"), "peer_pair", ["school_id", "id"], unique=False
    )
    op.create_index(
        "uq_peer_pair_open",
        "peer_pair",
        ["one_id", "other_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "goal",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("measure", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "reached",
                "partly",
                "not_reached",
                name="goal_result",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("remark", sa.String(length=2000), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("appraised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appraised_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(opinion IS NULL) = (appraised_at IS NULL)", name=op.f("ck_goal_appraised")
        ),
        sa.CheckConstraint(
            "(result IS NULL) = (reported_at IS NULL)", name=op.f("ck_goal_reported")
        ),
        sa.CheckConstraint(
            "appraised_at IS NULL OR reported_at IS NOT NULL",
            name=op.f("ck_goal_appraised_when_reported"),
        ),
        sa.ForeignKeyConstraint(
            ["appraised_by"], ["account.id"], name=op.f("fk_goal_appraised_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_goal_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index(
        op.f("ix_goal_city_id_due_on_id"), "goal", ["city_id", "due_on", "id"], unique=False
    )
    op.create_index(
        op.f("ix_goal_county_id_due_on_id"), "goal", ["county_id", "due_on", "id"], unique=False
    )
    op.create_index(
        op.f("ix_goal_school_id_due_on_id"), "goal", ["school_id", "due_on", "id"], unique=False
    )
    op.create_index(
        op.f("ix_goal_teacher_id_due_on_id"), "goal", ["teacher_id", "due_on", "id"], unique=False
    )
    decision = "state, decided_at, decided_by, opinion, closed_at, closed_by, effective_on"
    grant(f"SELECT, INSERT, UPDATE ({decision})", "transfer")
    grant("SELECT, INSERT, UPDATE (ended_on, result)", "peer_pair")
    answer = "result, remark, reported_at, opinion, appraised_at, appraised_by"
    grant(f"SELECT, INSERT, UPDATE ({answer})", "goal")
    for table in ("transfer", "peer_pair", "goal"):
        audited(table)


def downgrade() -> None:
    op.drop_index("ix_teacher_name_terms", table_name="teacher")
    op.drop_column("teacher", "name_terms")
    for table in ("goal", "peer_pair", "transfer"):
        op.drop_table(table)

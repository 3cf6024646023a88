"""Units in time: reorganisation, attachments, designations, who is responsible; and what left a scope."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant

revision = "20261122_1400"
down_revision = "20261122_1300"
branch_labels = None
depends_on = None

NOTE_DEPARTURES = """
CREATE FUNCTION note_departures() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
    SELECT TG_ARGV[0], removed.id, removed.city_id, removed.county_id, removed.school_id
    FROM removed JOIN added USING (id)
    WHERE (removed.city_id, removed.county_id, removed.school_id)
        IS DISTINCT FROM (added.city_id, added.county_id, added.school_id)
    ORDER BY removed.id;
    RETURN NULL;
END
$$
"""
NOTED = """
CREATE TRIGGER note_departures AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION note_departures('{table}')
"""


def holds_once(table: str, *slot: str) -> None:
    """Keep that no two believed facts of one slot hold on one day."""
    columns = ", ".join(f"{name} WITH =" for name in slot)
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ex_{table}_holds_once EXCLUDE USING gist"
        f" ({columns}, daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at IS NULL)"
    )


def add_to_units() -> None:
    """Where a school lies, and since when a unit is no more."""
    op.add_column("unit", sa.Column("location", sa.String(length=32), nullable=True))
    op.add_column("unit", sa.Column("location_code", sa.String(length=3), nullable=True))
    op.add_column("unit", sa.Column("closed_on", sa.Date(), nullable=True))
    open_id = sa.Computed("CASE WHEN closed_on IS NULL THEN id END", persisted=True)
    op.add_column("unit", sa.Column("open_id", sa.Uuid(), open_id, nullable=True))
    op.create_unique_constraint(op.f("uq_unit_open_id"), "unit", ["open_id"])
    for name, condition in (
        ("location_class", "location IN ('urban', 'town', 'rural')"),
        ("only_schools_lie_somewhere", "level = 'school' OR location IS NULL"),
        (
            "location_code",
            (
                "location_code IS NULL"
                " OR (CASE WHEN location_code LIKE '11_' THEN location = 'urban'"
                " WHEN location_code LIKE '12_' THEN location = 'town' ELSE location = 'rural' END)"
                " IS TRUE"
            ),
        ),
        ("a_city_stays_open", "level <> 'city' OR closed_on IS NULL"),
    ):
        op.create_check_constraint(op.f(f"ck_unit_{name}"), "unit", condition)
    # A closed school registers nobody.
    op.create_foreign_key(
        op.f("fk_teacher_school_id"), "teacher", "unit", ["school_id"], ["open_id"]
    )
    for table in ("unit_named", "unit_code"):
        op.create_index(
            f"uq_{table}_open",
            table,
            ["unit_id"],
            unique=True,
            postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
        )
    op.create_index(op.f("ix_unit_named_name"), "unit_named", ["name"], unique=False)


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    add_to_units()
    op.create_table(
        "designation",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "demonstration",
                "experimental",
                "base",
                "demonstration_base",
                "other",
                name="designation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "national",
                "provincial",
                "city",
                "county",
                "school",
                name="designation_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("issuer", sa.String(length=100), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_designation_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_designation_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designation")),
    )
    op.create_index(
        op.f("ix_designation_unit_id_valid_from"),
        "designation",
        ["unit_id", "valid_from"],
        unique=False,
    )
    holds_once("designation", "unit_id", "level", "title")
    op.create_table(
        "unit_attachment",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "teaching_point",
                "campus",
                "education_group",
                name="attachment_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("document", sa.String(length=100), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("unit_id <> head_id", name=op.f("ck_unit_attachment_not_to_itself")),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_unit_attachment_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["head_id"], ["unit.id"], name=op.f("fk_unit_attachment_head_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_attachment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_attachment")),
    )
    op.create_index(
        op.f("ix_unit_attachment_head_id_valid_from"),
        "unit_attachment",
        ["head_id", "valid_from"],
        unique=False,
    )
    op.create_index(
        op.f("ix_unit_attachment_unit_id_valid_from"),
        "unit_attachment",
        ["unit_id", "valid_from"],
        unique=False,
    )
    holds_once("unit_attachment", "unit_id", "kind")
    op.create_table(
        "responsibility",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "duty",
            sa.Enum(
                "first_responsible",
                "training_lead",
                "vice_principal",
                "academic_office",
                "general_office",
                name="school_duty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("department", sa.String(length=60), nullable=True),
        sa.Column("tasks", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "duty <> 'training_lead' OR (num_nonnulls(teacher_id, account_id) = 1 AND department IS NOT NULL)",
            name=op.f("ck_responsibility_training_lead_is_complete"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(teacher_id, account_id) <= 1", name=op.f("ck_responsibility_one_person")
        ),
        sa.CheckConstraint(
            "num_nonnulls(teacher_id, account_id, department) >= 1",
            name=op.f("ck_responsibility_somebody"),
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_responsibility_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_responsibility_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_responsibility_teacher_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_responsibility_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
    )
    op.create_index(
        op.f("ix_responsibility_teacher_id"), "responsibility", ["teacher_id"], unique=False
    )
    op.create_index(
        op.f("ix_responsibility_unit_id_valid_from"),
        "responsibility",
        ["unit_id", "valid_from"],
        unique=False,
    )
    holds_once("responsibility", "unit_id", "duty")
    op.create_table(
        "reorganisation",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "closure",
                "merger",
                "move",
                name="reorganisation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'merger') = (successor_id IS NOT NULL) AND (kind = 'move') = (from_id IS NOT NULL) AND (kind = 'move') = (to_id IS NOT NULL)",
            name=op.f("ck_reorganisation_says_where_to"),
        ),
        sa.CheckConstraint(
            "successor_id <> unit_id AND from_id <> to_id",
            name=op.f("ck_reorganisation_leads_elsewhere"),
        ),
        sa.ForeignKeyConstraint(["from_id"], ["unit.id"], name=op.f("fk_reorganisation_from_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_reorganisation_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["unit.id"], name=op.f("fk_reorganisation_successor_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["unit.id"], name=op.f("fk_reorganisation_to_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reorganisation_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation")),
    )
    op.create_index(
        op.f("ix_reorganisation_from_id_effective_on"),
        "reorganisation",
        ["from_id", "effective_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reorganisation_successor_id_effective_on"),
        "reorganisation",
        ["successor_id", "effective_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reorganisation_to_id_effective_on"),
        "reorganisation",
        ["to_id", "effective_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reorganisation_unit_id_effective_on"),
        "reorganisation",
        ["unit_id", "effective_on"],
        unique=False,
    )
    op.create_index(
        "uq_reorganisation_end",
        "reorganisation",
        ["unit_id"],
        unique=True,
        postgresql_where=sa.text("kind IN ('closure', 'merger')"),
    )
    op.create_table(
        "departure",
        sa.Column(
            "change_transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text::bigint)"),
            nullable=False,
        ),
        sa.Column(
            "change_sequence",
            sa.BigInteger(),
            server_default=sa.text("nextval('change_sequence')"),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "unit",
                "teacher",
                "activity",
                "credit_entry",
                name="change_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("left_city_id", sa.Uuid(), nullable=False),
        sa.Column("left_county_id", sa.Uuid(), nullable=False),
        sa.Column("left_school_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("change_transaction", "change_sequence", name=op.f("pk_departure")),
    )
    op.execute(NOTE_DEPARTURES)
    # Who could make a trigger of it on a table of their own could make up departures.
    op.execute("REVOKE EXECUTE ON FUNCTION note_departures() FROM PUBLIC")
    for table in ("unit", "teacher", "activity"):
        op.execute(NOTED.format(table=table))
    grant("SELECT", "departure")
    # What happened to a unit is never changed; dated facts are superseded alone.
    grant("SELECT, INSERT", "reorganisation")
    facts = ("designation", "unit_attachment", "responsibility")
    grant("SELECT, INSERT, UPDATE (superseded_at)", *facts)


def downgrade() -> None:
    for table in ("activity", "teacher", "unit"):
        op.execute(f"DROP TRIGGER note_departures ON {table}")
    op.execute("DROP FUNCTION note_departures()")
    for table in (
        "departure", "reorganisation", "responsibility", "unit_attachment", "designation"
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index(op.f("ix_unit_named_name"), table_name="unit_named")
    for table in ("unit_code", "unit_named"):
        op.drop_index(f"uq_{table}_open", table_name=table)
    op.drop_constraint(op.f("fk_teacher_school_id"), "teacher", type_="foreignkey")
    for name in (
        "a_city_stays_open", "location_code", "only_schools_lie_somewhere", "location_class"
    ):  # fmt: skip
        op.drop_constraint(op.f(f"ck_unit_{name}"), "unit", type_="check")
    op.drop_constraint(op.f("uq_unit_open_id"), "unit", type_="unique")
    for column in ("open_id", "closed_on", "location_code", "location"):
        op.drop_column("unit", column)

"""Access to personal data: unmasking, corrections, consent to optional data, provision to others."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1470"
down_revision = "20261122_1460"
branch_labels = None
depends_on = None

CHANGE_VERSION = """
CREATE TRIGGER change_version BEFORE UPDATE ON teacher FOR EACH ROW
    {when} EXECUTE FUNCTION raise_change_version()
"""
NOT_WHEN_RESEALED = """
WHEN (OLD.id_number_sealed = NEW.id_number_sealed OR OLD.id_number_index <> NEW.id_number_index)
"""
"""The same number sealed with another key is no change that anybody has to hear of."""


def upgrade() -> None:
    op.create_table(
        "provision",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "recipient",
            sa.Enum(
                "province",
                "application",
                name="recipient",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column(
            "legal_basis",
            sa.Enum(
                "statutory_duty",
                "consent",
                "entrustment",
                name="legal_basis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("categories", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("for_person", sa.Boolean(), nullable=True),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_provision_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_provision_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_provision_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision")),
        sa.ForeignKeyConstraint(["client_id"], ["account.id"], name=op.f("fk_provision_client_id")),
        sa.UniqueConstraint(
            "client_id",
            "scope",
            "day",
            "for_person",
            name=op.f("uq_provision_client_id_scope_day_for_person"),
        ),
        sa.UniqueConstraint("source_id", name=op.f("uq_provision_source_id")),
    )
    op.create_index(
        op.f("ix_provision_city_id_day_id"), "provision", ["city_id", "day", "id"], unique=False
    )
    op.create_index(
        op.f("ix_provision_county_id_day_id"), "provision", ["county_id", "day", "id"], unique=False
    )
    op.create_table(
        "data_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column(
            "data",
            sa.Enum(
                "phone",
                "photo",
                "location",
                name="optional_data",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_data_consent_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_consent")),
    )
    op.create_index(
        op.f("ix_data_consent_teacher_id_id"), "data_consent", ["teacher_id", "id"], unique=False
    )
    op.create_index(
        "uq_data_consent_open",
        "data_consent",
        ["teacher_id", "data"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "teacher_phone",
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_teacher_phone_teacher_id")
        ),
        sa.PrimaryKeyConstraint("teacher_id", name=op.f("pk_teacher_phone")),
    )
    op.create_index(
        op.f("ix_teacher_phone_phone_index"), "teacher_phone", ["phone_index"], unique=False
    )
    op.create_table(
        "correction",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column(
            "field",
            sa.Enum(
                "name",
                "subject",
                "stage",
                "birth_date",
                "id_number",
                "other",
                name="corrected_field",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "id_kind",
            sa.Enum(
                "resident_card",
                "residence_permit",
                "foreigner_permit",
                "home_return_permit",
                "taiwan_permit",
                "passport",
                name="id_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("evidence", sa.String(length=2000), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("stated", sa.String(length=200), nullable=False),
        sa.Column("stated_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "granted",
                "declined",
                "withdrawn",
                name="correction_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_correction_decided_once")
        ),
        sa.CheckConstraint(
            "state = 'asked' OR stated_sealed IS NULL",
            name=op.f("ck_correction_sealed_until_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_correction_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_correction_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_city_id_id"), "correction", ["city_id", "id"], unique=False)
    op.create_index(
        op.f("ix_correction_county_id_id"), "correction", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_correction_school_id_id"), "correction", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_correction_teacher_id_id"), "correction", ["teacher_id", "id"], unique=False
    )
    op.create_index(
        "uq_correction_open",
        "correction",
        ["teacher_id", "field"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "look",
        sa.Column(
            "kind",
            sa.Enum(
                "revealed",
                "found",
                name="look_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("data", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_look_account_id")),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name=op.f("fk_look_teacher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
    )
    op.create_index(op.f("ix_look_account_id_at"), "look", ["account_id", "at"], unique=False)
    op.create_index(op.f("ix_look_teacher_id_id"), "look", ["teacher_id", "id"], unique=False)
    op.execute("DROP TRIGGER change_version ON teacher")
    op.execute(CHANGE_VERSION.format(when=NOT_WHEN_RESEALED))
    grant("SELECT, INSERT", "look")
    # Optional data go with the consent: this is what the application may remove of a person.
    grant("SELECT, INSERT, UPDATE, DELETE", "teacher_phone")
    grant("SELECT, INSERT, UPDATE (withdrawn_at)", "data_consent")
    decision = "state, decided_at, decided_by, opinion, stated_sealed"
    grant(f"SELECT, INSERT, UPDATE ({decision})", "correction")
    grant("SELECT, INSERT, UPDATE (times, last_at)", "provision")
    for table in ("look", "teacher_phone", "data_consent"):
        audited(table)
    audited("correction", hidden=["evidence"])


def downgrade() -> None:
    op.execute("DROP TRIGGER change_version ON teacher")
    op.execute(CHANGE_VERSION.format(when=""))
    for table in ("look", "correction", "teacher_phone", "data_consent", "provision"):
        op.drop_table(table)

"""Second factors with their recovery codes, identity providers and the identities linked to accounts."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1500"
down_revision = "20261122_1480"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("second_factor_since", sa.DateTime(timezone=True), nullable=True)
    )
    _second_factors()
    _identity_providers()
    _identities()
    audited("account")


def downgrade() -> None:
    for table in ("identity_request", "external_identity", "identity_provider", "recovery_code"):
        op.drop_table(table)
    op.drop_table("second_factor")
    op.drop_column("account", "second_factor_since")


def _second_factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("used_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("next_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint(
            "account_id", "code_hash", name=op.f("uq_recovery_code_account_id_code_hash")
        ),
    )
    grant("SELECT, INSERT, UPDATE, DELETE", "second_factor")
    grant("SELECT, INSERT, UPDATE (used_at), DELETE", "recovery_code")
    audited("second_factor")
    audited("recovery_code")


def _identity_providers() -> None:
    op.create_table(
        "identity_provider",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_identity_provider_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_identity_provider_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_identity_provider_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["account.id"], name=op.f("fk_identity_provider_registered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_provider")),
        sa.UniqueConstraint("city_id", "issuer", name=op.f("uq_identity_provider_city_id_issuer")),
    )
    grant(
        "SELECT, INSERT, UPDATE (name, client_id, scopes, is_enabled, secret_sealed)",
        "identity_provider",
    )
    audited("identity_provider")


def _identities() -> None:
    op.create_table(
        "external_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_external_identity_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["identity_provider.id"],
            name=op.f("fk_external_identity_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["linked_by"], ["account.id"], name=op.f("fk_external_identity_linked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identity")),
        sa.UniqueConstraint(
            "provider_id", "subject", name=op.f("uq_external_identity_provider_id_subject")
        ),
        sa.UniqueConstraint(
            "account_id", "provider_id", name=op.f("uq_external_identity_account_id_provider_id")
        ),
    )
    op.create_table(
        "identity_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("binder_hash", sa.LargeBinary(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(asked IS NULL) <> (account_id IS NULL)",
            name=op.f("ck_identity_request_for_one_purpose"),
        ),
        sa.CheckConstraint(
            "binder_hash IS NOT NULL OR account_id IS NOT NULL AND subject IS NULL",
            name=op.f("ck_identity_request_of_one_browser"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["identity_provider.id"], name=op.f("fk_identity_request_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_identity_request_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_request")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_identity_request_state_hash")),
    )
    op.create_index(op.f("ix_identity_request_expires_at"), "identity_request", ["expires_at"])
    grant("SELECT, INSERT, DELETE", "external_identity")
    grant(
        "SELECT, INSERT, UPDATE (binder_hash, returned_at, subject, decided_at), DELETE",
        "identity_request",
    )
    audited("external_identity")

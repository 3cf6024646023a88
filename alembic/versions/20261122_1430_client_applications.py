"""The register of client applications, sign-ins, consents, codes of OAuth, and attempts.

A family of refresh tokens becomes a sign-in, which knows its application and where it is used.
"""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant

revision = "20261122_1430"
down_revision = "20261122_1420"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("lasts_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "client",
        sa.Column("organisation", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("filing_number", sa.String(length=60), nullable=True),
        sa.Column("agreement_number", sa.String(length=60), nullable=True),
        sa.Column("agreement_ends", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("flows", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("redirect_uris", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("origins", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "confidential",
                "public",
                name="client_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind = 'confidential' OR NOT 'client_credentials' = ANY (flows)",
            name=op.f("ck_client_public_is_nobody"),
        ),
        sa.CheckConstraint(
            "(previous_secret IS NULL) = (previous_secret_until IS NULL)",
            name=op.f("ck_client_previous_ends"),
        ),
        sa.ForeignKeyConstraint(["id"], ["account.id"], name=op.f("fk_client_id")),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["account.id"], name=op.f("fk_client_registered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_consent_account_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_consent_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_client_id"), "consent", ["client_id"], unique=False)
    op.create_index(
        "uq_consent_open",
        "consent",
        ["account_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "device_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_code", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("security_version", sa.Integer(), nullable=True),
        sa.Column("denied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_device_code_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_device_code_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_device_code_code_hash")),
        sa.UniqueConstraint("user_code", name=op.f("uq_device_code_user_code")),
    )
    op.create_index(op.f("ix_device_code_expires_at"), "device_code", ["expires_at"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_sign_in_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(
        op.f("ix_sign_in_account_id_client_id"),
        "sign_in",
        ["account_id", "client_id"],
        unique=False,
    )
    op.create_index(op.f("ix_sign_in_client_id"), "sign_in", ["client_id"], unique=False)
    op.create_index(
        "ix_sign_in_ended_at",
        "sign_in",
        ["ended_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_table(
        "authorisation_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("security_version", sa.Integer(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sign_in_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_authorisation_code_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_authorisation_code_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["sign_in_id"], ["sign_in.id"], name=op.f("fk_authorisation_code_sign_in_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_authorisation_code_code_hash")),
    )
    op.create_index(
        op.f("ix_authorisation_code_expires_at"), "authorisation_code", ["expires_at"], unique=False
    )
    op.execute(
        "INSERT INTO sign_in (id, account_id, started_at, last_used_at, ended_at)"
        " SELECT family_id, account_id, min(issued_at), max(issued_at), max(revoked_at)"
        " FROM refresh_token GROUP BY family_id, account_id"
    )
    op.drop_index("ix_refresh_token_account_id", table_name="refresh_token")
    op.drop_index("ix_refresh_token_family_id", table_name="refresh_token")
    op.alter_column("refresh_token", "family_id", new_column_name="sign_in_id")
    op.create_index("ix_refresh_token_sign_in_id", "refresh_token", ["sign_in_id"])
    op.create_foreign_key(
        "fk_refresh_token_sign_in_id", "refresh_token", "sign_in", ["sign_in_id"], ["id"]
    )
    op.drop_column("refresh_token", "account_id")
    op.drop_column("refresh_token", "revoked_at")
    grant("SELECT, INSERT, UPDATE", "client")
    grant("SELECT, INSERT, UPDATE (revoked_at)", "consent")
    grant("SELECT, INSERT, UPDATE (address, last_used_at, ended_at)", "sign_in")
    # A code is forgotten when its time is over, an attempt when it no longer counts.
    grant("SELECT, INSERT, DELETE, UPDATE (used_at, sign_in_id)", "authorisation_code")
    grant(
        "SELECT, INSERT, DELETE, UPDATE"
        " (polled_at, account_id, security_version, denied_at, used_at)",
        "device_code",
    )
    grant("SELECT, INSERT, DELETE, UPDATE", "attempt")


def downgrade() -> None:
    op.add_column("refresh_token", sa.Column("revoked_at", sa.DateTime(timezone=True)))
    op.add_column("refresh_token", sa.Column("account_id", sa.Uuid()))
    op.execute(
        "UPDATE refresh_token SET account_id = sign_in.account_id, revoked_at = sign_in.ended_at"
        " FROM sign_in WHERE sign_in.id = refresh_token.sign_in_id"
    )
    op.alter_column("refresh_token", "account_id", nullable=False)
    op.drop_constraint("fk_refresh_token_sign_in_id", "refresh_token", type_="foreignkey")
    op.drop_index("ix_refresh_token_sign_in_id", table_name="refresh_token")
    op.alter_column("refresh_token", "sign_in_id", new_column_name="family_id")
    op.create_index("ix_refresh_token_family_id", "refresh_token", ["family_id"])
    op.create_index("ix_refresh_token_account_id", "refresh_token", ["account_id"])
    op.create_foreign_key(
        "fk_refresh_token_account_id", "refresh_token", "account", ["account_id"], ["id"]
    )
    op.drop_table("authorisation_code")
    op.drop_table("sign_in")
    op.drop_table("device_code")
    op.drop_table("consent")
    op.drop_table("client")
    op.drop_table("attempt")

"""Three roles and one database: what must stand before the migrations can run.

The *owner* owns every table and runs the migrations; the *application* answers requests and owns
nothing, so that a ledger it may only insert into is out of its reach. What only reads it does as the
*reader*, whose role it may put on, and who sees no more than it is told (`app.wall`). Roles belong to the
whole PostgreSQL cluster, not to a database: they are bootstrap, and no migration makes them.

`prepare` makes them, `check` says whether two addresses given from outside are fit to be used.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from app.domain.errors import Unavailable
from app.sql import LOST
from app.wall import READER

OWNER = "yanxun_owner"
APPLICATION = "yanxun_app"
DATABASE = "yanxun"

_OLDEST, _NEWEST = 15, 18
_SPLIT = 16  # from this version on a role may be put on by who does not have its rights otherwise
_PATIENCE = 10  # seconds until a server that does not answer counts as unreachable
_LOCK = 0x79616E78756E  # "yanxun": two preparations at once take turns


class DatabaseUnreachable(Unavailable):
    """No connection came about. `reason` is PostgreSQL's or the system's, without the address."""

    code = "database_unreachable"
    zh = "无法连接数据库（{which}）：{reason}"
    en = "The database cannot be reached ({which}): {reason}"


class VersionNotSupported(Unavailable):
    """The server is older or newer than what the suite is run on."""

    code = "database_version_not_supported"
    zh = "不支持 PostgreSQL {version}：需要 {oldest} 至 {newest} 版。"
    en = "PostgreSQL {version} is not supported: it must be {oldest} to {newest}."


class RolesMissing(Unavailable):
    """What is missing may not be made by this connection; an administrator has to run `sql`."""

    code = "database_roles_missing"
    zh = "当前连接无权创建所需的数据库角色。请数据库管理员用 psql 执行：\n\n{sql}"
    en = (
        "This connection may not create the roles that are needed. "
        "Ask the database's administrator to run with psql:\n\n{sql}"
    )


class DatabasesDiffer(Unavailable):
    """What the owner would migrate is not what the application would read."""

    code = "databases_differ"
    zh = "DATABASE_URL 与 DATABASE_OWNER_URL 指向不同的数据库。"
    en = "DATABASE_URL and DATABASE_OWNER_URL lead to different databases."


class RoleNotFit(Unavailable):
    """One of the two roles may do more, or less, than its task needs; `reason` says what."""

    code = "database_role_not_fit"
    zh = "{which} 中的数据库角色 {role} 不符合要求：{reason_zh}。"
    en = "The database role {role} in {which} is not fit for its task: {reason}."


async def prepare(
    administrator_url: str,
    *,
    owner_password: str,
    application_password: str,
    database: str = DATABASE,
) -> None:
    """Make the roles, the database and its grants, as far as they are missing.

    What exists is left as it is, passwords included, so it may be called at every start. Refuses
    with `RolesMissing` where the administrator's role is not allowed to do what is missing.
    Passwords are printable ASCII; the server receives and stores only their SCRAM verifiers, so
    that no statement in its log can betray them.
    """
    async with _connection(administrator_url, "administrator") as administrator:
        await _check_version(administrator)
        await administrator.execute("SELECT pg_advisory_lock($1)", _LOCK)
        try:
            for statement in await _missing_in_cluster(
                administrator, database, owner_password, application_password
            ):
                await administrator.execute(statement)
            async with _connection(administrator_url, "administrator", database=database) as inside:
                if not await _is_granted(inside):
                    async with inside.transaction():
                        await inside.execute(";\n".join(_grants(database)))
        except asyncpg.InsufficientPrivilegeError as error:
            missing = await _missing_in_cluster(administrator, database)
            script = [*missing, f"\\connect {_name(database)}", *_grants(database)]
            raise RolesMissing(sql=_printed(script)) from error


async def check(application_url: str, owner_url: str) -> None:
    """Refuse unless both addresses lead to one supported database and neither role may too much.

    The names in the refusals are those of the settings that hold the addresses.
    """
    async with (
        _connection(owner_url, "DATABASE_OWNER_URL") as owner,
        _connection(application_url, "DATABASE_URL") as application,
    ):
        version = await _check_version(owner)
        owner_role = await owner.fetchval("SELECT current_user")
        rights = await application.fetchrow(_RIGHTS_OF_THE_APPLICATION, owner_role)
        if await owner.fetchval(_WHERE) != await application.fetchval(_WHERE):
            raise DatabasesDiffer
        for right, (english, chinese) in _TOO_MUCH.items():
            if rights[right]:
                role = rights["role"]
                raise RoleNotFit(which="DATABASE_URL", role=role, reason=english, reason_zh=chinese)
        await _check_reader(application, rights["role"], owner_role, version)
        if not await owner.fetchval("SELECT has_schema_privilege('public', 'CREATE')"):
            raise RoleNotFit(
                which="DATABASE_OWNER_URL",
                role=owner_role,
                reason="it may not create tables in the schema public",
                reason_zh="无权在 public 模式中建表",
            )


async def _check_reader(
    application: asyncpg.Connection, role: str, owner_role: str, version: int
) -> None:
    """Refuse unless the application may put on the reader's role, and that is no more than a reader."""
    reader = await application.fetchrow(_READER, READER, owner_role)
    if reader is None or not reader["is_worn"]:
        made = [] if reader else [_MADE]
        raise RolesMissing(sql=_printed([*made, _worn(version, _name(role))]))
    if reader["is_more"]:
        raise RoleNotFit(
            which="DATABASE_URL",
            role=READER,
            reason="it may more than read within its bounds",
            reason_zh="其权限超出限定范围内的读取",
        )


_READER = """
SELECT pg_has_role(current_user, oid, 'MEMBER') AS is_worn,
       rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin
       OR pg_has_role(oid, current_user, 'MEMBER')
       OR pg_has_role(oid, $2::text::name, 'MEMBER') AS is_more
FROM pg_roles WHERE rolname = $1
"""
_MADE = f"CREATE ROLE {READER} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"


def _worn(version: int, role: str) -> str:
    """What lets a role put on the reader's, without having its rights otherwise."""
    return f"GRANT {READER} TO {role}" + (" WITH INHERIT FALSE" if version >= _SPLIT else "")


# When a server was started tells which server it is, and any role may ask.
_WHERE = "SELECT current_database() || ' ' || pg_postmaster_start_time()"

_RIGHTS_OF_THE_APPLICATION = """
SELECT rolname AS role, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
       pg_has_role(rolname, $1::text::name, 'MEMBER')
       OR pg_has_role(oid, datdba, 'MEMBER') AS is_owner,
       has_schema_privilege('public', 'CREATE') AS may_create
FROM pg_roles, (SELECT datdba FROM pg_database WHERE datname = current_database()) AS here
WHERE rolname = current_user
"""

# The first that is true is told: a superuser, say, also is a member of every role.
_TOO_MUCH = {
    "rolsuper": ("it is a superuser", "它是超级用户"),
    "rolbypassrls": ("it bypasses row-level security", "它可绕过行级安全策略"),
    "rolcreaterole": ("it may create roles", "它可创建角色"),
    "rolcreatedb": ("it may create databases", "它可创建数据库"),
    "is_owner": ("it is, or may become, the owner of the tables", "它是或可成为表的所有者"),
    "may_create": ("it may create tables in the schema public", "它可在 public 模式中建表"),
}


@asynccontextmanager
async def _connection(
    url: str, which: str, *, database: str | None = None
) -> AsyncIterator[asyncpg.Connection]:
    try:
        connection = await asyncpg.connect(url, database=database, timeout=_PATIENCE)
    except ValueError as error:
        # Its message may quote the address, and with it a part of the password.
        raise DatabaseUnreachable(which=which, reason="the address is malformed") from error
    except LOST as error:
        reason = str(error) or f"no answer within {_PATIENCE} seconds"
        raise DatabaseUnreachable(which=which, reason=reason) from error
    try:
        yield connection
    finally:
        await connection.close()


async def _check_version(connection: asyncpg.Connection) -> int:
    version = connection.get_server_version()
    if not _OLDEST <= version.major <= _NEWEST:
        raise VersionNotSupported(version=version.major, oldest=_OLDEST, newest=_NEWEST)
    return int(version.major)


async def _missing_in_cluster(
    administrator: asyncpg.Connection,
    database: str,
    owner_password: str | None = None,
    application_password: str | None = None,
) -> list[str]:
    """Return the statements still to be run; without passwords they are only to be read."""
    roles = {row["rolname"] for row in await administrator.fetch("SELECT rolname FROM pg_roles")}
    statements = [
        f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
        f" PASSWORD '{_verifier(password) if password else f'the password of {role}'}'"
        for role, password in ((OWNER, owner_password), (APPLICATION, application_password))
        if role not in roles
    ]
    if READER not in roles:
        statements.append(_MADE)
    if not await administrator.fetchval(_IS_WORN, READER, APPLICATION):
        statements.append(_worn(administrator.get_server_version().major, APPLICATION))
    if OWNER not in roles:
        # Who is no superuser may give a database only to a role it belongs to.
        statements.append(f"GRANT {OWNER} TO CURRENT_USER")
    if not await administrator.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
        statements.append(
            f"CREATE DATABASE {_name(database)} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0"
        )
    return statements


_IS_WORN = """
SELECT EXISTS (
    SELECT FROM pg_auth_members
    WHERE roleid = to_regrole($1::text) AND member = to_regrole($2::text)
)
"""


async def _is_granted(inside: asyncpg.Connection) -> bool:
    granted: bool = await inside.fetchval(
        """
        SELECT nspowner::regrole::text = $1
           AND has_database_privilege($2, current_database(), 'CONNECT, TEMPORARY')
           AND has_schema_privilege($2, oid, 'USAGE')
           AND NOT has_schema_privilege($2, oid, 'CREATE')
        FROM pg_namespace WHERE nspname = 'public'
        """,
        OWNER,
        APPLICATION,
    )
    return granted


def _grants(database: str) -> list[str]:
    """Return what is run inside the database. Imports stage rows in temporary tables."""
    return [
        f"ALTER SCHEMA public OWNER TO {OWNER}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {APPLICATION}",
        f"REVOKE ALL ON DATABASE {_name(database)} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {_name(database)} TO {APPLICATION}",
    ]


def _printed(statements: list[str]) -> str:
    return "\n".join(line if line.startswith("\\") else f"{line};" for line in statements)


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _verifier(password: str) -> str:
    """Return what PostgreSQL stores of a password (SCRAM-SHA-256, RFC 5803, 4096 rounds)."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, 4096)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256$4096:{encoded[0]}${encoded[1]}:{encoded[2]}"

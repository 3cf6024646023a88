import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import asyncpg
import pytest

from app.database import roles
from app.database.embedded import SUPERUSER, EmbeddedServer
from app.wall import READER
from tests.database.test_embedded import PROGRAMS

PASSWORDS = {"owner_password": "owner-password", "application_password": "application-password"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    folder = tmp_path_factory.mktemp("data of roles")
    started = EmbeddedServer(folder, binaries=PROGRAMS)
    started.start()
    yield started
    started.erase()


@pytest.fixture
def administrator(server: EmbeddedServer) -> str:
    return server.url(SUPERUSER, "postgres")


@pytest.fixture
async def bare(administrator: str) -> AsyncIterator[str]:
    """The administrator's address of a server that has neither the roles nor the database."""

    async def clear() -> None:
        await run(
            administrator,
            f"DROP DATABASE IF EXISTS {roles.DATABASE}",
            f"DROP ROLE IF EXISTS {roles.APPLICATION}",
            f"DROP ROLE IF EXISTS {roles.OWNER}",
            f"DROP ROLE IF EXISTS {READER}",
            "DROP ROLE IF EXISTS clerk",
        )

    await clear()
    yield administrator
    await clear()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def run(url: str, *statements: str) -> None:
    async with connected(url) as connection:
        for statement in statements:
            await connection.execute(statement)


def as_role(url: str, role: str, password: str, database: str = roles.DATABASE) -> str:
    rest = url.split("?", maxsplit=1)[1]
    return f"postgresql://{role}:{quote(password)}@/{database}?{rest}"


def addresses(url: str) -> tuple[str, str]:
    return (
        as_role(url, roles.APPLICATION, PASSWORDS["application_password"]),
        as_role(url, roles.OWNER, PASSWORDS["owner_password"]),
    )


async def test_what_is_missing_is_made_and_what_exists_is_left(bare: str) -> None:
    await roles.prepare(bare, **PASSWORDS)
    await roles.prepare(bare, owner_password="another", application_password="another")
    await roles.check(*addresses(bare))


async def test_two_preparations_at_once_take_turns(bare: str) -> None:
    await asyncio.gather(*(roles.prepare(bare, **PASSWORDS) for _ in range(4)))
    await roles.check(*addresses(bare))


async def test_further_databases_belong_to_the_same_roles(bare: str) -> None:
    await roles.prepare(bare, **PASSWORDS)
    await roles.prepare(bare, **PASSWORDS, database='second "one"')
    try:
        async with connected(bare) as connection:
            owner = await connection.fetchval(
                "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'second \"one\"'"
            )
        assert owner == roles.OWNER
    finally:
        await run(bare, 'DROP DATABASE "second ""one"""')


async def test_the_application_owns_nothing_and_makes_nothing(bare: str) -> None:
    await roles.prepare(bare, **PASSWORDS)
    application_url, owner_url = addresses(bare)
    await run(
        owner_url, "CREATE TABLE entry (id int)", f"GRANT INSERT ON entry TO {roles.APPLICATION}"
    )
    async with connected(application_url) as application:
        await application.execute("INSERT INTO entry VALUES (1)")
        await application.execute("CREATE TEMPORARY TABLE staged (id int)")
        for statement in (
            "UPDATE entry SET id = 2",
            "DELETE FROM entry",
            "SELECT * FROM entry",
            "DROP TABLE entry",
            "TRUNCATE entry",
            "ALTER TABLE entry DISABLE TRIGGER ALL",
            "CREATE TABLE public.mine (id int)",
            "CREATE SCHEMA mine",
            "CREATE ROLE mine",
            "CREATE DATABASE mine",
            f"SET ROLE {roles.OWNER}",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await application.execute(statement)


async def test_the_reader_is_put_on_and_is_nothing_otherwise(bare: str) -> None:
    await roles.prepare(bare, **PASSWORDS)
    application_url, owner_url = addresses(bare)
    await run(owner_url, "CREATE TABLE entry (id int)", f"GRANT SELECT ON entry TO {READER}")
    async with connected(application_url) as application:
        async with application.transaction():
            await application.execute(f"SET LOCAL ROLE {READER}")
            assert await application.fetch("SELECT * FROM entry") == []
        if application.get_server_version().major >= 16:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await application.execute("SELECT * FROM entry")
    await run(bare, f"ALTER ROLE {READER} PASSWORD 'reader'")
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await asyncpg.connect(as_role(bare, READER, "reader"))


@pytest.mark.parametrize("fault", [f"DROP ROLE {READER}", f"REVOKE {READER} FROM yanxun_app"])
async def test_without_the_reader_the_sql_that_makes_it_is_told(bare: str, fault: str) -> None:
    """A database that was prepared before there were readers needs one now."""
    await roles.prepare(bare, **PASSWORDS)
    await run(bare, fault)
    with pytest.raises(roles.RolesMissing) as refused:
        await roles.check(*addresses(bare))
    await run(bare, *refused.value.details["sql"].splitlines())
    await roles.check(*addresses(bare))
    await run(bare, fault)
    await roles.prepare(bare, **PASSWORDS)
    await roles.check(*addresses(bare))


@pytest.mark.parametrize(
    "fault",
    [
        f"ALTER ROLE {READER} BYPASSRLS",
        f"ALTER ROLE {READER} SUPERUSER",
        f"ALTER ROLE {READER} LOGIN",
    ],
)
async def test_a_reader_that_may_more_than_read_is_refused(bare: str, fault: str) -> None:
    await roles.prepare(bare, **PASSWORDS)
    await run(bare, fault)
    with pytest.raises(roles.RoleNotFit, match="it may more than read") as refused:
        await roles.check(*addresses(bare))
    assert READER in refused.value.message("zh")


async def test_other_roles_of_the_server_cannot_connect(bare: str) -> None:
    await roles.prepare(bare, **PASSWORDS)
    await run(bare, "CREATE ROLE clerk LOGIN PASSWORD 'clerk'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(as_role(bare, "clerk", "clerk"))


async def test_the_server_never_sees_a_password(bare: str) -> None:
    await roles.prepare(bare, **PASSWORDS)
    async with connected(bare) as connection:
        stored = await connection.fetch(
            "SELECT rolpassword FROM pg_authid WHERE rolname = ANY($1)",
            [roles.OWNER, roles.APPLICATION],
        )
    assert len({row["rolpassword"] for row in stored}) == 2
    assert all(row["rolpassword"].startswith("SCRAM-SHA-256$4096:") for row in stored)


async def test_who_may_create_roles_and_databases_need_not_be_superuser(bare: str) -> None:
    await run(bare, "CREATE ROLE clerk LOGIN CREATEROLE CREATEDB PASSWORD 'clerk'")
    await roles.prepare(as_role(bare, "clerk", "clerk", "postgres"), **PASSWORDS)
    await roles.check(*addresses(bare))


@pytest.mark.parametrize("right", ["NOCREATEROLE CREATEDB", "CREATEROLE NOCREATEDB"])
async def test_without_the_right_the_sql_for_the_administrator_is_printed(
    bare: str, right: str
) -> None:
    await run(bare, f"CREATE ROLE clerk LOGIN {right} PASSWORD 'clerk'")
    with pytest.raises(roles.RolesMissing) as refused:
        await roles.prepare(as_role(bare, "clerk", "clerk", "postgres"), **PASSWORDS)
    for text in (refused.value.message("zh"), refused.value.message("en")):
        assert "CREATE DATABASE" in text
        assert not any(password in text for password in PASSWORDS.values())

    outside, inside = refused.value.details["sql"].split(f'\\connect "{roles.DATABASE}"\n')
    await run(bare, *(line for line in outside.splitlines() if line))
    await run(as_role(bare, SUPERUSER, superuser_password(bare)), inside)
    for role, password in zip((roles.OWNER, roles.APPLICATION), PASSWORDS.values(), strict=True):
        await run(bare, f"ALTER ROLE {role} PASSWORD '{password}'")
    await roles.check(*addresses(bare))


def superuser_password(url: str) -> str:
    return url.split("@", maxsplit=1)[0].rsplit(":", maxsplit=1)[1]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (f"ALTER ROLE {roles.APPLICATION} SUPERUSER", "it is a superuser"),
        (f"ALTER ROLE {roles.APPLICATION} BYPASSRLS", "it bypasses row-level security"),
        (f"ALTER ROLE {roles.APPLICATION} CREATEROLE", "it may create roles"),
        (f"ALTER ROLE {roles.APPLICATION} CREATEDB", "it may create databases"),
        (f"GRANT {roles.OWNER} TO {roles.APPLICATION}", "the owner of the tables"),
        (
            "ALTER DATABASE yanxun OWNER TO yanxun_app; GRANT CONNECT ON DATABASE yanxun TO PUBLIC",
            "it is, or may become, the owner",
        ),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "it may create tables"),
    ],
)
async def test_an_application_role_that_may_too_much_is_refused(
    bare: str, fault: str, reason: str
) -> None:
    await roles.prepare(bare, **PASSWORDS)
    await run(as_role(bare, SUPERUSER, superuser_password(bare)), fault)
    with pytest.raises(roles.RoleNotFit, match=reason) as refused:
        await roles.check(*addresses(bare))
    assert roles.APPLICATION in refused.value.message("zh")


async def test_the_two_roles_must_differ_and_the_owner_must_own(bare: str) -> None:
    await roles.prepare(bare, **PASSWORDS)
    application_url, owner_url = addresses(bare)
    with pytest.raises(roles.RoleNotFit, match="DATABASE_URL"):
        await roles.check(owner_url, owner_url)
    await run(bare, "CREATE ROLE clerk LOGIN PASSWORD 'clerk'")
    await run(bare, f"GRANT CONNECT ON DATABASE {roles.DATABASE} TO clerk")
    with pytest.raises(roles.RoleNotFit, match="DATABASE_OWNER_URL"):
        await roles.check(application_url, as_role(bare, "clerk", "clerk"))
    await run(as_role(bare, SUPERUSER, superuser_password(bare)), "DROP OWNED BY clerk")


async def test_two_different_databases_are_refused(bare: str) -> None:
    await roles.prepare(bare, **PASSWORDS)
    application_url, _ = addresses(bare)
    with pytest.raises(roles.DatabasesDiffer):
        await roles.check(application_url, as_role(bare, roles.OWNER, "owner-password", "postgres"))


async def test_a_version_beyond_what_is_tried_is_refused(
    bare: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "_NEWEST", 14)
    with pytest.raises(roles.VersionNotSupported, match="must be 15 to 14"):
        await roles.prepare(bare, **PASSWORDS)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://somebody:very-secret@/postgres?host=/nowhere",
        "postgresql://somebody:very-secret@127.0.0.1:1/postgres",
        "postgresql://somebody:host:very-secret/postgres",
        "mysql://somebody:very-secret@localhost/x",
        "very-secret",
    ],
)
async def test_an_address_that_leads_nowhere_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(roles.DatabaseUnreachable) as refused:
        await roles.check(url, url)
    for language in ("zh", "en"):
        assert "very-secret" not in refused.value.message(language)
        assert "DATABASE_OWNER_URL" in refused.value.message(language)


async def test_a_wrong_password_is_refused_without_being_quoted(bare: str) -> None:
    await roles.prepare(bare, **PASSWORDS)
    wrong = as_role(bare, roles.OWNER, "very-secret")
    with pytest.raises(
        roles.DatabaseUnreachable, match="password authentication failed"
    ) as refused:
        await roles.check(wrong, wrong)
    assert "very-secret" not in str(refused.value)

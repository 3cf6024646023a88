"""A real PgBouncer in transaction mode before a server, for tests, where Debian's is installed."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from app.database.embedded import process
from app.database.embedded.place import system_account
from tests.database.test_embedded import wait_until

PROGRAM = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")
_CONFIGURATION = """
[databases]
{database} = host={host} port={port} pool_size={servers}
[pgbouncer]
listen_port = 6432
unix_socket_dir = {folder}
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
max_client_conn = 500
server_reset_query_always = 0
logfile = {folder}/log
"""


@contextmanager
def pgbouncer(url: str, *, servers: int = 3) -> Iterator[str]:
    """The address of a pooler with so many connections to the server at this address."""
    assert PROGRAM is not None
    parts = urlsplit(url)
    where = {name: each[0] for name, each in parse_qs(parts.query).items()}
    host, port = where.get("host", parts.hostname), where.get("port", parts.port or 5432)
    database, user, password = parts.path.strip("/"), parts.username, unquote(parts.password or "")
    account = system_account() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="bouncer"))
    written = _CONFIGURATION.format(
        database=database, host=host, port=port, servers=servers, folder=folder
    )
    (folder / "pgbouncer.ini").write_text(written)
    (folder / "users.txt").write_text(f'"{user}" "{password}"\n')
    if account is not None:
        for each in (folder, *folder.iterdir()):
            os.chown(each, account.pw_uid, account.pw_gid)
    with (folder / "output").open("wb") as output:
        running = process.spawn([PROGRAM, folder / "pgbouncer.ini"], output=output, account=account)
    try:
        wait_until((folder / ".s.PGSQL.6432").exists)
        yield f"postgresql://{user}:{parts.password}@/{database}?host={folder}&port=6432"
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        shutil.rmtree(folder)

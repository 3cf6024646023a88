"""A streaming standby of an embedded server, for tests: its own folder, the primary's passwords."""

import shutil
from pathlib import Path

from app.database.embedded import SUPERUSER, EmbeddedServer, passwords_of, process
from app.database.embedded.addresses import PORT
from app.database.embedded.installation import find_installation
from app.database.embedded.place import settle
from tests.database.test_embedded import PROGRAMS


def make_standby(primary: EmbeddedServer, folder: Path) -> EmbeddedServer:
    """A server that follows this one as long as both run; not yet started."""
    place, source = settle(folder), settle(primary.folder)
    where = {
        "host": source.socket_folder(),
        "port": PORT,
        "user": SUPERUSER,
        "password": passwords_of(primary.folder)[SUPERUSER],
    }
    process.run(
        [
            find_installation(source, PROGRAMS).programs / "pg_basebackup",
            "--dbname=" + " ".join(f"{name}='{each}'" for name, each in where.items()),
            f"--pgdata={place.data}",
            *("--wal-method=stream", "--checkpoint=fast", "--write-recovery-conf"),
        ]
    )
    place.own_all(place.data)
    shutil.copy(primary.folder / "passwords.json", folder)
    return EmbeddedServer(folder, binaries=PROGRAMS)

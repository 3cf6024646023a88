"""Where an embedded server that runs is reached."""

import json
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from app.database.embedded.place import SOCKET_NAME, FolderOfAnother

PORT = SOCKET_NAME.rsplit(".", maxsplit=1)[-1]
"""The number in the name of its socket; it listens on no port of the network."""


@dataclass(frozen=True)
class Urls:
    """How the two roles reach the database: the application's, and the owner's for migrations."""

    application: str
    owner: str


def running(folder: Path) -> Urls | None:
    """Return the addresses of the server of `folder` if one is answering there, else None."""
    try:
        content = json.loads((folder / "database.json").read_text())
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise FolderOfAnother(folder=folder) from error
    urls = Urls(content["application_url"], content["owner_url"])
    return urls if _answers(urls.application) else None


def _answers(url: str) -> bool:
    """Ask whether the server would speak TLS: any PostgreSQL answers that with one letter."""
    folder = parse_qs(urlsplit(url).query)["host"][0]
    with socket.socket(socket.AF_UNIX) as connection, suppress(OSError):
        connection.settimeout(5)
        connection.connect(f"{folder}/{SOCKET_NAME}")
        connection.sendall(struct.pack("!II", 8, 80877103))
        return connection.recv(1) in {b"N", b"S"}
    return False

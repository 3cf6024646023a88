"""Re-create `app/pages/assets` from the published packages: `python scripts/vendor_pages.py`.

The documentation pages are served from our own package, so that they work in a school without a
way out to the internet and under a strict content security policy. This script is how the foreign
files got there, and how they are brought up to date: change a version below, put in the integrity
that the refusal prints once the release has been looked at, run it, and read the difference. It
needs `npm`; nobody else does.
"""

import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ASSETS = Path(__file__).parent.parent / "app" / "pages" / "assets" / "vendored"


@dataclass(frozen=True)
class Package:
    """A published package: which release, the digest it must have, and the files we ship."""

    name: str
    version: str
    integrity: str
    files: tuple[str, ...]


PACKAGES = (
    Package(
        name="swagger-ui-dist",
        version="5.35.0",
        integrity=(
            "sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8Cgwrz"
            "U4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ=="
        ),
        files=(
            "swagger-ui-bundle.js",
            "swagger-ui-bundle.js.LICENSE.txt",
            "swagger-ui.css",
            "oauth2-redirect.js",
            "LICENSE",
            "NOTICE",
        ),
    ),
    # The last line of GraphiQL with a build for plain script tags; later ones want a bundler.
    Package(
        name="graphiql",
        version="4.1.2",
        integrity=(
            "sha512-rNlzQIAzm6i2KBXmVQWBgLvt0TloxFVB2d18bukvdsvjEuFDHsKx5"
            "IVOomL1W1o5WW+tE54+ioHb2AEKzO2cUg=="
        ),
        files=("graphiql.min.js", "graphiql.min.css", "LICENSE"),
    ),
    # React 19 has no build for plain script tags either.
    Package(
        name="react",
        version="18.3.1",
        integrity=(
            "sha512-wS+hAgJShR0KhEvPJArfuPVN1+Hz1t0Y6n5jLrGQbkb4urgPE/0Rv"
            "e+1kMB1v/oWgHgm4WIcV+i7F2pTVj+2iQ=="
        ),
        files=("umd/react.production.min.js", "LICENSE"),
    ),
    Package(
        name="react-dom",
        version="18.3.1",
        integrity=(
            "sha512-5m4nQKp+rZRb09LNH59GM4BxTh9251/ylbKIbpe7TpGxfJ+9kv6BL"
            "kLBXIjjspbgbnIBNqlI23tRnTWT0snUIw=="
        ),
        files=("umd/react-dom.production.min.js", "LICENSE"),
    ),
)


def fetch(package: Package, folder: Path) -> bytes:
    """Return the package's archive, refused unless it has the integrity written above."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch the packages; it was not found.")
    command = [npm, "pack", "--json", "--silent", f"{package.name}@{package.version}"]
    answer = subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603 (the command is fixed above)
    packed = json.loads(answer.stdout)[0]
    if packed["integrity"] != package.integrity:
        sys.exit(f"{package.name} {package.version} has the integrity {packed['integrity']}.")
    return folder.joinpath(packed["filename"]).read_bytes()


def unpack(package: Package, archive: bytes) -> None:
    """Write the wanted files, byte for byte as published, into the package's own folder."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        for name in package.files:
            member = members.extractfile(f"package/{name}")
            if member is None:
                sys.exit(f"{package.name} {package.version} has no file {name}.")
            target = ASSETS / package.name / Path(name).name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(member.read())


def main() -> None:
    """Replace the vendored folder; nothing in it is written by hand."""
    with tempfile.TemporaryDirectory() as folder:
        archives = [fetch(package, Path(folder)) for package in PACKAGES]
    shutil.rmtree(ASSETS, ignore_errors=True)
    for package, archive in zip(PACKAGES, archives, strict=True):
        unpack(package, archive)


if __name__ == "__main__":
    main()

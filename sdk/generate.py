"""Generate the clients into sdk/build and sdk/typescript from the committed contract.

Run by `make sdk` with the environment of sdk/requirements.lock. The TypeScript client is made where npm is.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SDK = ROOT / "sdk"
BUILD = SDK / "build"
BIN = Path(sys.executable).parent


def tried(*command: str, cwd: Path = ROOT) -> str | None:
    """Run a command: None where it succeeds, else whatever it says."""
    done = subprocess.run(command, cwd=cwd, text=True, capture_output=True, check=False)
    return f"{' '.join(command)}\n{done.stdout}{done.stderr}" if done.returncode else None


def run(*command: str, cwd: Path = ROOT) -> None:
    """Run a command; where it fails, nothing goes on."""
    if (said := tried(*command, cwd=cwd)) is not None:
        sys.exit(said)


def generate_rest() -> None:
    """The typed Python client of the REST face: the package `yanxun_client`."""
    run(
        str(BIN / "openapi-python-client"), "generate",
        "--path", "docs/openapi.json", "--config", "sdk/python/generator.yml",
        "--output-path", str(BUILD / "yanxun_client"), "--meta", "none", "--overwrite",
    )  # fmt: skip


def generate_graphql() -> None:
    """The typed Python client of the GraphQL face: the package `yanxun_graphql`."""
    run(str(BIN / "ariadne-codegen"), "--config", "sdk/graphql/generator.toml", "client")


def generate_typescript() -> None:
    """The TypeScript client of the REST face: sdk/typescript/dist."""
    folder = SDK / "typescript"
    npm = shutil.which("npm")
    if npm is None or (said := tried(npm, "ci", "--ignore-scripts", cwd=folder)) is not None:
        print("The TypeScript client is left out:", said if npm else "there is no npm.")
        return
    run(npm, "run", "generate", cwd=folder)
    run(npm, "run", "build", cwd=folder)


if __name__ == "__main__":
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir()
    generate_rest()
    generate_graphql()
    for package in ("yanxun_client", "yanxun_graphql"):
        (BUILD / package / "py.typed").touch()
    generate_typescript()

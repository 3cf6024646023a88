"""`yanxun province-simulator`: a stand-in for the provincial platform, as a process of its own."""

import json
import secrets
from pathlib import Path
from typing import Annotated

import typer

from app.cli.output import errors
from app.security import secret_file


def simulate(
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口 / port")] = 8100,
    folder: Annotated[
        Path, typer.Option(help="模拟器的数据文件夹 / where it keeps what it knows")
    ] = Path(".yanxun-province"),
    keys: Annotated[
        Path | None, typer.Option(help="公钥文件，用于验签 / JWKS by which manifests are verified")
    ] = None,
) -> None:
    """启动省平台模拟器（仅供试验） / a stand-in for the provincial platform, for trying things out."""
    # Whoever runs another command need not wait for these.
    import uvicorn  # noqa: PLC0415

    from app.province_simulator import Store, create_simulator  # noqa: PLC0415

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "secret"
    secret = secret_file.read_or_create(path, lambda: secrets.token_urlsafe(24)).strip()
    known = None if keys is None else json.loads(keys.read_text(encoding="utf-8"))["keys"]
    errors.print(f"省平台模拟器 / simulator: http://127.0.0.1:{port}\n密钥文件 / secret: {path}")
    store = Store(folder)
    try:
        application = create_simulator(store, secret=secret, keys=known)
        uvicorn.run(application, host="127.0.0.1", port=port, log_level="warning")
    finally:
        store.close()

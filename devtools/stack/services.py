"""The addresses and secrets of the embedded services. Settings read both, so nothing here needs Django."""

import base64
import json
import os
import secrets as random_bytes
from dataclasses import asdict, dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Services:
    postgres_socket: str  # a folder; used as HOST, because a URL can't contain it
    postgres_owner: str
    postgres_user: str
    postgres_name: str
    redis_url: str | None  # None if this machine has no Redis; then there is no worker and no beat
    smtp_port: int
    port: int = 8000


def var_folder() -> Path:
    """Return the folder of everything that the embedded stack keeps: the database, the mail and the secrets."""
    return Path(os.environ.get("WALKANDTALK_VAR") or BASE_DIR / "var").absolute()


def read(var: Path) -> Services | None:
    """Return the services running for this folder, or None. A file left by a crash does not count."""
    try:
        services = Services(**json.loads((var / "services.json").read_text()))
    except FileNotFoundError:
        return None
    return services if Path(services.postgres_socket, SOCKET_NAME).exists() else None


def write(var: Path, services: Services) -> None:
    _write_private(var / "services.json", asdict(services))


def forget(var: Path) -> None:
    (var / "services.json").unlink(missing_ok=True)


def secrets(var: Path) -> dict[str, str]:
    """Return SECRET_KEY, FIELD_KEYS and INDEX_KEY of this folder. Make them on first use."""
    path = var / "secrets.json"
    if not path.exists():
        var.mkdir(mode=0o755, parents=True, exist_ok=True)
        _write_private(path, _new_secrets(), keep_existing=True)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _new_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": random_bytes.token_urlsafe(50),
        "FIELD_KEYS": f"1:{base64.b64encode(random_bytes.token_bytes(32)).decode()}",
        "INDEX_KEY": base64.b64encode(random_bytes.token_bytes(32)).decode(),
    }


def _write_private(path: Path, value: object, *, keep_existing: bool = False) -> None:
    """Write a file in one step, readable only by us. With keep_existing, the first of several processes wins."""
    draft = path.with_name(f".{path.name}.{random_bytes.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(value, file, indent=1)
    if not keep_existing:
        draft.replace(path)
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

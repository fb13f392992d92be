"""Examinations of the processes, and of what they need besides the database."""

from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from bookings.retention.ledger import STORAGE
from doctor.examination import examination
from outbox.health import readiness
from outbox.sending.smtp import NotAccepted, check_connection

LATE = 60.0
"""Seconds since a process was last seen, as in `manage.py check_heartbeat`."""
TOO_OLD = 600.0
TIMEOUT = 5


@examination("Redis answers")
def find_redis() -> list[checks.CheckMessage]:
    if readiness()["broker"]:
        return []
    hint = "Requests are still taken, and the loop sends the messages. See that Redis runs and REDIS_URL is right."
    return [checks.Warning("Redis doesn’t answer.", hint=hint, id="doctor.W201")]


@examination("The mail server accepts a connection from us")
def find_mail_server() -> list[checks.CheckMessage]:
    try:
        check_connection()
    except NotAccepted as error:
        code = f" It answered with the code {error.code}." if error.code else ""
        hint = "Messages wait until it does. See that EMAIL_URL has the right host, port, user, password and TLS."
        return [checks.Error(f"The mail server doesn’t accept a connection.{code}", hint=hint, id="doctor.E201")]
    return []


@examination("The ledger of erasures can be written")
def find_ledger() -> list[checks.CheckMessage]:
    storage = storages[STORAGE]
    try:
        storage.delete(storage.save("doctor", ContentFile(b"")))
    except Exception as error:  # noqa: BLE001  # each storage has exceptions of its own
        hint = "Nothing can be erased until it can. See ERASURES_OPTIONS, and who may write there."
        kind = type(error).__name__  # not its text, which may have the key of an object store
        return [checks.Error(f"The ledger of erasures can’t be written: {kind}.", hint=hint, id="doctor.E202")]
    return []


@examination("Static files are collected")
def find_static_files() -> list[checks.CheckMessage]:
    collected = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:  # the plain files of a development server
        return []
    ours = {path for finder in get_finders() for path, _storage in finder.list([])}
    if not (missing := ours - collected.keys()):
        return []
    hint = f"Run manage.py collectstatic --no-input, which fills {Path(settings.STATIC_ROOT)}, and start web again."
    return [checks.Error(f"{len(missing)} of {len(ours)} static files are not collected.", hint=hint, id="doctor.E203")]


@examination("Worker, beat and loop run", needs_database=True)
def find_stopped_processes() -> list[checks.CheckMessage]:
    state = readiness()
    hints = {
        "worker or beat": (
            state["worker_age"],
            "Start celery -A walkandtalk worker and one celery -A walkandtalk beat.",
        ),
        "loop": (state["loop_age"], "Start manage.py run_outbox."),
    }
    stopped = {name: hint for name, (age, hint) in hints.items() if age is None or age > LATE}
    level = checks.ERROR if len(stopped) == len(hints) else checks.WARNING  # either of them sends every message
    return [
        checks.CheckMessage(level, f"No {name} was seen in the last minute.", hint=hint, id="doctor.E204")
        for name, hint in stopped.items()
    ]


@examination("No message waits for long", needs_database=True)
def find_old_messages() -> list[checks.CheckMessage]:
    age = readiness()["oldest_unsent_age"]
    if age is None or age <= TOO_OLD:
        return []
    hint = "See the lines above, and the log of worker and loop."
    return [checks.Warning(f"A message has waited for {age / 60:.0f} minutes.", hint=hint, id="doctor.W205")]


@examination("Both hosts answer")
def find_hosts() -> list[checks.CheckMessage]:
    """Ask /healthz as a visitor would, through name server, proxy and certificate."""
    return [
        checks.Warning(
            f"{name} doesn’t answer from here.",
            hint="See that web and the proxy run, and that the name and the certificate of this host are right.",
            id="doctor.W206",
        )
        for name in ("PUBLIC_URL", "DISCREET_URL")
        if not _is_healthy(getattr(settings, name))
    ]


def _is_healthy(origin: str) -> bool:
    try:
        with urlopen(f"{origin}/healthz", timeout=TIMEOUT) as answer:  # noqa: S310  # http or https: a variable of ours
            return bool(answer.read(10) == b"ok")
    except (OSError, HTTPException):
        return False

"""Prepares the database and static files before the first request, in one process because that starts faster."""

import hashlib
import shutil
from pathlib import Path

import django
from django.core.management import call_command

from devtools.stack.services import BASE_DIR


def main() -> None:
    django.setup()
    call_command("prepare_database", verbosity=1)
    collect_static()
    call_command("load_reference_data")
    call_command("load_demo_data")


def collect_static() -> None:
    """Collect the static files, unless they are the same as last time: it takes as long as all the rest.

    The record of last time is written at the end. Without it a file may be half copied, and would look complete.
    """
    from django.conf import settings  # here, because Django is set up by now

    root = Path(settings.STATIC_ROOT)
    record, digest = root.with_name(f"{root.name}.digest"), _static_digest()
    if root.exists() and record.exists() and record.read_text() == digest:
        return
    record.unlink(missing_ok=True)
    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    record.write_text(digest)


def _static_digest() -> str:
    """Return what changes with any file, and with the code and packages that put them into their folder."""
    from django.contrib.staticfiles.finders import get_finders

    code = [BASE_DIR / "walkandtalk" / "lib" / "static_files.py", *BASE_DIR.glob("requirements*.txt")]
    files = code + [Path(storage.path(path)) for finder in get_finders() for path, storage in finder.list([])]
    facts = sorted((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


if __name__ == "__main__":
    main()

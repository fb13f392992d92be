"""Files that an operator names on the command line."""

import sys
from pathlib import Path

from django.core.management.base import CommandError


def read_text(path: str) -> str:
    """Return the text of a file, or of standard input for "-". Raise CommandError if it can't be read.

    `walkandtalk-manage` runs as the service's user, who may not read every log of the machine.
    """
    if path == "-":
        return sys.stdin.read()
    try:
        return Path(path).read_text(errors="replace")
    except OSError as error:
        raise CommandError(f"{path} can’t be read ({error.strerror}). If only root may: … - < {path}") from error

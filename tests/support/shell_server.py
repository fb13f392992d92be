"""Runs the code that `Stack.shell` sends, in one process that stays as long as the stack."""

import contextlib
import io
import json
import sys

from django.db import connection


def serve(names):
    """Run each line's code with these names, and answer with what it printed. Code that fails ends the process."""
    for line in sys.stdin:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(json.loads(line), dict(names))
        connection.close()  # the next code may come after the database has been started again
        sys.stdout.write(json.dumps(printed.getvalue()) + "\n")
        sys.stdout.flush()

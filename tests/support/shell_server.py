"""Run code that `Stack.shell` sends, in one process for the life of the stack."""

import contextlib
import io
import json
import sys

from django.db import connection


def serve(names):
    """Run the code of each line with these names, and answer with its output. An error ends the process."""
    for line in sys.stdin:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(json.loads(line), dict(names))
        connection.close()  # the database may restart before the next line
        sys.stdout.write(json.dumps(printed.getvalue()) + "\n")
        sys.stdout.flush()

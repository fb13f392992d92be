#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

from walkandtalk.lib.variables.reader import WrongVariables

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "walkandtalk.settings")
    try:
        execute_from_command_line(sys.argv)
    except WrongVariables as error:
        sys.exit(str(error))  # the list without a traceback

"""Every examination, in the order in which `manage.py doctor` prints them."""

from doctor.checks import variables, database, services, people  # noqa: F401  # isort: skip  # importing registers them

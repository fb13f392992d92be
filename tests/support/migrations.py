"""For tests of migrations that move data."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate(app, name):
    """Bring the database to that migration, back or forth, and give the models as they were then.

    PostgreSQL takes a change of tables back with everything else when the test ends.
    """
    executor = MigrationExecutor(connection)
    executor.migrate([(app, name)])
    return executor.loader.project_state([(app, name)]).apps

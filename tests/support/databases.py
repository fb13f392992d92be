"""The test database: made and migrated by the owner of its tables. Tests then connect as the application's role."""

import pytest
from django.conf import settings
from django.test.utils import setup_databases, teardown_databases

from tests.support.empty_database import close_superuser_connection
from walkandtalk.lib.database import roles


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """Replace pytest-django's fixture, which does all this as the role of the tests."""
    application = settings.DATABASES["default"]
    from walkandtalk.lib.database.models import DatabaseMark  # here, because Django is set up by now

    with django_db_blocker.unblock(), roles.as_owner():
        databases = setup_databases(verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[])
        roles.grant_privileges(application["USER"])  # those of the database itself are not copied with it
        DatabaseMark.move_here()  # a copy notices that it is one
    yield
    close_superuser_connection(application["NAME"])
    with django_db_blocker.unblock(), roles.as_owner():
        teardown_databases(databases, verbosity=0)

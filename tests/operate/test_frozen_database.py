import pytest

from tests.operate import frozen_database

pytestmark = pytest.mark.stack


def test_pages_say_so_while_the_database_is_frozen_and_come_back():
    assert [result for result in frozen_database.run(small=True) if not result.is_met] == []

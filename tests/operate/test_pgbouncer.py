import pytest

from tests.operate import pgbouncer

pytestmark = pytest.mark.stack


def test_everything_works_through_pgbouncer():
    assert [result for result in pgbouncer.run(small=True) if not result.is_met] == []

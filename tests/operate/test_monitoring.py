import pytest

from tests.operate import monitoring

pytestmark = pytest.mark.stack


def test_operators_see_everything_but_whom_it_is_about():
    results = monitoring.run(small=True)

    assert [result for result in results if not result.is_met] == []

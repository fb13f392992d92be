import pytest

from tests.operate import rotation

pytestmark = pytest.mark.stack


def test_keys_are_rotated_while_people_use_the_service():
    assert [result for result in rotation.run(small=True) if not result.is_met] == []

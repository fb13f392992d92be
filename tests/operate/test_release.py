"""The small version of `make operate-check SUBJECTS=release`."""

import pytest

from tests.operate import release

pytestmark = pytest.mark.stack


def test_release_promises_are_kept():
    found = release.run(small=True)

    assert [f"{figure.what}: {figure.found}" for figure in found if not figure.is_met] == []

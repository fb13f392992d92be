"""Setting fields of a row and saving these alone."""

import pytest

from boroughs.models.bcus import Borough
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db


def test_save_changes_sets_and_saves_these_fields_and_no_others(southwark):
    Borough.objects.update(slug="changed-meanwhile")

    save_changes(southwark, name="Bankside")

    saved = Borough.objects.get()
    assert (southwark.name, saved.name, saved.slug) == ("Bankside", "Bankside", "changed-meanwhile")


def test_save_changes_refuses_unknown_fields(southwark):
    with pytest.raises(ValueError, match="nmae"):
        save_changes(southwark, nmae="Bankside")

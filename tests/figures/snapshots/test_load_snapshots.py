"""Published figures are loaded after a restore, so that no quarter is published twice with other numbers."""

import json

import pytest
from django.core.management import CommandError, call_command

from figures.models.snapshots import Snapshot
from figures.open_data.figure_files import all_figures
from figures.periods import Quarter
from tests.support.published import make_snapshot_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def saved(tmp_path):
    """The file as someone saved it before the database was lost. Nothing of it is left in the database."""

    def save(snapshots):
        file = tmp_path / "figures.json"
        file.write_text(json.dumps(all_figures(snapshots, {})), "utf-8")
        return file

    return save


def unsaved(code, bcus=("AS",)):
    return Snapshot(
        first_day=Quarter.parse(code).first_day,
        numbers={area: {"requests": 40, "walks_held": None} for area in ("LONDON", *bcus)},
    )


def test_what_is_missing_is_loaded_and_says_the_same(saved, capsys):
    kept = make_snapshot_of("2026-Q1", ["AS"])
    file = saved([unsaved("2026-Q1"), unsaved("2026-Q2")])

    call_command("load_snapshots", file)
    call_command("load_snapshots", file)

    assert capsys.readouterr().out.splitlines() == [
        "Loaded 2026-Q2.",
        "Nothing to load: every quarter of the file is here.",
    ]
    loaded = Snapshot.objects.of(Quarter.parse("2026-Q2")).get()
    assert (loaded.number("AS", "requests"), loaded.number("AS", "walks_held")) == (40, None)
    assert Snapshot.objects.of(Quarter.parse("2026-Q1")).get().numbers == kept.numbers


@pytest.mark.parametrize("content", ["", "[]", '{"quarters": [{"quarter": "2026-Q9"}]}'])
def test_another_file_is_refused(tmp_path, content):
    file = tmp_path / "other.json"
    file.write_text(content, "utf-8")

    with pytest.raises(CommandError, match=r"is no copy of figures\.json"):
        call_command("load_snapshots", file)

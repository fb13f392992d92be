"""Which release is the one before this."""

import subprocess

import pytest

from tests.support.previous_release import JOURNEY, find_previous_tag


@pytest.fixture
def commit(tmp_path):
    """Commit in a repository of its own, as one of these tags, with the journey or without."""

    def git(*arguments):
        name = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *name, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def commit(tag="", *, journey=True):
        path = tmp_path / JOURNEY
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch() if journey else path.unlink(missing_ok=True)
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "--message=Work")
        if tag:
            git("tag", tag)

    git("init", "--quiet")
    return commit


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["v0.9.0", "v0.10.0", ""], "v0.10.0"),
        (["v0.9.0", "v0.10.0"], "v0.9.0"),  # the newest is this commit itself
        (["v0.9.0"], None),
        (["", "draft", ""], None),
    ],
)
def test_previous_release_is_the_newest_tag_before_this_commit(tags, expected, commit, tmp_path):
    for tag in tags:
        commit(tag)

    assert find_previous_tag(tmp_path) == expected


def test_release_without_the_journey_is_passed_over(commit, tmp_path):
    commit("v0.1.0")
    commit("v0.2.0", journey=False)
    commit()

    assert find_previous_tag(tmp_path) == "v0.1.0"


def test_folder_that_is_no_clone_has_no_previous_release(tmp_path):
    assert find_previous_tag(tmp_path) is None

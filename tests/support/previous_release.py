"""The release before this one, from git, with packages that fit it."""

import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from devtools.stack import services

CACHE = services.BASE_DIR / ".postgres_cache" / "releases"
JOURNEY = "tests/operate/smoke.py"


@dataclass(frozen=True)
class Release:
    name: str
    project: Path
    python: str


def find_previous_tag(clone=services.BASE_DIR):
    """Return the newest tag before this commit whose release has the journey, or None.

    A shallow clone has no tags: `git fetch --tags --unshallow`.
    """
    here = _git(clone, "tag", "--points-at", "HEAD").split()
    for tag in _git(clone, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").split():
        if tag not in here and _git(clone, "ls-tree", "--name-only", tag, JOURNEY):
            return tag
    return None


def unpack_previous(folder):
    """Put the previous release into a folder. Without a tag it is the code of today, and its name says so."""
    tag = find_previous_tag()
    if tag is None:
        return Release("this code, because no earlier tag is here", services.BASE_DIR, sys.executable)
    project = folder / tag
    project.mkdir()
    archive = subprocess.run(["git", "archive", tag], cwd=services.BASE_DIR, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", project], input=archive.stdout, check=True)
    return Release(tag, project, _python_for(project, tag))


def _python_for(project, tag):
    """Return a Python that has the packages of that release: our own, if they are the same."""
    name = "requirements.txt"
    if _pins(project / name) == _pins(services.BASE_DIR / name):
        return sys.executable
    folder = CACHE / tag
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        options = ["install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        packages = ["-r", project / "requirements-dev.txt"]
        subprocess.run([folder / "bin" / "python", "-m", "pip", *options, *packages], check=True)
        (folder / "complete").touch()
    return str(folder / "bin" / "python")


def _pins(path):
    return {line.split()[0] for line in path.read_text().splitlines() if "==" in line.split("#")[0]}


def copy_with_migration(folder, app, name, operations):
    """Copy this project, with one more migration, as the next release."""
    project = folder / "next"
    heavy = (".git", ".venv", "var", "frontend", "docs", "images", ".*_cache", "__pycache__")
    shutil.copytree(services.BASE_DIR, project, ignore=shutil.ignore_patterns(*heavy))
    migrations = project / app / "migrations"
    newest = sorted(path.stem for path in migrations.glob("0*.py"))[-1]
    text = MIGRATION.format(app=app, newest=newest, operations=operations)
    (migrations / f"{name}.py").write_text(text)
    return project


MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("{app}", "{newest}")]
    operations = [{operations}]
"""


def _git(clone, *arguments):
    """Return git's answer, or nothing where this folder is no clone."""
    if shutil.which("git") is None:
        return ""
    command = ["git", *arguments]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False).stdout

"""The systemd units of deploy/systemd/, read by systemd's own checker. Nothing is started."""

import os
import re
import runpy
import subprocess

import pytest
import yaml
from django.conf import settings

from tests.support.debian_packages import program

UNITS = settings.BASE_DIR / "deploy" / "systemd"
PROCESSES = ["web", "worker@", "beat", "loop"]
COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())["services"]
MOST_EXPOSED = 1.5  # of 10; a unit without a line about security has 9.6


@pytest.fixture
def folder(tmp_path):
    """A copy of the units for this folder's programs, because systemd looks whether they exist."""
    current = tmp_path / "current"  # systemd takes no path with a space, and this folder may have any name
    current.symlink_to(settings.BASE_DIR)
    for path in UNITS.rglob("*.*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(UNITS)
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(path.read_text().replace("/srv/walkandtalk/current", str(current)))
    return tmp_path


def test_units_are_valid(folder):
    units = [path for path in folder.glob("*.*") if path.suffix in (".service", ".socket", ".target")]

    found = analyze(folder, "verify", "--man=no", "--recursive-errors=no", *units)

    assert len(units) == 7
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.parametrize("process", [*PROCESSES, "migrate"])
def test_units_are_closed(folder, process):
    found = analyze(folder, "security", "--offline=yes", "--no-pager", folder / f"walkandtalk-{process}.service")

    exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", found.stdout).group(1))
    assert exposure <= MOST_EXPOSED


@pytest.mark.parametrize("process", PROCESSES)
def test_units_run_what_compose_runs(process):
    (command,) = re.findall(r"^ExecStart=/srv/walkandtalk/current/\.venv/bin/(.+)$", unit(process), re.MULTILINE)

    in_compose = COMPOSE[process.strip("@")].get(
        "command", ["gunicorn", "walkandtalk.wsgi", "--worker-tmp-dir=/dev/shm"]
    )
    own = re.compile(r"--hostname=|--schedule=")
    assert words(command.split(), own) == words(in_compose, own)


def test_only_the_migration_knows_the_owner_of_the_tables():
    knowing = [path.name for path in UNITS.rglob("*") if path.is_file() and "EnvironmentFile" in path.read_text()]

    assert sorted(knowing) == ["common.conf", "walkandtalk-migrate.service"]
    assert "owner" not in (UNITS / "walkandtalk-.service.d" / "common.conf").read_text()
    assert "DynamicUser=yes" in unit("migrate")
    assert {re.search(r"^User=(.+)$", unit(name), re.MULTILINE).group(1) for name in PROCESSES} == {"walkandtalk"}


def test_commands_read_the_variables_as_systemd_does():
    read_variables = runpy.run_path(str(UNITS / "walkandtalk-manage"))["read_variables"]

    read = read_variables(
        "# NAME=no\n\nPLAIN=1:a+b/c==\nSPACES=Walk and Talk <hello@example.com> \n"
        'SINGLE=\'$HOME `id`\'\nDOUBLE="a | b"\nINSIDE={"location": "/srv"}\nEMPTY=\n'
    )

    assert read == {
        "PLAIN": "1:a+b/c==",
        "SPACES": "Walk and Talk <hello@example.com>",
        "SINGLE": "$HOME `id`",
        "DOUBLE": "a | b",
        "INSIDE": '{"location": "/srv"}',
        "EMPTY": "",
    }


def test_each_process_starts_again_with_a_new_file_of_lines():
    """Each keeps the file that it was started with, and truncating that would lose lines."""
    rotation = (UNITS / "walkandtalk.logrotate").read_text()
    (command,) = re.findall(r"postrotate\n +systemctl try-restart (.+)\n", rotation)
    writing = [name for name in PROCESSES if "StandardOutput=append:/var/log/walkandtalk/lines.jsonl" in unit(name)]

    started = [word.strip("'*").removeprefix("walkandtalk-") for word in command.split()]
    assert sorted(started) == sorted(writing) == sorted(PROCESSES)
    assert {"create", "delaycompress"} <= set(rotation.split())
    assert "\n    copytruncate" not in rotation


def test_script_of_a_release_is_sound():
    found = subprocess.run(
        [program("shellcheck"), UNITS / "prepare-release"], capture_output=True, text=True, check=False
    )

    assert (found.returncode, found.stdout) == (0, "")


def unit(process):
    return (UNITS / f"walkandtalk-{process}.service").read_text()


def words(command, leaving_out):
    return [word for word in command if not leaving_out.match(word)]


def analyze(folder, *arguments):
    """Run systemd-analyze, which reads the copies of the units in the folder."""
    environment = os.environ | {"SYSTEMD_UNIT_PATH": f"{folder}:"}
    command = [program("systemd-analyze"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

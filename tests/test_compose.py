"""The commands of docker-compose.yml and the Dockerfile, run outside a container, because tests have no Docker."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from celery.beat import PersistentScheduler
from django.conf import settings

from devtools.stack import broker, children, postgres
from doctor.checks.database import DISCREET_LOG
from tests.support.migrated_cluster import running_cluster
from tests.support.stack import free_port
from walkandtalk.celery import app
from walkandtalk.settings import REQUIRED_IN_PRODUCTION

COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())
DOCKERFILE = (settings.BASE_DIR / "Dockerfile").read_text()
IMAGE = re.compile(r"[\w./-]+:\d[\w.-]+@sha256:[0-9a-f]{64}")
# Production has no use for these, or the image sets them.
NOT_FOR_COMPOSE = {
    "DEMO",
    "DEMO_PASSWORD",
    "DEMO_WEEK",
    "OPEN311_LOCAL_SERVER",
    "REQUIRE_SECOND_FACTOR",
    "STATIC_ROOT",
}
OURS = ["migrate", "web", "worker", "beat", "loop"]
GIVEN = {
    "SECRET_KEY": "for-tests-alone-7f3b9c1e5a8d2046-for-tests-alone-0c6e4a2b",
    "FIELD_KEYS": "1:Ynrh/2fqznvLUhsqPntoCLrpLC7RpZWq5kDvV+tjkes=",
    "INDEX_KEY": "for-tests-alone-e1d49c7a5b3f8062-for-tests-alone-51b7d903",
    "POSTGRES_PASSWORD": "secret",
    "POSTGRES_APPLICATION_PASSWORD": "another secret",
    "EMAIL_URL": "smtp://localhost:2525",
    "PUBLIC_URL": "https://walk.example.com",
    "DISCREET_URL": "https://appointments.example.com",
    "FROM_EMAIL": "Walk and Talk <hello@walk.example.com>",
    "DISCREET_FROM_EMAIL": "Appointments <hello@appointments.example.com>",
    "AUDITOR_EMAIL": "auditor@example.com",
    "ORGANISATION_NAME": "the Metropolitan Police Service | Scheme lead | 2026-11-28",
    "ORGANISATION_ADDRESS": "New Scotland Yard, London SW1A 2JL | Scheme lead | 2026-11-28",
    "ORGANISATION_DATA_CONTROLLER": "The Commissioner | Scheme lead | 2026-11-28",
    "ORGANISATION_LEGAL_BASIS": "Public task | Scheme lead | 2026-11-28",
    "ORGANISATION_DATA_PROTECTION": "data@example.com | Scheme lead | 2026-11-28",
    "ORGANISATION_COMPLAINTS": "complaints@example.com | Scheme lead | 2026-11-28",
    "ORGANISATION_PHONE": "020 7946 0100 | Scheme lead | 2026-11-28",
    "ORGANISATION_PHONE_HOURS": "every day, 7am to 11pm | Scheme lead | 2026-11-28",
}


def test_compose_names_every_process():
    assert list(COMPOSE["services"]) == [*OURS, "proxy", "postgres", "redis"]


def test_images_are_pinned_by_version_and_digest():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    images = [service["image"] for name, service in COMPOSE["services"].items() if name not in OURS]

    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert [name for name in (*bases, *images) if not IMAGE.fullmatch(name)] == []


@pytest.mark.parametrize("name", OURS)
def test_compose_passes_exactly_the_documented_variables(name):
    owner_url = {"DATABASE_OWNER_URL"} if name != "migrate" else set()

    passed = set(COMPOSE["services"][name]["environment"])

    assert len(documented_variables()) > 60
    assert passed == documented_variables() - NOT_FOR_COMPOSE - owner_url


@pytest.mark.parametrize("name", OURS)
def test_compose_refuses_to_start_without_a_required_variable(name):
    environment = COMPOSE["services"][name]["environment"]
    here = {"WALKANDTALK_ENV", "DATABASE_URL", "REDIS_URL", "ERASURES_OPTIONS"}
    of_the_proxy = {"TRUSTED_PROXY_COUNT", "SECURE_PROXY_SSL_HEADER"}

    asked = {variable for variable, value in environment.items() if value and re.fullmatch(r"\$\{\w+:\?\}", value)}

    assert asked == set(REQUIRED_IN_PRODUCTION) - here
    assert {variable for variable, value in environment.items() if value} - {"DATABASE_OWNER_URL"} == (
        asked | here | of_the_proxy
    )


@pytest.mark.parametrize("name", OURS)
def test_compose_and_the_image_choose_production(name):
    assert COMPOSE["services"][name]["environment"]["WALKANDTALK_ENV"] == "production"
    assert re.findall(r"^ENV (?:.+\\\n)*? *WALKANDTALK_ENV=(\w+)$", DOCKERFILE, re.MULTILINE) == ["production"]


def test_compose_starts_each_process_after_those_it_needs():
    for name in ("web", "worker", "beat", "loop"):
        assert COMPOSE["services"][name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert COMPOSE["services"]["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_only_the_migration_knows_the_owner_of_the_tables():
    known = {name for name in OURS if "DATABASE_OWNER_URL" in COMPOSE["services"][name]["environment"]}

    assert known == {"migrate"}
    assert "DATABASE_OWNER_URL" not in DOCKERFILE


def test_compose_checks_the_health_of_every_process():
    assert "HEALTHCHECK" in DOCKERFILE  # web has the image's own
    for name in ("worker", "beat", "loop", "postgres", "redis"):
        assert COMPOSE["services"][name]["healthcheck"]["test"]


def test_no_health_check_needs_a_shell():
    tests = [service.get("healthcheck", {}).get("test") for service in COMPOSE["services"].values()]

    assert {test[0] for test in tests if test} == {"CMD"}
    assert re.search(r"^HEALTHCHECK .* CMD \[", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("name", [*OURS, "postgres", "redis"])
def test_no_container_can_become_root_or_write_to_its_image(name):
    service = COMPOSE["services"][name]

    user = service.get("user") or re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1]

    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_image_has_nothing_of_development():
    ignored = (settings.BASE_DIR / ".dockerignore").read_text().split()

    assert {"deploy", "docs", "frontend", "tests", "tls", "var", ".env*", ".git", ".venv"} <= set(ignored)
    _, build, run = DOCKERFILE.split("\nFROM ")
    assert "--require-hashes" in build
    assert "rm -r devtools" in build
    assert re.findall(r"^COPY (.+)$", run, re.MULTILINE) == ["--from=build /srv /srv"]
    assert "pip install" not in run


def test_git_takes_no_secret():
    ignored = (settings.BASE_DIR / ".gitignore").read_text().split()

    assert {"/.env", "/tls/", "/deploy/kubernetes/secrets.yaml"} <= set(ignored)


def test_postgres_log_quotes_nobody_as_on_debian():
    lines = (settings.BASE_DIR / "deploy" / "postgresql" / "log.conf").read_text().splitlines()
    wanted = [line.replace(" = ", "=") for line in lines if not line.startswith("#")]

    assert COMPOSE["services"]["postgres"]["command"] == [
        "postgres",
        *(part for line in wanted for part in ("-c", line)),
    ]
    assert dict(line.split("=") for line in wanted) == DISCREET_LOG


def test_lines_of_no_container_fill_the_disk():
    for service in COMPOSE["services"].values():
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}


def test_servers_of_data_are_reached_from_inside_alone():
    assert COMPOSE["networks"]["data"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert COMPOSE["services"][name]["networks"] == ["data"]
        assert "ports" not in COMPOSE["services"][name]


def test_visitors_reach_the_proxy_alone():
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}

    assert published == {"proxy": ["0.0.0.0:80:80", "0.0.0.0:443:443"]}
    assert COMPOSE["services"]["web"]["expose"] == ["8000"]
    environment = COMPOSE["services"]["web"]["environment"]
    told = [expand(environment[name]) for name in ("TRUSTED_PROXY_COUNT", "SECURE_PROXY_SSL_HEADER")]
    assert told == ["1", "HTTP_X_FORWARDED_PROTO,https"]


def test_proxy_has_the_files_that_the_tests_of_nginx_use():
    ours = [volume.split(":")[:2] for volume in COMPOSE["services"]["proxy"]["volumes"] if volume.startswith("./")]

    assert [inside for _file, inside in ours] == [
        "/etc/nginx/nginx.conf",
        "/etc/nginx/walkandtalk",
        "/docker-entrypoint.d/50-write-site.sh",
    ]
    assert all((settings.BASE_DIR / file).exists() for file, _inside in ours)
    assert os.access(settings.BASE_DIR / ours[-1][0], os.X_OK)  # the image skips a script that is not


@pytest.mark.stack
def test_compose_commands_run_and_are_healthy(production):
    owner = production["env"]["DATABASE_URL"].replace(postgres.USER, postgres.OWNER, 1)
    as_owner = production | {"env": production["env"] | {"DATABASE_OWNER_URL": owner}}
    migrate = subprocess.run(command("migrate"), **as_owner, capture_output=True, text=True, check=False)
    assert migrate.returncode == 0, migrate.stderr

    running = {name: children.start(command(name), on_parent_death=signal.SIGKILL, **production) for name in OURS[1:]}
    try:
        for name in ("web", "loop", "beat", "worker"):  # checking a worker that has not started takes 5 seconds
            wait_until_healthy(name, production)
    finally:
        codes = stop(running)

    assert codes == dict.fromkeys(running, 0)


@pytest.fixture
def cluster():
    """A PostgreSQL that is already migrated, by the same command (tests/support/migrated_cluster.py)."""
    with tempfile.TemporaryDirectory(prefix="walkandtalk-compose-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL may run as another user
        with running_cluster(Path(folder, "postgres"), migrated=True) as cluster:
            yield cluster


@pytest.fixture
def redis(cluster):
    command = broker.command(broker.binary(), cluster.sockets)
    process = children.start(command, on_parent_death=signal.SIGKILL, output=subprocess.DEVNULL)
    yield broker.url(cluster.sockets)
    process.terminate()
    process.wait()


@pytest.fixture
def production(cluster, redis, tmp_path):
    """Arguments to start a program in compose's environment, but with our own PostgreSQL and Redis."""
    env = {name: expand(value) for name, value in COMPOSE["services"]["web"]["environment"].items() if value}
    instead = {
        "DATABASE_URL": f"postgres://{postgres.USER}@/{postgres.NAME}?host={cluster.sockets}",
        "REDIS_URL": redis,
        # A ledger of its own: one that an earlier database has used would say that this one was restored.
        "ERASURES_OPTIONS": json.dumps({"location": str(tmp_path / "erasures")}),
    }
    # The image itself sets PORT and STATIC_ROOT.
    ours = {"PORT": str(free_port()), "STATIC_ROOT": str(settings.STATIC_ROOT), "HOME": str(tmp_path)}
    ours["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    save_schedule_of_an_hour_ago()
    yield {"env": env | instead | ours, "cwd": settings.BASE_DIR}
    for path in Path("/tmp").glob("walkandtalk-beat*"):
        path.unlink()


def save_schedule_of_an_hour_ago():
    """Save a schedule as beat does, so that it starts the heartbeat task immediately and not after 10 seconds."""
    (path,) = (word.partition("=")[2] for word in command("beat") if word.startswith("--schedule="))
    scheduler = PersistentScheduler(app, schedule_filename=path)
    scheduler.schedule["worker-heartbeat"].last_run_at -= timedelta(hours=1)
    scheduler.close()


def documented_variables():
    """Return the names in the first column of every table of variables."""
    lines = (settings.BASE_DIR / "docs" / "operating.md").read_text().splitlines()
    return {
        name for row in lines if row.startswith("| `") for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row.split("|")[1])
    }


def command(name):
    value = COMPOSE["services"][name].get("command")
    return value or json.loads(re.search(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE).group(1))


def health_check(name):
    value = COMPOSE["services"][name].get("healthcheck")
    if value is None:
        return json.loads(re.search(r"^HEALTHCHECK .* CMD (.+)$", DOCKERFILE, re.MULTILINE).group(1))
    return value["test"][1:]


def expand(value):
    """Expand Compose's ${NAME:?} and ${NAME:-default}."""
    return re.sub(r"\$\{(\w+):([?-])((?:\{.*?\}|[^}])*)\}", lambda found: GIVEN.get(found[1], found[3]), value)


def wait_until_healthy(name, production):
    deadline = time.monotonic() + 90
    while True:
        check = subprocess.run(health_check(name), **production, capture_output=True, text=True, check=False)
        if check.returncode == 0:
            return
        assert time.monotonic() < deadline, f"{name}: {check.stdout}{check.stderr}"
        time.sleep(0.5)


def stop(running):
    for process in running.values():
        process.terminate()
    return {name: process.wait(60) for name, process in running.items()}

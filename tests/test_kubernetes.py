"""The manifests of deploy/kubernetes/, beside Kubernetes' own schema and docker-compose.yml. Nothing is started."""

import re
import tomllib

import kubernetes_validate
import pytest
import yaml
from django.conf import settings

from walkandtalk.settings import REQUIRED_IN_PRODUCTION

FOLDER = settings.BASE_DIR / "deploy" / "kubernetes"
OLDEST, NEWEST = "1.32", kubernetes_validate.latest_version()
COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())["services"]
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
MANIFESTS = [
    manifest
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.name != "kustomization.yaml"
    for manifest in yaml.safe_load_all(path.read_text())
]
NAMED = {(manifest["kind"], manifest["metadata"]["name"]): manifest for manifest in MANIFESTS}
PODS = {name: manifest["spec"]["template"] for (kind, name), manifest in NAMED.items() if kind in ("Deployment", "Job")}
PODS["manage"] = NAMED["Pod", "manage"]
CONTAINERS = [
    (name, container)
    for name, pod in PODS.items()
    for container in [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]
]
OURS = ["web", "worker", "beat", "loop"]


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("manifest", NAMED.values(), ids=[" ".join(key) for key in NAMED])
def test_manifest_is_valid(manifest, version):
    kubernetes_validate.validate(manifest, version, strict=True)


def test_kustomization_names_every_file_but_those_applied_by_hand():
    there = {path.name for path in FOLDER.glob("*.yaml")} - {
        "kustomization.yaml",
        "secrets.example.yaml",
        "migrate.yaml",
        "manage.yaml",
    }

    assert set(KUSTOMIZATION["resources"]) == there | {"secrets.yaml"}


def test_images_have_the_version_of_the_project():
    version = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

    images = {container["image"] for _, container in CONTAINERS}

    assert images == {f"registry.example.com/walkandtalk:{version}", COMPOSE["redis"]["image"]}
    assert KUSTOMIZATION["images"][0]["newTag"] == version


@pytest.mark.parametrize("name", PODS)
def test_no_pod_can_become_root_or_speak_to_kubernetes(name):
    pod = PODS[name]["spec"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False


@pytest.mark.parametrize(("name", "container"), CONTAINERS, ids=[container["name"] for _, container in CONTAINERS])
def test_no_container_can_write_to_its_image_or_take_all_memory(name, container):
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    assert set(container["resources"]["requests"]) == {"cpu", "memory"}


@pytest.mark.parametrize("name", OURS)
def test_processes_run_and_are_checked_as_in_compose(name):
    (container,) = PODS[name]["spec"]["containers"]

    web = (
        ["gunicorn", "walkandtalk.wsgi", "--worker-tmp-dir=/dev/shm"],
        ["CMD", "python", "-m", "walkandtalk.processes.check_web"],
    )
    command, check = (COMPOSE[name]["command"], COMPOSE[name]["healthcheck"]["test"]) if name != "web" else web
    assert container["command"] == command
    assert container["livenessProbe"]["exec"]["command"] == check[1:]


def test_web_serves_its_own_words_while_the_database_is_down():
    (web,) = PODS["web"]["spec"]["containers"]

    assert web["readinessProbe"]["exec"]["command"] == web["livenessProbe"]["exec"]["command"]


def test_there_is_never_a_second_beat():
    assert NAMED["Deployment", "beat"]["spec"]["replicas"] == 1
    assert NAMED["Deployment", "beat"]["spec"]["strategy"] == {"type": "Recreate"}


def test_only_the_migration_knows_the_owner_of_the_tables():
    knowing = [container["name"] for _, container in CONTAINERS if "owner" in sources(container)]

    assert knowing == ["prepare-database"]
    assert list(NAMED["Secret", "owner"]["stringData"]) == ["DATABASE_OWNER_URL"]
    assert "DATABASE_OWNER_URL" not in NAMED["Secret", "secrets"]["stringData"]


def test_required_variables_are_there_and_secrets_are_apart():
    plain, secret = NAMED["ConfigMap", "variables"]["data"], NAMED["Secret", "secrets"]["stringData"]

    assert set(REQUIRED_IN_PRODUCTION) <= {*plain, *secret}
    assert {*plain, *secret} <= set(COMPOSE["web"]["environment"])
    assert [name for name in plain if re.search("KEY|PASSWORD|SECRET|TOKEN|EMAIL_URL|DATABASE", name)] == []
    assert {tuple(sources(container)) for name, container in CONTAINERS if name in OURS} == {("variables", "secrets")}


def test_every_pod_is_closed_until_a_policy_opens_it():
    policies = {name: manifest["spec"] for (kind, name), manifest in NAMED.items() if kind == "NetworkPolicy"}

    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    opened = [
        port["port"] for policy in policies.values() for rule in policy.get("ingress", []) for port in rule["ports"]
    ]
    assert opened == [8000, 6379]
    servers = policies["our-processes-to-the-servers"]["egress"]
    assert [port["port"] for rule in servers for port in rule["ports"]] == [5432, 6432, 6379]


def sources(container):
    return [next(iter(source.values()))["name"] for source in container.get("envFrom", [])]

"""What others made is listed, under licences that we accept."""

import json
import re
import tomllib
from collections import Counter

import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from django.conf import settings

from devtools.supply_chain import sbom
from devtools.supply_chain.licences import Row, read_rows
from devtools.supply_chain.packages import PRODUCTION, Package, read_packages
from devtools.supply_chain.pieces import data_files, data_licences

MANIFEST = settings.BASE_DIR / "static" / "vendor" / "manifest.json"
# None is share-alike or forbids a use, and each asks for no more than its attribution.
ACCEPTED_FOR_DATA = {"OGL-UK-3.0", "OPL-UK-3.0", "CC-BY-4.0", "OFL-1.1", "MIT", "LicenseRef-TfL"}


def test_every_package_has_a_licence_that_we_accept():
    rows = read_rows()

    assert len(rows) > 100
    assert 40 < sum(row.in_production for row in rows) < len(rows)
    assert {row.package.name: row.package.licence for row in rows if not row.is_accepted} == {}


@pytest.mark.parametrize(
    ("name", "licence", "is_accepted"),
    [
        ("any", "MIT", True),
        ("any", "GPL-3.0-or-later", False),
        ("any", "MIT AND GPL-3.0-or-later", False),
        ("any", "MIT OR GPL-3.0-or-later", True),
        ("any", "(GPL-3.0-or-later OR Apache-2.0) AND BSD-3-Clause", True),
        ("any", "", False),
        ("any", "Copyright someone, all rights reserved", False),
        ("any", "LGPL-3.0-or-later", False),
        ("psycopg2-binary", "LGPL-3.0-or-later", True),
    ],
)
def test_a_licence_is_accepted_only_if_each_part_is(name, licence, is_accepted):
    row = Row(Package(name, "1.0", hashes=(), is_asked_for=True, needed_by=(), licence=licence), in_production=True)

    assert row.is_accepted is is_accepted


def test_every_file_of_data_has_one_licence_that_we_accept():
    rows = data_licences()

    listed = Counter(path for row in rows for path in row.paths)

    assert listed == Counter(data_files())
    assert [row.files for row in rows if set(row.licence.split(" AND ")) - ACCEPTED_FOR_DATA] == []
    assert all(row.attribution for row in rows)


def test_bill_of_materials_is_valid_and_complete():
    text = sbom.as_json()

    found = json.loads(text)
    versions = {(each["name"], each.get("version")) for each in found["components"]}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert {(package.name, package.version) for package in read_packages(PRODUCTION)} <= versions
    assert ("govuk-frontend", json.loads(MANIFEST.read_text())["sources"][0]["version"]) in versions
    assert ("data/fonts/*.ttf", None) in versions
    assert all(each["licenses"] for each in found["components"])


def test_bill_of_materials_says_what_needs_what():
    found = json.loads(sbom.as_json())

    needs = {each["ref"]: each.get("dependsOn", []) for each in found["dependencies"]}
    names = {ref: {need.split("/")[-1].split("@")[0] for need in refs} for ref, refs in needs.items()}
    (celery,) = (ref for ref in names if ref.startswith("pkg:pypi/celery@"))
    assert {"kombu", "billiard"} <= names[celery]
    assert {"django", "celery", "govuk-frontend"} <= names["walkandtalk"]
    assert "kombu" not in names["walkandtalk"]


def test_both_forges_run_what_people_run_in_the_image_of_the_service():
    (base,) = set(re.findall(r"^FROM (\S+)", (settings.BASE_DIR / "Dockerfile").read_text(), re.MULTILINE))
    github = yaml.safe_load((settings.BASE_DIR / ".github" / "workflows" / "ci.yml").read_text())["jobs"]["tests"]
    gitlab = yaml.safe_load((settings.BASE_DIR / ".gitlab-ci.yml").read_text())["tests"]

    assert github["steps"][-1] == {"run": ".ci/run"}
    assert gitlab["script"] == [".ci/run"]
    assert github["container"]["image"] == gitlab["image"] == base
    used = [step["uses"] for step in github["steps"] if "uses" in step]
    assert [action for action in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)] == []


def test_renovate_can_read_the_command_of_each_list_of_packages():
    options = {"--allow-unsafe", "--generate-hashes", "--no-emit-index-url", "--strip-extras"}  # those that it knows
    renovate = json.loads((settings.BASE_DIR / "renovate.json").read_text())
    (pattern,) = renovate["pip-compile"]["managerFilePatterns"]
    paths = [path for path in settings.BASE_DIR.iterdir() if re.search(pattern.strip("/"), path.name)]

    commands = {path: re.search(r"^#    (pip-compile .+)$", path.read_text(), re.MULTILINE).group(1) for path in paths}

    assert sorted(path.name for path in paths) == sorted(
        path.name for path in settings.BASE_DIR.glob("requirements*.txt")
    )
    for path, command in commands.items():
        expected = {"pip-compile", f"--output-file={path.name}", path.with_suffix(".in").name, *options}
        assert set(command.split()) == expected


def test_the_version_of_the_project_has_a_place_in_the_changelog():
    version = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

    headings = re.findall(r"^## (.+)$", (settings.BASE_DIR / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert headings[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(version)} – \d{{4}}-\d\d-\d\d", headings[1])

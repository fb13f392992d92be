"""The vendored files match their manifest, and contain no foreign branding."""

import hashlib
import json
import re
from pathlib import Path

import pytest

VENDOR = Path(__file__).parent.parent / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
FOREIGN = r"GDS Transport|@font-face|crown|crest|https?://\w|url\(\s*[\"']?(?:https?:)?//"
SVG = "http://www.w3.org/2000/svg"  # a namespace, which browsers never fetch
LOCK = json.loads((VENDOR.parent.parent / "frontend" / "package-lock.json").read_text())


def test_manifest_lists_each_built_file_with_its_checksum():
    built = {file.name for file in VENDOR.iterdir()} - {"manifest.json", "LICENCE.txt"}

    sums = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in built}

    assert {name: file["sha256"] for name, file in MANIFEST["files"].items()} == sums


def test_manifest_names_the_packages_that_the_lock_file_pins():
    for source in MANIFEST["sources"]:
        locked = LOCK["packages"][f"node_modules/{source['package']}"]
        assert [source["version"], source["licence"], source["integrity"]] == [
            *(locked["version"], locked["license"], locked["integrity"])
        ]


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_built_file_has_no_foreign_font_emblem_or_address(name):
    text = (VENDOR / name).read_text()

    matches = re.findall(
        r"GDS Transport|@font-face|crown|crest|https?://(?!www\.w3\.org/)\w|url\(\s*[\"']?(?:https?:)?//", text, re.I
    )

    assert matches == []


@pytest.mark.parametrize("name", ["plain.css", "map.css", "components.js", "leaflet.js"])
def test_file_of_the_neutral_host_has_no_revealing_word(name):
    text = (VENDOR / name).read_text().lower()

    assert not [word for word in ("walk", "police", "officer", "women") if word in text]


@pytest.mark.parametrize("name", ["public.css", "staff.css", "plain.css"])
def test_stylesheet_has_each_override_that_a_template_uses(name):
    templates = "".join(path.read_text() for path in (VENDOR.parent.parent / "templates").rglob("*.html"))
    used = set(re.findall(r"govuk-!-[a-z0-9-]+", templates))
    stylesheet = (VENDOR / name).read_text().replace("\\", "")

    assert "govuk-!-display-none-print" in used
    assert [override for override in used if f".{override}{{" not in stylesheet] == []


def test_lock_file_names_no_registry():
    assert not [name for name, package in LOCK["packages"].items() if "resolved" in package]

"""Check every page with the Nu validator: `make html`. Not part of the test suite, because it needs Java."""

import re
import subprocess

import pytest
from django.conf import settings

from tests.support.access_table import ALL_PEOPLE
from tests.support.every_address import request_every_address
from tests.support.special_pages import special_pages
from tests.support.world import new_world

JAR = settings.BASE_DIR / "frontend" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Safari loses the rows and cells of a table that CSS lays out as a list on a phone, so these tables have roles.
KNOWN = re.compile("The “role” attribute must not be used on a “t[dhr]” element which has a “table” ancestor")


@pytest.mark.django_db
def test_nu_validator_finds_no_error_on_any_page(tmp_path):
    world = new_world()
    pages = special_pages(world)
    for who in ALL_PEOPLE:
        answers = request_every_address(world, who).items()
        pages |= {f"{who} {method} {name}": answer.html for (name, method), answer in answers if answer.html}
    for what, html in pages.items():
        (tmp_path / f"{re.sub('[^0-9A-Za-z]+', '-', what)}.html").write_text(html)

    command = ["java", "-Dstderr.encoding=UTF-8", "-jar", str(JAR), "--errors-only", str(tmp_path)]
    output = subprocess.run(command, capture_output=True, encoding="utf-8", check=False).stderr.splitlines()

    assert [line for line in output if not KNOWN.search(line)] == []

import json
import re
from io import BytesIO, StringIO

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.public_pages.areas import all_boroughs, all_units, find_area
from boroughs.public_pages.sharing_picture import _render
from tests.support.markup import Markup

pytestmark = pytest.mark.django_db

SUMMARY = re.compile(r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", re.DOTALL)


@pytest.fixture
def london():
    call_command("load_reference_data", stdout=StringIO())


def get_text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def test_every_borough_and_bcu_has_a_page_linked_from_the_list(client, london):
    links = {tag.attrs.get("href", "") for tag in Markup(client.get("/areas/").text).tags if tag.name == "a"}
    slugs = [area.slug for area in (*all_units(), *all_boroughs())]

    assert len(set(slugs)) == 45
    assert {f"/areas/{slug}/" for slug in slugs} <= links
    assert {client.get(f"/areas/{slug}/").status_code for slug in slugs} == {200}


def test_area_page_shows_the_settings_of_the_bcu(client, southwark):
    BoroughCommandUnit.objects.update(
        notice_days=9, interpreter_notice_days=30,
        earliest="08:30", latest="21:00", walk_minutes=30, min_officers=1, answer_working_days=2,
        duty_hours="weekdays, 9am to 5pm",
    )  # fmt: skip

    rows = {get_text(name): get_text(value) for name, value in SUMMARY.findall(client.get("/areas/southwark/").text)}

    assert rows == {
        "Who walks with you": "A woman officer from the Central South neighbourhood policing team "
        "They’ll be in uniform.",
        "When": "Any day, starting between 8:30am and 9pm",
        "How long": "About 30 minutes",
        "When to ask": "At least 9 days before you’d like to walk "
        "At least 30 days before, if you need an interpreter or British Sign Language (BSL)",
        "Our answer": "Within 2 working days, yes or no",
        "Talk to the team": "020 7946 0101 weekdays, 9am to 5pm "
        "Without speaking: dial 18001 020 7946 0101 in the Relay UK app and type.",
    }


def test_city_of_london_page_names_its_own_force_and_has_no_poster(client, london):
    page = client.get("/areas/city-of-london/").text

    assert "City of London Police look after this area" in page
    assert "/request/" not in page
    assert [client.get(f"/areas/city-of-london/{name}").status_code for name in ("poster.pdf", "poster-a5.pdf")] == [
        404
    ] * 2


def test_unknown_area_is_not_found(client, southwark):
    assert client.get("/areas/atlantis/").status_code == 404
    assert client.get("/areas/atlantis/poster.pdf").status_code == 404


def test_areas_are_found_by_place_name(client, london):
    response = client.get("/areas/?place=Peckham Rye").text
    nothing = client.get("/areas/?place=<Xyzzy>").text

    assert '<a class="govuk-link" href="/areas/southwark/">Southwark</a></li>' in response.split("Found</h2>")[1]
    assert "a place in London called “&lt;Xyzzy&gt;”" in nothing


@pytest.mark.parametrize("place", ["Peckham Rye, Southwark", "Southwark"])
def test_place_picked_from_the_list_redirects_to_its_borough(client, london, place):
    response = client.get("/areas/", {"place": place})

    assert (response.status_code, response.headers["Location"]) == (302, "/areas/southwark/")


@pytest.mark.parametrize(
    ("source", "expected"),
    [("southwark", "?from=southwark"), ("atlantis", ""), ("<script>", ""), ("", "")],
)
def test_area_page_passes_the_poster_on_to_the_request(client, southwark, source, expected):
    page = client.get("/areas/southwark/", {"from": source}).text

    assert f'href="/request/{expected}" role="button"' in page


def test_bcu_cannot_take_the_address_of_a_borough(southwark):
    southwark.bcu.slug = "southwark"

    with pytest.raises(ValidationError, match="A borough has this address already"):
        southwark.bcu.full_clean()


def test_find_area_has_the_boroughs_of_a_bcu_in_order(london):
    area = find_area("south-east")

    assert (area.name, area.where, area.is_bcu) == ("South East", "Bexley, Greenwich and Lewisham", True)


# --- Search engines ---------------------------------------------------------------------------------------------------


def structured_data(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])


def test_home_and_areas_have_structured_data(client, southwark):
    whole, part = (structured_data(client.get(address).text) for address in ("/", "/areas/southwark/"))

    assert (whole["@type"], part["@type"]) == ("GovernmentService", "GovernmentService")
    assert whole["areaServed"] == [{"@type": "AdministrativeArea", "name": "London"}]
    assert part["areaServed"] == [{"@type": "AdministrativeArea", "name": "Southwark"}]
    assert part["url"] == f"{settings.PUBLIC_URL}/areas/southwark/"
    assert part["availableChannel"]["servicePhone"]["telephone"] == "020 7946 0101"


def test_structured_data_is_escaped(client, southwark):
    southwark.name = "</script><b>South & wark"
    southwark.save()

    page = client.get("/areas/southwark/").text

    assert structured_data(page)["areaServed"][0]["name"] == "</script><b>South & wark"
    assert "</script><b>" not in page


def test_public_page_has_a_description_and_one_canonical_address(client, southwark):
    page = client.get("/areas/southwark/?from=southwark").text
    tags = [tag.attrs for tag in Markup(page).tags if tag.name in ("meta", "link")]
    metadata = {tag.get("name") or tag.get("property"): tag["content"] for tag in tags if "content" in tag}
    canonical = [tag["href"] for tag in tags if tag.get("rel") == "canonical"]

    assert canonical == [metadata["og:url"]] == [f"{settings.PUBLIC_URL}/areas/southwark/"]
    assert metadata["description"] == metadata["og:description"]
    assert "women police officers in Southwark" in metadata["description"]
    assert metadata["og:title"] == "Walk with women police officers in Southwark"


def get_picture(client, address):
    """Return the metadata of this page's sharing picture, the response, and the picture."""
    tags = [tag.attrs for tag in Markup(client.get(address).text).tags if tag.name == "meta"]
    metadata = {tag["property"]: tag["content"] for tag in tags if "property" in tag}
    response = client.get(metadata["og:image"].removeprefix(settings.PUBLIC_URL))
    return metadata, response, Image.open(BytesIO(response.content))


@pytest.mark.parametrize(
    "address", ["/", "/areas/", "/areas/southwark/", "/safety/", "/privacy/", "/areas/city-of-london/"]
)
def test_public_page_has_a_sharing_picture_with_alt_text(client, london, address):
    metadata, response, picture = get_picture(client, address)

    assert metadata["og:image"].startswith(settings.PUBLIC_URL)
    assert response["Content-Type"] == metadata["og:image:type"] == "image/png"
    assert (
        [str(side) for side in picture.size]
        == [metadata["og:image:width"], metadata["og:image:height"]]
        == ["1200", "630"]
    )
    assert "Walk and Talk. Walk with local women police officers" in metadata["og:image:alt"]
    assert len(response.content) < 60_000


def test_each_area_has_its_own_unchanging_picture(client, london):
    _render.cache_clear()
    first = client.get("/areas/southwark/picture.png").content
    _render.cache_clear()

    same_picture, lambeth_picture, london_picture = (
        client.get(path).content
        for path in ("/areas/southwark/picture.png", "/areas/lambeth/picture.png", "/picture.png")
    )

    assert first == same_picture
    assert len({first, lambeth_picture, london_picture}) == 3
    metadata = get_picture(client, "/areas/south-west/")[0]
    assert metadata["og:image"] == f"{settings.PUBLIC_URL}/areas/south-west/picture.png"
    assert metadata["og:image:alt"].endswith("Richmond upon Thames and Wandsworth.")
    assert client.get("/areas/city-of-london/picture.png").status_code == 404


def test_neutral_host_has_no_picture(client, southwark):
    pages = [client.get(path, headers={"host": settings.DISCREET_HOST}) for path in ("/", "/r/", "/picture.png")]

    assert [page.status_code for page in pages] == [200, 200, 404]
    assert not [page for page in pages if "og:" in page.text or "twitter:" in page.text]


def test_sitemap_lists_public_pages_and_areas_that_all_exist(client, london):
    addresses = re.findall(r"<loc>(.*?)</loc>", client.get("/sitemap.xml").text)
    paths = [address.removeprefix(settings.PUBLIC_URL) for address in addresses]

    assert len(paths) == len(set(paths)) == 12 + 45 + 44
    assert {client.get(path).status_code for path in paths} == {200}
    assert not [path for path in paths if re.match(r"/(request|my-walk|tell-us|r|staff|admin|leave)\b", path)]


def test_robots_excludes_personal_pages(client):
    lines = client.get("/robots.txt").text.splitlines()

    paths = ("request_form:start", "manage:find_booking", "leave", "staff-home", "admin:index")
    assert {f"Disallow: {reverse(name)}" for name in paths} <= set(lines)
    assert {"Disallow: /tell-us/", "Disallow: /r/", f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml"} <= set(lines)
    assert "Disallow: /" not in lines


def test_robots_of_the_neutral_host_disallows_everything(client):
    response = client.get("/robots.txt", headers={"host": settings.DISCREET_HOST})

    assert response.text == "User-agent: *\nDisallow: /\n"


# --- Caching ----------------------------------------------------------------------------------------------------------

CACHEABLE = ["/", "/areas/", "/areas/southwark/", "/areas/southwark/poster.pdf", "/safety/", "/privacy/", "/cookies/"]
CACHEABLE += [
    "/areas/southwark/poster-a5.pdf",
    "/picture.png",
    "/areas/southwark/picture.png",
    "/accessibility/",
    "/attribution/",
    "/easy-read/",
    "/easy-read/what-you-say/",
    "/easy-read/what-you-say/easy-read.pdf",
    "/sitemap.xml",
    "/robots.txt",
]


@pytest.mark.parametrize("address", CACHEABLE)
def test_public_pages_can_be_cached_and_revalidated(client, southwark, address):
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=300, s-maxage=10"
    assert not first.cookies
    assert (again.status_code, again.content) == (304, b"")


def test_changed_public_page_is_sent_again(client, southwark):
    first = client.get("/areas/southwark/")
    BoroughCommandUnit.objects.update(duty_number="020 7946 0999")

    again = client.get("/areas/southwark/", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 200


def test_public_page_with_a_session_cookie_is_not_cached(client, inspector):
    client.force_login(inspector)

    response = client.get("/safety/")

    assert settings.SESSION_COOKIE_NAME in response.cookies
    assert response["Cache-Control"] == "no-store, private"
    assert "ETag" not in response


@pytest.mark.parametrize("address", ["/request/", "/my-walk/", "/areas/atlantis/"])
def test_forms_and_errors_are_not_cached(client, southwark, address):
    assert "no-store" in client.get(address)["Cache-Control"]

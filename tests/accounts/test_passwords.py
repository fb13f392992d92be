"""Which passwords are refused, and that every way to set one refuses them."""

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from zxcvbn import scoring

from accounts.passwords import validators
from boroughs.models.officers import Officer
from tests.support.factories import PASSWORD, OfficerFactory
from tests.support.markup import Markup
from tests.support.password_links import choose, send_reset

SIGN_IN = "/staff/sign-in/"
REFUSED = "123456789012"
LIGATURES = "".join(map(chr, [*range(0x3300, 0x3358, 7), *range(0xFDF0, 0xFDFC)]))  # three to eighteen letters each


def judge(password, officer=None):
    """Return the sentences of the refusal, none if the password is accepted."""
    try:
        validate_password(password, officer)
    except ValidationError as refusal:
        return refusal.messages
    return []


@pytest.fixture
def somebody():
    return OfficerFactory.build(
        name="Zoë Müllerová-Lee", email="z.bloggs@met.police.example", shoulder_number="123AS", bcu=None
    )


@pytest.mark.parametrize(
    "password",
    [
        "qwerty123456",  # on Django's list
        "ichliebedich",  # on Django's list alone
        "password1234",
        "P@ssw0rd-1234",
        "nwolclacigam",  # two words, backwards
        "born 14.07.1989",
        "Summer2026!!",
        "purple-otter!",  # two words
        "password monkey dragon",
        "Dragon.Monkey.12",
        "mum dad sister",
        "i love you so much",
        "christmastime1987",  # a word, and a year
        "guardians2015",
        "aaaaaaaaaaaa",
        "dazzledazzledazzle",
        "111222333444",
        "123456789012",
        "zyxwvutsrqpo",
        "!@#$%^&*()_+",  # a row of the keyboard, with Shift
        "            ",
    ],
)
def test_common_repeated_and_sequential_passwords_are_refused(password):
    assert judge(password) == [validators.EASY]


@pytest.mark.parametrize(
    "password",
    [
        "Müllerová-Lee-2026",
        "zoemullerova12345",
        "Bloggs.Bloggs.1",
        "123AS 123AS 12",
        "Metropolitan Police 1",
        "Superintendent1!",
        "S0uthwark12345",
        "Kensington & Chelsea",
        "Hammersmith2026",
        "Central South 1",
        "WalkAndTalk2026",
        "walk-and-talk-demo",
        "walk purple otter",  # two words, and one that doesn't count
    ],
)
def test_passwords_of_name_force_and_service_words_are_refused(password, somebody):
    assert judge(password, somebody) == [validators.KNOWN]


@pytest.mark.parametrize(
    "password",
    [
        "river lamp otter",
        "riverlampotter",
        "my dog eats cheese.",
        "cat dog horse cow",  # four words, all of them common
        "xK9#mQ2$vL7p",
        "#}^%[>*<@{$=",
        "k3vw8rz0tq5n",
        "Q-9,!4_&.'e7",  # no row or repeat, although few of its characters are letters
        "привет мой друг",
        "水山火風水月金木土日星空",
        "🌲🐙🚲🌵🏠🎸🌙🐸🧭🪁🧵🎲",
        "a walk in the park at dusk",  # a known word among others
        "q7%Vd" * 20,
    ],
)
def test_words_random_strings_sentences_and_any_alphabet_are_accepted(password, somebody):
    assert judge(password, somebody) == []


def test_demo_password_is_refused_even_if_it_is_a_good_one(settings):
    assert judge("river lamp otter") == []

    settings.DEMO_PASSWORD = "river lamp otter"

    assert judge("river lamp otter") == [validators.EASY]


@pytest.mark.parametrize(("length", "refusal"), [(11, [validators.SHORT % 12]), (12, [])])
def test_password_has_twelve_characters(length, refusal):
    assert judge("k3vw8rz0tq5n"[:length]) == refusal


def test_what_follows_the_first_64_characters_changes_nothing(somebody):
    assert judge("WalkAndTalk2026." * 4 + "k3vw8rz0tq5n", somebody) == [validators.KNOWN]


@pytest.mark.parametrize("password", ["4@8({[<3691!|70$5+%2" * 500, LIGATURES], ids=["ten thousand", "ligatures"])
def test_a_long_password_costs_ten_readings_of_64_characters_at_most(password, monkeypatch):
    read = []
    judge_matches = scoring.most_guessable_match_sequence
    monkeypatch.setattr(
        scoring, "most_guessable_match_sequence", lambda text, *a: read.append(text) or judge_matches(text, *a)
    )

    judge(password)

    assert max(map(len, read)) == 64
    assert len(read) <= 10


# --- Every way in which a password is set -----------------------------------------------------------------------------


def test_own_page_says_it_in_the_summary_and_at_the_field(client, officer):
    client.force_login(officer)

    page = client.post(
        reverse("accounts:password"), {"old_password": PASSWORD, "new_password1": REFUSED, "new_password2": REFUSED}
    )

    markup = Markup(page.content.decode())
    summary = next(link for link in markup.all("a") if link.text == validators.EASY)
    assert summary.attrs["href"] == "#id_new_password1"
    assert validators.EASY in page.content.decode().split('id="id_new_password1-error"')[1]
    assert password_validators_help_texts()[0] in page.content.decode()
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_page_behind_a_link_refuses_it_with_the_name_of_its_owner(client, officer):
    Officer.objects.filter(pk=officer.pk).update(name="Zoë Okafor")
    client.get(send_reset(officer))

    page = choose(client, "zoe okafor 1234")

    assert validators.KNOWN in page.text
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


@pytest.mark.django_db
def test_createsuperuser_refuses_it_without_asking(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", REFUSED)

    with pytest.raises(CommandError, match="harder to guess"):
        call_command("createsuperuser", "--noinput", email="first@example.com", name="First", verbosity=0)

    assert not Officer.objects.exists()


@pytest.mark.parametrize(("development", "signed_in"), [(True, True), (False, False)])
def test_demo_password_opens_nothing_in_production(development, signed_in, client, settings, officer):
    officer.set_password(settings.DEMO_PASSWORD)
    officer.save()
    settings.DEVELOPMENT = development

    client.post(SIGN_IN, {"username": officer.email, "password": settings.DEMO_PASSWORD})

    assert ("_auth_user_id" in client.session) == signed_in

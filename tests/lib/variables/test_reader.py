"""Environment variables are checked, and all faults are named at once, without a value."""

import base64
import secrets

import pytest

from walkandtalk.lib.variables import addresses, keys
from walkandtalk.lib.variables.reader import Variables, WrongVariables

KEY = "Ynrh/2fqznvLUhsqPntoCLrpLC7RpZWq5kDvV+tjkes="
JUNK = [bytes(32), bytes(range(32)), bytes(range(64, 32, -1)), b"walkandtalk" * 2 + b"walkandtal", b"\x01\x02" * 16]


def variables(**values):
    return Variables(values, is_production=True, defaults={})


def faults(read, *arguments, **values):
    """Return the faults after one reading of the variable X."""
    env = variables(**values)
    read(env, "X", *arguments)
    try:
        env.refuse_faults()
    except WrongVariables as error:
        return str(error).split("\n✗ ")[1:]
    return []


def encoded(key):
    return base64.b64encode(key).decode()


def test_all_faults_are_named_at_once_and_no_value_is_repeated():
    env = variables(A="maybe-secret", B="999", C="https://user:pa55word@host.uk/", D="1:pa55word")
    env.require(["E", "F"])
    env.yes_or_no("A", default=False)
    env.whole_number("B", 1, most=5)
    env.origin("C")
    env.field_keys("D")

    with pytest.raises(WrongVariables) as error:
        env.refuse_faults()

    lines = str(error.value).splitlines()
    assert lines[:4] == [
        "Correct these environment variables, then start again.",
        "✗ Set E, F.",
        "✗ Set A to 1 or 0.",
        "✗ Set B to a whole number from 0 to 5.",
    ]
    assert len(lines) == 6
    assert not any(value in str(error.value) for value in ("maybe-secret", "999", "pa55word"))


def test_empty_variable_is_the_same_as_one_that_is_not_set():
    env = variables(X=" ", Y="")

    assert (env.whole_number("X", 30), env.yes_or_no("Y", default=True), env.text("X", "other")) == (30, True, "other")
    env.refuse_faults()


@pytest.mark.parametrize(
    ("value", "is_fine"), [("0", True), ("120", True), ("121", False), ("-1", False), ("3.5", False), ("ten", False)]
)
def test_whole_numbers_have_limits(value, is_fine):
    assert faults(lambda env, name: env.whole_number(name, 30, most=120), X=value) == (
        [] if is_fine else ["Set X to a whole number from 0 to 120."]
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (f"1:{KEY}", []),
        (f"2:{encoded(secrets.token_bytes(32))}, 1:{KEY}", []),
        (KEY, ["Write key 1 of X as id:key"]),
        ("1:YWJj", ["Write key 1 of X as id:key"]),
        (f"1:{KEY},1:{encoded(secrets.token_bytes(32))}", ["Give each key of X an id of its own."]),
        *((f"2:{KEY},1:{encoded(key)}", ["Replace key 2 of X, which is not random."]) for key in JUNK),
    ],
    ids=["one", "two", "no id", "short", "same id", *(f"junk {n}" for n in range(len(JUNK)))],
)
def test_field_keys(value, said):
    found = faults(Variables.field_keys, X=value)

    assert [fault.startswith(start) for fault, start in zip(found, said, strict=True)] == [True] * len(said)


def test_random_keys_are_never_called_junk():
    assert not any(keys.is_junk(secrets.token_bytes(32)) for _ in range(10_000))
    assert not any(keys.faults_of_secret("X", secrets.token_urlsafe(50), least=50) for _ in range(1_000))


@pytest.mark.parametrize(
    ("value", "start"),
    [
        ("h8fh3", "Make X at least 32 characters long"),
        ("please-change-me-0123456789-abcdefghijk", "Replace X, which is an example"),
        ("abcabcabcabcabcabcabcabcabcabcabcabc", "Replace X, which is an example"),
    ],
    ids=["short", "words", "repeated"],
)
def test_secrets(value, start):
    (fault,) = faults(lambda env, name: env.secret(name, least=32), X=value)

    assert fault.startswith(start)


@pytest.mark.parametrize(
    ("value", "is_fine"),
    [
        ("https://walks.police.uk", True),
        ("https://walks.police.uk:8443/", True),
        ("http://localhost:8000", True),
        ("http://walks.police.uk", False),
        ("https://walks.police.uk/walks", False),
        ("https://walks.police.uk?x=1", False),
        ("https://me@walks.police.uk", False),
        ("https://walks.police.uk:port", False),
        ("walks.police.uk", False),
    ],
)
def test_origins_are_https_and_a_host_alone(value, is_fine):
    assert (faults(Variables.origin, X=value) == []) is is_fine


@pytest.mark.parametrize(
    ("discreet", "discreet_sender", "said"),
    [
        ("https://diary.org.uk", "Diary <hello@diary.org.uk>", []),
        ("https://walks.police.uk:8443", "hello@diary.org.uk", ["DISCREET_URL"]),
        ("https://diary.walks.police.uk", "hello@diary.org.uk", ["DISCREET_URL"]),
        ("https://police.uk", "hello@diary.org.uk", ["DISCREET_URL"]),
        ("https://diary.org.uk", "hello@walks.police.uk", ["DISCREET_FROM_EMAIL"]),
        ("https://diary.org.uk", "hello@diary.mail.police.uk", ["DISCREET_FROM_EMAIL"]),
    ],
)
def test_neutral_host_and_sender_give_nothing_away(discreet, discreet_sender, said):
    found = addresses.faults_of_pair(
        public="https://walks.police.uk",
        discreet=discreet,
        public_sender="Walks <hello@mail.police.uk>",
        discreet_sender=discreet_sender,
    )

    assert [fault.split(" ")[1] for fault in found] == said


@pytest.mark.parametrize(
    ("value", "is_fine"),
    [
        ("smtp+tls://user:password@mail.police.uk:587", True),
        ("smtp+ssl://mail.police.uk:465", True),
        ("smtp://127.0.0.1:25", True),
        ("smtp://localhost:25", True),
        ("smtp://mail.police.uk:25", False),
        ("mail.police.uk", False),
        ("smtp+tls://host:pa55word", False),
    ],
)
def test_mail_leaves_this_machine_with_tls_alone(value, is_fine):
    assert (faults(Variables.mail_server, X=value) == []) is is_fine


@pytest.mark.parametrize(
    ("read", "right", "wrong"),
    [
        (Variables.database, "postgres://user@/name?host=/run/postgresql", "mysql://user@host/name"),
        (Variables.database, "postgres://user:pass@host:5432/name", "postgres://user@host/"),
        (Variables.queue, "redis+socket:///run/redis.sock?virtual_host=0", "amqp://host"),
        (Variables.queue, "rediss://:pass@host:6379/0", "host:6379"),
        (Variables.inbox, "auditor@police.uk", "Auditor <auditor@police.uk>"),
        (Variables.sender, "Walk and Talk <hello@police.uk>", "Walk and Talk"),
        (Variables.json_object, '{"location": "/srv/erasures"}', "/srv/erasures"),
        (Variables.page, "https://films.uk/safe", "javascript:alert(1)"),
    ],
)
def test_form_of_each_kind(read, right, wrong):
    assert (faults(read, X=right), len(faults(read, X=wrong))) == ([], 1)


@pytest.mark.parametrize(
    ("value", "behind_proxy", "is_fine"),
    [
        ("HTTP_X_FORWARDED_PROTO,https", True, True),
        ("", False, True),
        ("", True, False),
        ("X-Forwarded-Proto: https", True, False),
    ],
)
def test_web_behind_a_proxy_needs_its_header(value, behind_proxy, is_fine):
    found = faults(lambda env, name: env.proxy_header(name, behind_proxy=behind_proxy), X=value)

    assert (found == []) is is_fine

"""Her page is easy to read in every situation, and the measure of reading age counts as it says."""

import pytest

from tests.support.reading_age import (
    Reading,
    Sentence,
    count_syllables,
    hard_to_read,
    long_sentences,
    readings,
    sentences_around,
    sentences_of_message,
    sentences_of_page,
)
from tests.support.reading_texts import faults_of, is_stiff, no_faults, texts_of_situations

EASY = "The bus is late. We will wait for you at the gate."
HARD = "Notwithstanding organisational considerations, professional accountability necessitates documentation."


def test_formulas_give_the_published_figures():
    flesch_kincaid, ari = Reading(sentences_of_message("The cat sat on the mat.")).ages

    assert flesch_kincaid == pytest.approx(5 + 0.39 * 6 + 11.8 * 1 - 15.59)
    assert ari == pytest.approx(5 + 4.71 * 17 / 6 + 0.5 * 6 - 21.43)


@pytest.mark.parametrize(
    ("count", "words"),
    {
        1: "we’ll changed safe through",
        2: "didn’t arranged places needed people safety step-free police tables",
        3: "area somebody requested",
        5: "organisation",
    }.items(),
)
def test_syllables_are_counted(count, words):
    assert {word: count_syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Meet us on Tuesday 8 December at 6:30pm.", ["Meet", "us", "on", "at"]),
        ("We told Olive Officer, and I’ll ring 020 7946 0999.", ["We", "told", "and", "I’ll", "ring"]),
        ("Read https://example.org/page or ask a@example.org", ["Read", "or", "ask"]),
        ("Metropolitan Police Service", []),
    ],
)
def test_only_words_that_the_formulas_are_meant_for_are_counted(text, words):
    assert Sentence(text).words == words


def test_each_block_of_a_page_is_a_sentence_and_the_frame_is_apart():
    html = (
        "<body><p>Skip</p><main><h1>Your <b>walk</b></h1><ul><li>One thing<li>Another. And more</ul>"
        '<a class="govuk-button">Yes</a><a class="govuk-button">No</a><script>x</script></main><p>Privacy</p>'
    )

    assert [sentence.text for sentence in sentences_of_page(html)] == [
        *("Your walk", "One thing", "Another.", "And more", "Yes", "No")
    ]
    assert [sentence.text for sentence in sentences_around(html)] == ["Skip", "Privacy"]


def test_hard_text_is_found_with_its_worst_sentence():
    texts = {
        ("a", "easy"): sentences_of_message(f"{EASY} " * 6),
        ("a", "hard"): sentences_of_message(f"{EASY} " * 5 + f"{HARD} " * 6),
    }

    hard = hard_to_read(texts)

    assert list(hard) == ["a: hard", "a: hard, full sentences"]
    assert HARD in hard["a: hard"].splitlines()[1]


def test_short_labels_do_not_hide_hard_sentences():
    texts = {("a", "labels"): sentences_of_message(f"{HARD} " * 10 + "\nYes" * 900)}

    assert list(hard_to_read(texts)) == ["a: labels, full sentences"]


def test_long_sentences_are_found():
    texts = {("a", "long"): sentences_of_message(f"{'very ' * 26}long. {EASY}")}

    assert long_sentences(texts) == [f"{'very ' * 26}long."]


def test_short_texts_are_measured_together_and_repeated_sentences_once():
    texts = {("a", str(number)): sentences_of_message(EASY if number else HARD) for number in range(9)}

    found = readings(texts)

    assert list(found) == ["a: short texts"]
    assert [sentence.text for sentence in found["a: short texts"].sentences] == [
        HARD,
        *EASY.split(" We")[:1],
        EASY[17:],
    ]


@pytest.mark.parametrize("text", ["We cannot come", "You do not have to", "We will call", "Somebody came"])
def test_stiff_words_are_found(text):
    assert is_stiff(text)
    assert not is_stiff("We can’t come, and it wasn’t you. If not, we have another time. It is over.")
    assert not is_stiff("Please do not go to the station.")


@pytest.mark.django_db
def test_her_page_is_easy_to_read_in_every_situation(world):
    texts = texts_of_situations(world)

    assert len(texts) > 50
    assert faults_of(texts) == no_faults()

"""The reading age of pages and messages, by two formulas: Flesch-Kincaid and the Automated Readability Index (ARI).

Both give a school grade of the United States. The reading age in years is the grade plus 5, so a text for a
nine-year-old stays below 10. Both were made for prose, so these rules decide what they see:

- A heading, label, list item, button, cell or line is a sentence of its own, even without a full stop.
- Figures, times, dates, telephone numbers, references and addresses are left out. So are names: every word with a
  capital, unless it begins a sentence, and whole sentences of such words.
- Header, footer and shortcuts are measured once, as a page of their own. Any other page is its `main` element.
- A text with fewer than 60 words is too short to measure. It is measured together with the others of its journey, in
  which a sentence counts once.
- Labels and list items are short, and would flatter a page. So its full sentences, which end with a full stop or a
  question mark, must pass the same test by themselves. No sentence has more than 25 words.

Sources: Kincaid and others 1975; Smith and Senter 1967. Syllables are counted by spelling. On the words of our own
templates that count was compared with the Carnegie Mellon pronouncing dictionary: 98 of 100 words agree, and the sums
differ by less than 1 %. Hyphenation patterns find 4 to 8 % fewer, with which a text looks up to a year too easy.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from html.parser import HTMLParser

OLDEST = 10.0  # a nine-year-old is younger
LEAST_WORDS = 60
LONGEST = 25
INLINE = {"a", "abbr", "b", "bdi", "code", "em", "i", "img", "kbd", "q", "small", "span", "strong", "time", "wbr"}
NOT_READ = {"datalist", "script", "select", "style", "svg", "template", "textarea", "title"}
DAYS_AND_MONTHS = {
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march"),
    *("april", "june", "july", "august", "september", "october", "november", "december"),
}
WORD = re.compile(r"[A-Za-z]+(?:[’'-][A-Za-z]+)*")
ADDRESS = re.compile(r"\S*(?:@|://|\w\.\w|\w/\w)\S*")


@dataclass(frozen=True)
class Sentence:
    text: str

    @cached_property
    def words(self):
        """The words that the formulas are meant for."""
        text = ADDRESS.sub(" ", self.text)
        words = [WORD.search(token)[0] for token in text.split() if WORD.search(token) and not re.search(r"\d", token)]
        if len(words) > 1 and all(is_name(word) for word in words):
            return []
        counted = [word for number, word in enumerate(words) if number == 0 or not is_name(word)]
        return [word for word in counted if word.lower() not in DAYS_AND_MONTHS]


@dataclass(frozen=True)
class Reading:
    sentences: list[Sentence]

    @property
    def word_count(self):
        return sum(len(sentence.words) for sentence in self.sentences)

    @property
    def ages(self):
        """The reading ages by Flesch-Kincaid and by ARI, in years."""
        words = [word for sentence in self.sentences for word in sentence.words]
        per_sentence = len(words) / len([sentence for sentence in self.sentences if sentence.words])
        syllables = sum(count_syllables(word) for word in words) / len(words)
        letters = sum(len(re.sub(r"[^A-Za-z]", "", word)) for word in words) / len(words)
        return (
            5 + 0.39 * per_sentence + 11.8 * syllables - 15.59,
            5 + 4.71 * letters + 0.5 * per_sentence - 21.43,
        )

    @property
    def is_hard(self):
        return max(self.ages) >= OLDEST

    @property
    def worst(self):
        """The five sentences that raise the age most."""
        long_enough = {sentence for sentence in self.sentences if len(sentence.words) > 3}
        return sorted(long_enough, key=lambda sentence: -max(Reading([sentence]).ages) * len(sentence.words))[:5]

    def __str__(self):
        flesch_kincaid, ari = self.ages
        worst = "".join(f"\n    {sentence.text}" for sentence in self.worst)
        return f"Flesch-Kincaid {flesch_kincaid:.1f}, ARI {ari:.1f}{worst}"


def hard_to_read(texts):
    """Return the ages and worst sentences of each text that is too hard. Keys of `texts` are a journey and a name."""
    return {name: str(reading) for name, reading in readings(texts).items() if reading.is_hard} | {
        f"{name}, full sentences": str(reading)
        for name, reading in readings({key: full_sentences(text) for key, text in texts.items()}).items()
        if reading.is_hard
    }


def long_sentences(texts):
    """Return each sentence of these texts with more than 25 words."""
    return sorted({sentence.text for text in texts.values() for sentence in text if len(sentence.words) > LONGEST})


def full_sentences(sentences):
    return [sentence for sentence in sentences if re.search(r"[.?!][”’\")]*$", sentence.text)]


def readings(texts):
    """Return a reading for each long text, and one for the short texts of each journey."""
    found, short = {}, defaultdict(dict)
    for (journey, name), sentences in texts.items():
        reading = Reading(sentences)
        if reading.word_count >= LEAST_WORDS:
            found[f"{journey}: {name}"] = reading
        else:
            short[journey].update(dict.fromkeys(sentences))
    together = {f"{journey}: short texts": Reading(list(sentences)) for journey, sentences in short.items()}
    return found | {name: reading for name, reading in together.items() if reading.word_count}


def sentences_of_page(html):
    return _sentences(_Lines(html).inside_main)


def sentences_around(html):
    """Return the sentences of a page that are outside its main element."""
    return _sentences(_Lines(html).outside_main)


def sentences_of_message(text):
    return _sentences(text.splitlines())


def _sentences(lines):
    parts = [part for line in lines for part in re.split(r"(?<=[.!?])[”’\")]*\s+", " ".join(line.split()))]
    return [Sentence(part) for part in parts if part]


class _Lines(HTMLParser):
    """The lines of a page: the text between two block elements."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.inside_main, self.outside_main = [], []
        self.line, self.is_main, self.is_button, self.not_read = "", False, False, 0
        self.feed(html.partition("<body")[2].partition(">")[2] or html)
        self.close()
        self._end_line()

    def _end_line(self):
        (self.inside_main if self.is_main else self.outside_main).append(self.line)
        self.line = ""

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.is_button = "govuk-button" in (dict(attrs).get("class") or "")
        if tag not in INLINE or (tag == "a" and self.is_button):
            self._end_line()
        self.is_main = self.is_main or tag == "main"
        self.not_read += tag in NOT_READ

    def handle_endtag(self, tag):
        if tag not in INLINE or (tag == "a" and self.is_button):
            self._end_line()
        self.is_main = self.is_main and tag != "main"
        self.not_read -= tag in NOT_READ

    def handle_data(self, data):
        self.line += data if not self.not_read else ""


def is_name(word):
    return word[0].isupper() and not re.match(r"I(?![a-z])", word)


@cache
def count_syllables(word):
    """Return the number of syllables of an English word, from its spelling."""
    if "-" in word:
        return sum(count_syllables(part) for part in word.split("-"))
    word = re.sub(r"[’']s?(?=$)|[’']", "", word.lower())
    word = re.sub(r"^(som|saf|els|mor)e(?=[a-z])", r"\1", word)  # the silent e of "somebody"
    count = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouyl]es?$|[^aeioutdy]ed$", word) and not re.search(r"(?:[sxzcg]|[cs]h)es$", word):
        count -= 1
    count -= bool(re.search(r"[aeiouy]les?$|[aeo]gues?$", word))
    count += len(re.findall(r"(?<![ctgs])i[ao]|ying|eo(?![up])|ea$|ier|dnt$|snt$|uet|[uo]ing", word))
    return max(1, count)

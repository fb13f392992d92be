"""The rule for every password that is set, on our pages and by `createsuperuser` (docs/rules.md#passwords)."""

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from accounts.passwords.guessing import LONGEST_READ, count_separators, is_easy_to_guess, spellings
from accounts.passwords.known_words import known_words, without_words

HINT = (
    "At least %d characters, with spaces if you like. Three words that have nothing to do with each other, with you or "
    "with your work are good. So is a password that a password manager makes."
)
SHORT = "Use %d characters or more. Three words are easy to remember."
EASY = (
    "Choose a password that is harder to guess, such as three words. Common passwords, repeats and rows like 123456 or "
    "qwerty are tried first."
)
KNOWN = (
    "Choose other words. Your own details, and words about the police and this service, are tried first, so they "
    "don’t count."
)


class StaffPasswordValidator(CommonPasswordValidator):
    """Refuses a password with one sentence: too short, on Django's list of common ones, or easy to guess."""

    def __init__(self, min_length: int) -> None:
        super().__init__()
        self.min_length = min_length

    def validate(self, password: str, user: object = None) -> None:
        if len(password) < self.min_length:
            raise ValidationError(SHORT % self.min_length, code="password_too_short")
        read = password[:LONGEST_READ]
        separators = count_separators(read)
        spelt = spellings(read)
        words = known_words(user)
        rests = {each: without_words(each, words) for each in spelt}
        mostly_known = [rest for each, rest in rests.items() if each and 2 * len(rest) <= len(each)]
        if is_easy_to_guess(mostly_known, separators=separators):
            raise ValidationError(KNOWN, code="password_of_known_words")
        if self._is_listed(password) or is_easy_to_guess([read]) or is_easy_to_guess(spelt, separators=separators):
            raise ValidationError(EASY, code="password_too_common")
        if is_easy_to_guess(rests.values(), separators=separators):
            raise ValidationError(KNOWN, code="password_of_known_words")

    def get_help_text(self) -> str:
        return HINT % self.min_length

    def _is_listed(self, password: str) -> bool:
        return password == settings.DEMO_PASSWORD or password.lower().strip() in self.passwords

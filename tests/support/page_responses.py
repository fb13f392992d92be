"""Responses, independent of the test client."""

from dataclasses import dataclass
from http.cookies import SimpleCookie


@dataclass(frozen=True)
class PageResponse:
    """One response. `html` is empty if it is not a page.

    `shown` and `logged` are the rows of which it shows a planted detail, and those that the read log names. `refusals`
    are the routes of the lines that say that the person asked for a page that isn't hers.
    """

    status_code: int
    headers: dict[str, str]
    cookies: SimpleCookie
    html: str
    changed_rows: bool = False
    shown: frozenset = frozenset()
    logged: frozenset = frozenset()
    refusals: tuple = ()

    @classmethod
    def of(cls, response, *, changed_rows=False, shown=(), logged=(), refusals=()):
        is_page = response.headers["Content-Type"].startswith("text/html") and bool(response.content)
        html = response.text if is_page else ""
        return cls(
            response.status_code,
            dict(response.headers),
            response.cookies,
            html,
            changed_rows,
            frozenset(shown),
            frozenset(logged),
            tuple(refusals),
        )

    @property
    def outcome(self):
        """The status, as written in the access table."""
        leads_to_sign_in = self.headers.get("Location", "").startswith("/staff/sign-in/")
        return "sign-in" if self.status_code == 302 and leads_to_sign_in else str(self.status_code)

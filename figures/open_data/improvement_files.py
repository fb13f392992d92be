"""The published improvements as JSON and as an Atom feed: nothing but what a lead has agreed that everyone may read."""

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.xmlutils import SimplerXMLGenerator

from feedback.models.improvements import Improvement, ImprovementEvent
from feedback.statuses import RESOLVED_STATES
from figures.open_data.publication import (
    LANGUAGE,
    LICENCE,
    TITLE,
    about,
    attribution,
    file_address,
    page_address,
    publisher,
)

NEWEST_IN_FEED = 50
BEFORE_THE_FIRST = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""The time of a feed without entries. The current time would make it a new one with each request."""
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def published_improvements() -> QuerySet[Improvement]:
    """Return the published improvements, the newest first. Places are read once each, in two more queries."""
    rows = Improvement.objects.published().select_related(None).prefetch_related("bcu", "borough")
    return rows.only("kind", "public_words", "done_date", "bcu", "borough")


def improvements_document(improvements: QuerySet[Improvement]) -> dict[str, Any]:
    return {**about(), "improvements": [_entry(improvement) for improvement in improvements]}


def _entry(improvement: Improvement) -> dict[str, str | None]:
    return {
        "reference": improvement.reference,
        "area_code": improvement.bcu.code,
        "area_name": improvement.bcu.name,
        "borough_code": improvement.borough.gss,
        "borough_name": improvement.borough.name,
        "kind": improvement.kind,
        "kind_name": improvement.kind_label,
        "words": improvement.public_words,
        "done_on": improvement.done_date.isoformat() if improvement.done_date else None,
    }


# --- Atom -------------------------------------------------------------------------------------------------------------


def improvements_feed(improvements: QuerySet[Improvement]) -> str:
    """Return the newest as an Atom feed (RFC 4287)."""
    feed = ImprovementsFeed(
        title=str(TITLE),
        link=page_address(),
        description=None,
        language=LANGUAGE,
        author_name=publisher(),
        feed_url=file_address("improvements_feed"),
        feed_guid=_tag("improvements"),
        feed_copyright=attribution(),
    )
    for improvement in _with_time(improvements)[:NEWEST_IN_FEED]:
        feed.add_item(
            title=f"{improvement.borough.name}: {improvement.kind_label}",
            link=page_address(improvement.borough.slug),
            description=linebreaks(NOT_IN_XML.sub("", improvement.public_words), autoescape=True),
            unique_id=_tag(f"improvement:{improvement.reference}"),
            updateddate=improvement.published_at.replace(microsecond=0),
            categories=(improvement.kind,),
        )
    return feed.writeString("utf-8")


def _with_time(improvements: QuerySet[Improvement]) -> QuerySet[Any]:
    """Add when everyone could read it: once a lead had agreed to the words and it was done."""
    events = ImprovementEvent.objects.filter(improvement=OuterRef("pk"), to_state__in=RESOLVED_STATES)
    done = events.exclude(from_state=F("to_state")).order_by("-at").values("at")[:1]
    return improvements.annotate(published_at=Greatest("approved_at", Subquery(done)))


def _tag(name: str) -> str:
    """Return an identifier that stays even if the service moves to another path (RFC 4151)."""
    return f"tag:{urlsplit(settings.PUBLIC_URL).hostname},2026:{name}"


class ImprovementsFeed(Atom1Feed):
    """A feed with its licence as a link (RFC 4946), and the same bytes as long as nothing has changed."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("link", "", {"rel": "license", "href": LICENCE})

    def latest_post_date(self) -> datetime.datetime:
        return max((item["updateddate"] for item in self.items), default=BEFORE_THE_FIRST)

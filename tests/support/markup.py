"""The tags, fields and texts of an HTML page."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXT_INPUT_TAGS = ("input", "textarea", "select")


@dataclass
class Tag:
    name: str
    attrs: dict
    text: str = ""


@dataclass
class Markup(HTMLParser):
    html: str
    tags: list[Tag] = field(default_factory=list)
    is_inside: bool = False

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.is_inside = True
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        self.is_inside = False

    def handle_data(self, data):
        if self.is_inside:
            self.tags[-1].text += data

    def all(self, *names):
        return [tag for tag in self.tags if tag.name in names]

    @property
    def title(self):
        """The page title, as a browser shows it."""
        (title,) = self.all("title")
        return " ".join(title.text.split())

    @property
    def fields(self):
        """The names of the fields that the page's forms send."""
        names = {tag.attrs.get("name", "") for tag in self.all(*TEXT_INPUT_TAGS, "button")}
        return sorted(names - {"", "csrfmiddlewaretoken"})

    @property
    def typed(self):
        """The values of the inputs and text areas."""
        return [tag.attrs.get("value", "") for tag in self.all("input")] + [tag.text for tag in self.all("textarea")]

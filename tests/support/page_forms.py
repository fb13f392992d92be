"""The forms of a page, filled in as a browser sends them, for journeys over plain HTTP."""

from dataclasses import dataclass

from tests.support.markup import Markup


@dataclass
class PageForm:
    action: str
    buttons: str
    values: list[tuple[str, str]]

    def filled(self, **answers):
        """Return what is sent, with these answers instead of what the page has. A list ticks several boxes."""
        kept = [(name, value) for name, value in self.values if name not in answers]
        typed = [(name, each) for name, answer in answers.items() for each in _as_list(answer)]
        return [*kept, *typed]


def find_form(page, button):
    """Return the form with this button."""
    found = [form for form in forms_of(page) if button in form.buttons]
    buttons = [form.buttons for form in forms_of(page)]
    assert found, f"no form has the button “{button}”: {Markup(page).title} has {buttons}"
    return found[0]


def forms_of(page):
    forms, select = [], None
    for tag in Markup(page).tags:
        name, value = tag.attrs.get("name", ""), tag.attrs.get("value", "")
        if tag.name == "form":
            forms.append(PageForm(tag.attrs.get("action", ""), "", []))
        elif not forms:
            continue
        elif tag.name == "button":
            forms[-1].buttons += f"{' '.join(tag.text.split())}\n"
        elif tag.name == "select":
            select = name
        elif tag.name == "option":
            if "selected" in tag.attrs:
                forms[-1].values.append((select, value))
        elif tag.name == "textarea":
            forms[-1].values.append((name, tag.text.strip()))
        elif tag.name == "input" and name and _is_sent(tag):
            forms[-1].values.append((name, value))
    return forms


def _is_sent(tag):
    return "checked" in tag.attrs if tag.attrs.get("type") in ("radio", "checkbox") else True


def _as_list(answer):
    return answer if isinstance(answer, list) else [answer]

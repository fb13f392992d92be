from django import template

from boroughs.easy_read.films import Film, film_of

register = template.Library()


@register.inclusion_tag("boroughs/easy_read/links.html")
def easy_read_links(slug: str) -> dict[str, str | Film | None]:
    """Link an Easy Read page and, once there is one, its film in British Sign Language."""
    return {"slug": slug, "film": film_of(slug)}


@register.inclusion_tag("boroughs/easy_read/lines.html")
def easy_read_lines(lines: list[object]) -> dict[str, object]:
    """Show each line beside its picture, which has no text of its own: the line says it."""
    return {"lines": lines}

from django.template import Context, Template, engines

from walkandtalk.lib.compact_templates import compact


def test_compact_removes_indentation_and_blank_lines():
    html = "<ul>\n  <li>one</li>\n\n  <li>two</li>\n</ul>\n"

    assert compact(html) == "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"


def test_compact_joins_a_tag_that_was_written_on_several_lines():
    html = 'See <a\n  class="link"\n  href="/"\n>the page</a>.'

    assert compact(html) == 'See <a class="link" href="/">the page</a>.'


def test_compact_joins_the_lines_of_a_sentence():
    html = "<p>\n  Walks start at\n  {{ start }} and\n  end at <b>9pm</b>.\n</p>\n"

    assert compact(html) == "<p>\nWalks start at {{ start }} and end at <b>9pm</b>.\n</p>\n"


def test_compact_leaves_preformatted_lines_alone():
    html = "<pre>101AS, leave\n  102AS, off</pre><textarea>\n{{ typed }}\n</textarea>"

    assert compact(html) == html


def test_compact_removes_lines_of_logic():
    html = "<p>\n  {% if late %}\n    Late\n  {% else %}\n    In time\n  {% endif %}\n</p>\n"

    assert compact(html) == "<p>\n{% if late %}Late\n{% else %}In time\n{% endif %}</p>\n"


def test_compact_keeps_words_apart_in_every_branch():
    template = Template(
        compact("One\n{% if two %}\n  two\n{% endif %}\n{% for word in words %}\n  {{ word }}\n{% endfor %}\nend")
    )

    words = {two: template.render(Context({"two": two, "words": "ab"})).split() for two in (True, False)}

    assert words == {True: ["One", "two", "a", "b", "end"], False: ["One", "a", "b", "end"]}


def test_compact_keeps_the_line_of_a_tag_that_shows_something():
    html = "{% translate 'One' %}\n{% block two %}{% endblock %}\n{{ three }}"

    assert compact(html) == html


def test_templates_of_the_project_are_loaded_compact():
    source = engines["django"].get_template("base.html").template.source

    assert "\n " not in source
    assert "<html" in source

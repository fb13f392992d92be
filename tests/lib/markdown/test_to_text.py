"""Plain text and HTML of the Markdown that messages are written in."""

import pytest

from walkandtalk.lib.markdown.parsing import BUTTON_END, BUTTON_START, parse, to_html
from walkandtalk.lib.markdown.to_text import to_text

PAGE = "https://walk.example.com/my-walk/"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("One line.\nThe next.", "One line.\nThe next.\n"),
        ("One.\n\n\n\nTwo.", "One.\n\nTwo.\n"),
        ("## What changed\n\nThe time.", "WHAT CHANGED\nThe time.\n"),
        ("We offer:\n\n- Monday\n- Tuesday\n\nPick one.", "We offer:\n\n- Monday\n- Tuesday\n\nPick one.\n"),
        ("> **Phrase:** “green lantern”\n\nCheck it.", "Phrase: “green lantern”\n\nCheck it.\n"),
        ("> ## Changed\n>\n> - The time", "CHANGED\n- The time\n"),
        (f"[Your page](<{PAGE}>)", f"Your page: {PAGE}\n"),
        (f"[Unhappy?](<{PAGE}>)", f"Unhappy? {PAGE}\n"),
        (f"[Requests: **7**.](<{PAGE}>)", f"Requests: 7. {PAGE}\n"),
        (f"[{PAGE}](<{PAGE}>)", f"{PAGE}\n"),
        (f"Read it here:\n[{PAGE}](<{PAGE}>)", f"Read it here:\n{PAGE}\n"),
        (f"Read it here: [Open it](<{PAGE}>)", f"Read it here: {PAGE}\n"),
        (f"Read it here:\n\n[Open it](<{PAGE}>)", f"Read it here:\n{PAGE}\n"),
        (f"Nothing else.\n\n[Open it](<{PAGE}>)", f"Nothing else.\n\nOpen it: {PAGE}\n"),
        ("Call 020 7946 0101. [Call](<tel:02079460101>)", "Call 020 7946 0101.\n"),
        ("Or ring us: [020 7946 0101](<tel:02079460101>)", "Or ring us: 020 7946 0101\n"),
        ("Come.\n\n***\nQuestions?", "Come.\n\nQuestions?\n"),
        ("", "\n"),
    ],
)
def test_text_has_the_content_of_the_markdown(source, text):
    assert to_text(parse(source)) == text


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("One line.\nThe next.", "<p>One line.</p>\n<p>The next.</p>\n"),
        ("**When:** 6pm", '<p class="fact"><strong>When:</strong> 6pm</p>\n'),
        ("Come.\n**When:** 6pm", '<p>Come.</p>\n<p class="fact"><strong>When:</strong> 6pm</p>\n'),
        ("**Come now.** 6pm", "<p><strong>Come now.</strong> 6pm</p>\n"),
        (r"**Maya\:** 6pm", "<p><strong>Maya:</strong> 6pm</p>\n"),
        (f"- [Open it](<{PAGE}>)", f'<ul>\n<li><a href="{PAGE}">Open it</a></li>\n</ul>\n'),
        ("Come.\n\n***\n\nQuestions?", "<p>Come.</p>\n<hr>\n<p>Questions?</p>\n"),
        ("## Next", "<h2>Next</h2>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("> a", '<div class="boxed">\n<p>a</p>\n</div>\n'),
        (f"See [it](<{PAGE}>)", f'<p>See <a href="{PAGE}">it</a></p>\n'),
        (f"[{PAGE}](<{PAGE}>)", f'<p><a href="{PAGE}">{PAGE}</a></p>\n'),
        (
            f"[Open it](<{PAGE}>)",
            f'{BUTTON_START}<a href="{PAGE}">Open it</a>{BUTTON_END}',
        ),
        ("<b>x</b> <!-- x -->", "<p>&lt;b&gt;x&lt;/b&gt; &lt;!-- x --&gt;</p>\n"),
        ("![x](<https://x.example/>)", '<p>!<a href="https://x.example/">x</a></p>\n'),
        ("[x](<javascript:alert(1)>)", "<p>[x](&lt;javascript:alert(1)&gt;)</p>\n"),
        ("`code`\n\n    code", "<p>`code`</p>\n<p>code</p>\n"),
    ],
)
def test_html_supports_only_the_markdown_that_messages_need(source, html):
    assert to_html(parse(source)) == html

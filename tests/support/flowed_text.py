"""Flowed text, joined into paragraphs as email clients do (RFC 3676)."""


def unwrap_flowed(text):
    lines, current_line = [], ""
    for line in text.splitlines():
        current_line += line.removeprefix(" ")
        if not line.endswith(" "):
            lines.append(current_line)
            current_line = ""
    return "\n".join(lines).strip("\n")

"""What a mail program makes of text in short lines (RFC 3676)."""


def unwrap_flowed(text):
    lines, current_count = [], ""
    for line in text.splitlines():
        current_count += line.removeprefix(" ")
        if not line.endswith(" "):
            lines.append(current_count)
            current_count = ""
    return "\n".join(lines).strip("\n")

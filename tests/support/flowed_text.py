"""What a mail program makes of text in short lines (RFC 3676)."""


def joined(text):
    lines, so_far = [], ""
    for line in text.splitlines():
        so_far += line.removeprefix(" ")
        if not line.endswith(" "):
            lines.append(so_far)
            so_far = ""
    return "\n".join(lines).strip("\n")

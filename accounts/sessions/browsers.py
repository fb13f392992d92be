"""A browser in words, as a person would know it again: "Edge on Windows"."""

UNKNOWN = "A browser"
# Edge says that it is Chrome, and Chrome that it is Safari. So the first that fits is the right one.
PROGRAMS = {
    "Edg": "Edge",
    "EdgA": "Edge",
    "EdgiOS": "Edge",
    "SamsungBrowser": "Samsung Internet",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def browser_in_words(user_agent: str) -> str:
    """Return the names of the browser and its system. Anyone can send anything as `user_agent`: none of it is kept."""
    program = next((name for sign, name in PROGRAMS.items() if f"{sign}/" in user_agent), UNKNOWN)
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return f"{program} on {system}" if system else program

"""The keyboard shortcuts of staff pages, by where they work. The pages themselves name their keys (static/keys.js)."""

from boroughs.models.officers import Officer

FOR_ALL = {
    "In a list": {"j": "Go to the next row", "k": "Go to the row above", "Enter": "Open the row"},
    "On every page": {"?": "Open this page"},
}
FOR_INSPECTORS = {
    "In a list": FOR_ALL["In a list"]
    | {
        "x": "Tick the row, or clear the tick",
        "c": "Assign the booking in this row to you",
        "s": "Schedule the booking in this row",
    },
    "On a booking": {
        "j": "Go to the next booking in your list",
        "k": "Go to the previous booking in your list",
        "c": "Assign it to you",
        "s": "Schedule a walk",
        "o": "Offer another time",
        "d": "Decline the booking",
        "Ctrl Enter": "Save, and go to the next booking in your list",
    },
    "On every page": {
        "/": "Search",
        "n": "Make a new booking, where the page has that button",
        "z": "Undo, as long as the page shows “Undo”",
    }
    | FOR_ALL["On every page"],
}


def shortcuts_of(user: Officer) -> dict[str, dict[str, str]]:
    return FOR_INSPECTORS if user.role == Officer.Role.INSPECTOR else FOR_ALL

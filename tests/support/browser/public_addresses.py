"""Public pages that anyone can open, some with a search."""

PUBLIC_ADDRESSES = [
    "/",
    "/request/",
    "/request/danger/",
    "/request/under-18/",
    "/request/city/",
    "/request/timed-out/",
    "/my-walk/",
    "/my-walk/made-up/",
    "/safety/",
    "/privacy/",
    "/attribution/",
    "/no-such-page/",
    "/cookies/",
    "/accessibility/",
    "/areas/",
    "/areas/?place=Peckham",
    "/areas/?place=Nowhere at all",
    "/areas/southwark/",
    "/areas/south-west/",
    "/areas/city-of-london/",
]

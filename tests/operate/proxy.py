"""The proxy: how much more it answers than web alone, and a busy evening."""

from contextlib import contextmanager

from tests.faults.results import Result, exactly
from tests.support.load import Visits, most_a_second
from tests.support.production import HOST, Production
from tests.support.proxy import Proxy

RUN = "proxy"
DYNAMIC = ("/request/", "/staff/sign-in/")
"""Pages that web answers itself: the first of a request, and where staff sign in."""
SECONDS = " s"


def run(*, small):
    with behind_proxy() as (proxy, production):
        return [*busy_evening(proxy, small=small), *([] if small else compared(proxy, production))]


@contextmanager
def behind_proxy():
    """Start web with a proxy in front, and open each page once, because the first visit is slow."""
    with Proxy() as proxy, Production(variables=proxy.variables()) as production:
        production.start_web()
        production.load_reference_data()
        proxy.start([production.ports["web"]])
        for path in ("/", *DYNAMIC) * 4:
            assert proxy.send("GET", path).status == 200, path
        yield proxy, production


def busy_evening(proxy, *, small):
    """Send 1,000 visits a second to the home page, a fifth of them on new connections, and 50 to pages of web."""
    share, seconds = (20, 2) if small else (1, 20)
    visits = [
        Visits(proxy, "/", rate=800 // share, seconds=seconds, connections=80 // share),
        Visits(proxy, "/", rate=200 // share, seconds=seconds),
    ]
    pages = [Visits(proxy, path, rate=25 // min(share, 5), seconds=seconds) for path in DYNAMIC]
    (kept, new), dynamic = ([each.finish() for each in group] for group in (visits, pages))
    errors = sum(load.errors for load in (kept, new, *dynamic))
    found = [exactly(RUN, "errors of 1,000 home visits and 50 dynamic pages a second", errors, 0)]
    if small:
        return found
    return [
        *found,
        at_least("home visits a second, one in five on a new connection", (kept.pages + new.pages) / seconds, 990),
        at_least("dynamic pages a second at the same time", sum(load.pages for load in dynamic) / seconds, 50),
        *percentiles("home page", kept, (0.1, 0.5)),
        *percentiles("home page and its connection", new, (0.2, 1)),
        *percentiles("first page of a request", dynamic[0], (0.5, 2)),
    ]


def at_least(what, figure, least):
    return Result(RUN, what, figure, least=least)


def percentiles(what, load, limits):
    """Return the seconds within which half of the visitors, and 99 of 100, have the page."""
    return [
        Result(RUN, f"{what}, {percent}th percentile", load.percentile(percent), most=most, unit=SECONDS)
        for percent, most in zip((50, 99), limits, strict=True)
    ]


def compared(proxy, production, seconds=10):
    alone = most_a_second(f"http://{HOST}:{production.ports['web']}/", folder=proxy.folder, seconds=seconds)
    behind = most_a_second(f"https://{HOST}:{proxy.https_port}/", folder=proxy.folder, seconds=seconds)
    return [
        at_least("home pages a second, gunicorn alone", alone, 0),
        at_least("home pages a second, through nginx with TLS", behind, 0),
        at_least("times as many through nginx", behind / alone, 10),
    ]

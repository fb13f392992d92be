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
        production.manage("load_reference_data")
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
    a_second = (kept.pages + new.pages) / seconds
    return [
        *found,
        Result(RUN, "home visits a second, one in five on a new connection", a_second, least=990),
        Result(RUN, "dynamic pages a second at the same time", sum(load.pages for load in dynamic) / seconds, least=50),
        *(
            Result(RUN, f"{name}, {percent}th percentile", load.percentile(percent), most=most, unit=SECONDS)
            for name, load, limits in (("home page", kept, (0.1, 0.5)), ("first page of a request", dynamic[0], (0.5, 2)))
            for percent, most in zip((50, 99), limits, strict=True)
        ),
    ]


def compared(proxy, production, seconds=10):
    alone = most_a_second(f"http://{HOST}:{production.ports['web']}/", folder=proxy.folder, seconds=seconds)
    behind = most_a_second(f"https://{HOST}:{proxy.https_port}/", folder=proxy.folder, seconds=seconds)
    return [
        Result(RUN, "home pages a second, gunicorn alone", alone, least=0),
        Result(RUN, "home pages a second, through nginx with TLS", behind, least=0),
        Result(RUN, "times as many through nginx", behind / alone, least=10),
    ]

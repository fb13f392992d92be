"""`python -m walkandtalk.processes.check_web`: health check of a web container. Fails unless /healthz answers."""

import os
from urllib.parse import urlsplit
from urllib.request import Request, urlopen


def main() -> None:
    port = os.environ.get("PORT", "8000")
    host = urlsplit(os.environ["PUBLIC_URL"]).netloc  # other host names are refused
    with urlopen(Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host}), timeout=4):
        pass


if __name__ == "__main__":
    main()

"""`python -m walkandtalk.check_web`: the health check of a web container. It fails unless /healthz answers 200."""

import os
from urllib.parse import urlsplit
from urllib.request import Request, urlopen


def main() -> None:
    port = os.environ.get("PORT", "8000")
    host = urlsplit(os.environ["PUBLIC_URL"]).netloc  # any other name is refused
    with urlopen(Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host}), timeout=4):
        pass


if __name__ == "__main__":
    main()

"""`python -m devtools.stack`: runs all of Walk and Talk on one machine, with nothing to install or set up."""

import argparse
import os
import sys


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m devtools.stack", description=__doc__)
    parser.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000", help="default: PORT, or 8000")
    parser.add_argument("--with-parent", action="store_true", help="stop when the process that started this ends")
    options = parser.parse_args()
    external = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL") if os.environ.get(name)]
    if os.environ.get("WALKANDTALK_ENV", "development") != "development":
        external.append("WALKANDTALK_ENV")
    if external:
        print(
            f"Unset {' and '.join(external)}: this command is for development, with its own PostgreSQL and Redis.\n"
            "For production, start the processes one by one as docs/operating.md says.",
            file=sys.stderr,
        )
        return 1
    from devtools.stack import guard  # imported here, so that a wrong option is reported even without the packages

    return guard.run(options.port, with_parent=options.with_parent)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"“{text}” is not a port: give a number from 1 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())

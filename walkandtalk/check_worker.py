"""`python -m walkandtalk.check_worker`: health check of a worker container. Fails unless this host's worker answers."""

from celery.utils.nodenames import default_nodename

from walkandtalk.celery import app


def main() -> None:
    name = default_nodename("")
    if not app.control.ping(destination=[name], timeout=5):
        raise SystemExit(f"{name} does not answer.")


if __name__ == "__main__":
    main()

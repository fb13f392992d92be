# Built in two stages, so that the image has neither pip's cache nor anything of development.
# renovate.json keeps the tag and the digest up to date.
FROM python:3.12.13-slim-bookworm@sha256:d50fb7611f86d04a3b0471b46d7557818d88983fc3136726336b2a4c657aa30b AS build

WORKDIR /srv/walkandtalk
COPY requirements.txt .
# Only wheels: the image has no compiler, and building a package would run its code here.
RUN python -m venv --without-pip /srv/venv \
    && pip --python=/srv/venv/bin/python install --quiet --no-cache-dir --disable-pip-version-check \
        --require-hashes --no-deps --only-binary=:all: -r requirements.txt

COPY . .
# Development settings, so that the build neither needs nor keeps production's variables.
# Compiled now, because the file system of a running container is read-only.
RUN WALKANDTALK_ENV=development WALKANDTALK_VAR=/tmp/build STATIC_ROOT=/srv/static \
        /srv/venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && rm -r devtools \
    && python -m compileall -q -j 0 /srv/venv /srv/walkandtalk


FROM python:3.12.13-slim-bookworm@sha256:d50fb7611f86d04a3b0471b46d7557818d88983fc3136726336b2a4c657aa30b

LABEL org.opencontainers.image.title="Walk and Talk" \
      org.opencontainers.image.licenses="MIT"

ENV HOME=/tmp \
    PATH=/srv/venv/bin:$PATH \
    PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/srv/static \
    WALKANDTALK_ENV=production

# A running container installs nothing. A new volume takes its owner from this folder.
RUN pip uninstall --quiet --yes --root-user-action=ignore pip \
    && install --directory --owner=10001 --group=10001 --mode=0700 /srv/erasures
COPY --from=build /srv /srv

WORKDIR /srv/walkandtalk
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001

EXPOSE 8000
# docker-compose.yml has the commands and health checks of the other processes.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "-m", "walkandtalk.processes.check_web"]
CMD ["gunicorn", "walkandtalk.wsgi", "--worker-tmp-dir=/dev/shm"]

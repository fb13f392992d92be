FROM python:3.12-slim

ENV PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/srv/static \
    WALKANDTALK_ENV=production

WORKDIR /srv/walkandtalk
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

COPY . .
# Development settings, so that the build neither needs nor keeps production's variables.
RUN WALKANDTALK_ENV=development WALKANDTALK_VAR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build

RUN useradd --system --no-create-home --shell /usr/sbin/nologin walkandtalk \
    && install --directory --owner=walkandtalk /srv/erasures
USER walkandtalk

EXPOSE 8000
# docker-compose.yml has the commands and health checks of the other processes.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "-m", "walkandtalk.check_web"]
CMD ["gunicorn", "walkandtalk.wsgi", "--worker-tmp-dir=/dev/shm"]

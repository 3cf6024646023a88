# The application for a PostgreSQL that runs elsewhere (DATABASE_URL): see compose.yaml.

ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/yanxun
RUN python -m venv /opt/yanxun
ENV PATH=/opt/yanxun/bin:$PATH

# The dependencies change seldom, so they are a layer of their own.
COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

# Installed as in development: the package stays where the migrations are found beside it.
COPY pyproject.toml ./
COPY alembic ./alembic
COPY app ./app
RUN pip install --no-deps --no-build-isolation --editable . \
    && python -m compileall -q app

FROM python:${PYTHON}-slim
RUN groupadd --system --gid 10001 yanxun \
    && useradd --system --uid 10001 --gid yanxun --home-dir /srv/yanxun --shell /usr/sbin/nologin yanxun \
    && install --directory --owner yanxun --group yanxun --mode 0700 /var/lib/yanxun
COPY --from=build /opt/yanxun /opt/yanxun
COPY --from=build /srv/yanxun /srv/yanxun
ENV PATH=/opt/yanxun/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORT=8000 \
    YANXUN_HOST=0.0.0.0 \
    YANXUN_DATA_FOLDER=/var/lib/yanxun
WORKDIR /srv/yanxun
USER 10001:10001
EXPOSE 8000

# Ready means that the database answers and is migrated; urllib raises on any other status.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=4)"]

STOPSIGNAL SIGTERM
ENTRYPOINT ["yanxun"]
CMD ["serve"]

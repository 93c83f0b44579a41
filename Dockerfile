# Not Alpine: some packages have no wheels for musl.
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src

RUN python -m venv /opt/ledger
COPY requirements/ requirements/
RUN /opt/ledger/bin/pip install --require-hashes -r requirements/image.txt

RUN pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY claims/ claims/
COPY ledger/ ledger/
RUN python -m hatchling build --target wheel \
    && /opt/ledger/bin/pip install --no-deps dist/*.whl


FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin ledger \
    && install --directory --owner ledger --group ledger /data
COPY --from=build /opt/ledger /opt/ledger
ENV PATH=/opt/ledger/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LEDGER_HOST=0.0.0.0 \
    LEDGER_PORT=8000 \
    LEDGER_DATA_DIR=/data \
    LEDGER_DATABASE_URL=sqlite:////data/ledger.db
# A number, so that an orchestrator can see that it is not root.
USER 10001
WORKDIR /data
# Everything that must outlive the container: the database, captures and the log's signing key.
VOLUME /data
EXPOSE 8000
# Waits for requests and jobs that are under way.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['LEDGER_PORT']), timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["ledger"]
CMD ["up"]

# Drumbeat in a container: `docker build -t drumbeat .`; the README says how to run it.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

COPY requirements.lock /app/
RUN pip install --require-hashes -r /app/requirements.lock

COPY bot /app/bot
COPY adapters /app/adapters
COPY rituals /app/rituals
COPY migrations /app/migrations

# Names and what people wrote are kept in /data, and only this user reads them.
RUN useradd --system --uid 1000 --home-dir /data --create-home drumbeat && chmod 700 /data
USER drumbeat
WORKDIR /data
VOLUME /data

ENV PYTHONPATH=/app DATABASE_URL=sqlite:////data/drumbeat.db HTTP_HOST=0.0.0.0 HTTP_PORT=8080 LOG_FORMAT=json
EXPOSE 8080
HEALTHCHECK --interval=60s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=5)"]

ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]

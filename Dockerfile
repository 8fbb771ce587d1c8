# The product as an image: built in one stage, run in another that has neither Node nor compilers.
# A test keeps the names in here in step with the settings and commands.

FROM python:3.11-slim AS build
WORKDIR /source
COPY requirements-build.lock requirements.lock ./
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.lock \
 && python -m venv /opt/turnaround \
 && /opt/turnaround/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /opt/build/bin/pip wheel --no-cache-dir --no-build-isolation --no-deps --wheel-dir /wheels . \
 && /opt/turnaround/bin/pip install --no-cache-dir --no-deps --no-index /wheels/*.whl

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin turnaround \
 && install --directory --owner turnaround --mode 0700 /data
COPY --from=build /opt/turnaround /opt/turnaround
ENV PATH=/opt/turnaround/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TURNAROUND_DATA=/data \
    HOST=0.0.0.0 \
    PORT=8000 \
    LOG_FORMAT=json
USER turnaround
WORKDIR /data
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["turnaround"]
CMD ["web"]

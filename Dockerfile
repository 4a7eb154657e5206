# The service as an image: built from source, run by nobody in particular, with nothing else inside.
FROM rust:1-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --features tls

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data kaa \
 && install -d -o kaa -g kaa -m 700 /data
COPY --from=build /build/target/release/kaa /usr/local/bin/kaa
USER kaa
ENV KAA_DATA=/data KAA_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD curl --fail --silent http://127.0.0.1:8080/health/ready || exit 1
STOPSIGNAL SIGTERM
ENTRYPOINT ["kaa"]
CMD ["serve"]

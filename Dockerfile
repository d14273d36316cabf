# Node 26 is the line in Active LTS (since 28 October 2026); 24 and 22 are in maintenance and 20 is out of support.
ARG NODE_IMAGE=node:26-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci --omit=dev
# What is in the image, in CycloneDX. With --omit=dev, npm leaves out what development depends on too.
RUN npm pkg delete devDependencies && npm sbom --sbom-type=application --sbom-format=cyclonedx > sbom.cdx.json

FROM ${NODE_IMAGE}
WORKDIR /app
# A container is reached from outside itself, so it listens on every address. Metrics are served where METRICS_PORT is set.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4001 METRICS_HOST=0.0.0.0
COPY package.json ./
COPY schema ./schema
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=dependencies /app/sbom.cdx.json ./
COPY --from=build /app/dist ./dist
# The image's user "node", as a number: Kubernetes can't tell that a name is not root.
USER 1000
EXPOSE 4001 9464
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# As `npm start`, which README.md explains.
CMD ["node", "--enable-source-maps", "--max-semi-space-size=32", "--no-allocation-site-pretenuring", "dist/main.js"]

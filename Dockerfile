# The program with its page, for the services of docker-compose.yml. It has no
# embedded engine: the services use the ClickHouse server beside them.
FROM node:22-bookworm-slim AS web
WORKDIR /src/api/web
COPY api/web/package.json api/web/package-lock.json api/web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY api/web ./
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/api/web/dist api/web/dist
RUN CGO_ENABLED=0 go build -trimpath -o /outcry ./cmd/outcry

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /outcry /usr/local/bin/outcry
RUN useradd --system --create-home --home-dir /var/lib/outcry outcry
USER outcry
RUN mkdir /var/lib/outcry/data
WORKDIR /var/lib/outcry
ENTRYPOINT ["outcry"]

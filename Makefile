# make run    builds Outcry and replays a simulated outage; dashboard on http://127.0.0.1:8080
# make test   runs all tests
# make help   lists the rest

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build

DATA     ?= data
LISTEN   ?= 127.0.0.1:8080
SPEED    ?= 60
REPLAY   := build/whatsapp-2022-10-25.ndjson
# The engine is loaded at run time, so the program itself needs no C compiler.
GO_BUILD := CGO_ENABLED=0 go build -trimpath

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

.PHONY: build
build: libchdb web ## build bin/outcry with the page in it
	$(GO_BUILD) -o bin/outcry ./cmd/outcry

.PHONY: run
run: build $(REPLAY) ## replay a simulated outage at SPEED (60) times its pace and serve the dashboard
	bin/outcry run --data $(DATA) --listen $(LISTEN) --replay $(REPLAY) --replay-speed $(SPEED) --replay-fast-until 2022-10-25T07:10:00Z

.PHONY: live
live: build ## hear all public posts of Bluesky and serve the dashboard
	bin/outcry run --data $(DATA) --listen $(LISTEN) --live

$(REPLAY): bin/outcry
	@mkdir -p $(@D)
	bin/outcry simulate --out $@.part
	mv $@.part $@

bin/outcry: build

.PHONY: libchdb
libchdb: node_modules/.package-lock.json ## install the embedded ClickHouse engine

node_modules/.package-lock.json: package.json package-lock.json
	@command -v npm >/dev/null || { echo "make: npm is needed to install the embedded ClickHouse engine: install Node.js 20 or newer"; exit 1; }
	npm ci --no-audit --no-fund
	@ls node_modules/@chdb/*/libchdb.so >/dev/null || { echo "make: npm installed no embedded ClickHouse engine for this system: run Outcry with --clickhouse"; exit 1; }
	@touch $@

WEB := $(shell find api/web/src api/web/public api/web/index.html api/web/package.json api/web/package-lock.json api/web/*.ts -type f 2>/dev/null)

.PHONY: web
web: api/web/dist/index.html ## build the page

api/web/dist/index.html: $(WEB)
	cd api/web && npm ci --no-audit --no-fund && npm run build
	@touch $@

.PHONY: test
test: libchdb web ## vet, lint and test everything, with the race detector where a C compiler is at hand
	go vet ./...
	go tool staticcheck ./...
	cd api/web && npm test
	@files=$$(gofmt -l aggregate api/*.go api/chart api/grafana api/search api/web/*.go cmd ingest nlp); test -z "$$files" || { echo "gofmt would change: $$files"; exit 1; }
	@if command -v $${CC:-gcc} >/dev/null; then race=-race; else race=; echo "no C compiler: testing without the race detector"; fi; \
	set -x; go test -vet=off $$race ./... # all of vet has been run above

.PHONY: test-kafka
test-kafka: ## run the queue's tests against a real Apache Kafka; needs JDK 17 and Maven
	@testdata/kafka/start.sh 29092 & kafka=$$!; \
	trap 'kill $$kafka 2>/dev/null || true; wait $$kafka || true' EXIT; trap 'exit 130' INT TERM; \
	until (: <>/dev/tcp/127.0.0.1/29092) 2>/dev/null; do kill -0 $$kafka; sleep 0.5; done; \
	OUTCRY_TEST_KAFKA=127.0.0.1:29092 go test -count=1 -run Conformance ./ingest/bus

.PHONY: test-browser
test-browser: build $(REPLAY) ## try all pages in a real browser; needs Chromium, which CHROMIUM may name; PICTURES=dir keeps screenshots
	node --test --test-reporter=spec --test-timeout=300000 api/web/browser/all.mjs

.PHONY: train
train: ## train the classifier's model from testdata/posts; needed after a change of posts, lexicon or catalogue
	CGO_ENABLED=0 go run ./cmd/outcry train --out nlp/model.bin testdata/posts/*.ndjson

.PHONY: fonts
fonts: ## cut the fonts of PNG charts to the letters needed; needed after a change of texts or names in new letters
	go test -count=1 -run TestEmbedFontsHaveAllLetters ./api -update
	cd api/chart/fonts && npm ci --ignore-scripts --no-audit --no-fund && npm run build

.PHONY: eval
eval: build ## measure the classifier on the posts kept aside, and the detector in simulated worlds
	bin/outcry eval testdata/posts/aside/*.ndjson
	bin/outcry eval-spikes

.PHONY: bench
bench: build ## measure throughput, freshness and memory on this machine
	go test -run '^$$' -bench . -benchmem ./nlp ./ingest/bluesky ./aggregate/... ./api/...
	go run ./cmd/bench --outcry bin/outcry

.PHONY: clean
clean: ## remove what was built; data stays
	rm -rf bin build node_modules api/web/node_modules api/web/dist/* api/chart/fonts/node_modules

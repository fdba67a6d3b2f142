# Everything a newcomer needs; `make help` lists it. Only Python >= 3.11, git and make are expected.
.DEFAULT_GOAL := help
.PHONY: help dev fmt lint test demo bench chaos fuzz screenshots lock clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dev: $(READY) ## Set up .venv with hash-pinned dependencies and the `crosswalk` command

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Crosswalk needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

fmt: dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: dev ## Check style, types and the layers of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: dev ## Run the tests
	$(BIN)/pytest -n auto --dist loadgroup

demo: dev ## Show the main job on an invented company; ARGS=--serve keeps the web page up
	$(BIN)/crosswalk demo $(ARGS)

bench: dev ## Measure: ratios within one run, never tests; ARGS=100000 for a smaller Drive
	$(BIN)/python -m tests.bench $(ARGS)

chaos: dev ## Kill processes at random, many times, and see that every story ends the same; ARGS=200 for more kills
	$(BIN)/python -m tests.chaos $(ARGS)

fuzz: dev ## Feed the readers files that were changed at random; ARGS="pdf docx --minutes 20" for some formats, and longer
	$(BIN)/python -m tests.fuzz $(ARGS)

screenshots: dev ## Renew the pictures of README (needs Chromium)
	$(BIN)/python -m tests.screenshots

LOCKED := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header

lock: ## Renew both locks from pyproject.toml (needs uv): of a developer, and of a server (deploy/)
	$(LOCKED) --all-extras --group dev pyproject.toml -o requirements.lock
	echo hatchling | $(LOCKED) --extra postgres --extra otel --extra llm --constraint requirements.lock \
		pyproject.toml - -o deploy/requirements.lock

clean: ## Remove what the other targets made
	rm -rf .venv var dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

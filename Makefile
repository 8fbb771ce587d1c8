# Turnaround. Nothing is needed but make and Python 3.11 or newer; `make help` lists the targets.

.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-full lock translations clean prepare prepare-dev

# The first Python that is new enough and can make virtual environments; PYTHON=... overrides.
CANDIDATES = python3 python3.14 python3.13 python3.12 python3.11
SUITABLE = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	"$$p" -c '$(SUITABLE)' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
BOOTSTRAP = @python='$(PYTHON)'; python=$${python:-python3}; \
	command -v "$$python" >/dev/null 2>&1 || { \
		echo 'Python 3.11 or newer is needed and was not found; on Debian and Ubuntu:'; \
		echo 'apt install python3 python3-venv'; exit 1; }; \
	exec "$$python" bootstrap.py
BIN = .venv/bin

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

run: prepare ## start the whole product here, with demo accounts, at http://127.0.0.1:8000
	@TURNAROUND_DEMO="$${TURNAROUND_DEMO:-1}" exec $(BIN)/turnaround up

test: prepare-dev ## run the whole suite; what needs an absent program is skipped with its name
	@$(BIN)/python -m pytest $(ARGS)

check: prepare-dev ## format, lint, types, import contracts, migrations = models
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/integration/test_migrations.py

bench: prepare-dev ## measure, a few minutes: a table and benchmarks/results.json
	@$(BIN)/python -m benchmarks

bench-full: prepare-dev ## measure the large cases too
	@$(BIN)/python -m benchmarks --full

lock: ## resolve the dependencies of pyproject.toml anew (needs uv)
	@sh .ci/lock

translations: prepare-dev ## take new texts of pages into the catalogues of every language
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F pyproject.toml -k _l -k N_ --no-location --sort-output \
		--project Turnaround -o build/messages.pot web forms tasks
	@$(BIN)/pybabel -q update -N --no-wrap --ignore-obsolete \
		-i build/messages.pot -d web/translations

clean: ## remove everything built and installed; data (./var) stays
	@rm -rf .venv build dist web/static/dist web/frontend/node_modules tasks/documents/fonts
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/output
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find web -name '*.mo' -delete

prepare:
	$(BOOTSTRAP)

prepare-dev:
	$(BOOTSTRAP) --dev

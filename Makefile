# EarlyBird. `make` alone explains the targets. Needs Python 3.11+ and make, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run demo test browser check screenshots pictures fuzz bench faults clean

help: ## explain the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/run ## everything, until Ctrl-C: servers, web, workers, beat, sandbox (PORT, SANDBOX_PORT)
	@exec $(BIN)/python manage.py run

demo: $(VENV)/run ## cause all ten messages and watch each be read
	@exec $(BIN)/python manage.py demo

test: $(VENV)/dev ## the test suite, on real PostgreSQL and Redis
	@exec $(BIN)/python -m pytest $(ARGS)

browser: $(VENV)/dev ## the desk in a real browser: what staff do, on every page; needs Debian's chromium
	@$(BIN)/python -m browser.chromium
	@exec $(BIN)/python -m pytest browser $(ARGS)

check: $(VENV)/dev ## format, lint, types, migrations, deployment settings, OpenAPI, dependencies
	@exec $(BIN)/python -m earlybird.check

screenshots: $(VENV)/dev ## every page of the desk, at 1440 and 390 px, light and dark, into screenshots/; says what is wrong
	@exec $(BIN)/python -m browser $(ARGS)

pictures: $(VENV)/dev ## the pictures of docs/staff.md, anew
	@exec $(BIN)/python -m browser --guide

fuzz: $(VENV)/dev ## thousands of requests made of the schema, right and wrong ones, against the real server
	@exec $(BIN)/python -m benchmarks.fuzz $(ARGS)

bench: $(VENV)/dev ## the numbers the system is held to, as a table
	@exec $(BIN)/python -m benchmarks $(ARGS)

faults: $(VENV)/dev ## break the running system on purpose, as a table
	@exec $(BIN)/python -m benchmarks.faults $(ARGS)

clean: ## remove the environment and caches; the data in .data stays
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m earlybird.embedded stop || true; fi
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, made anew when Python is another, brought up to date when the requirements changed.
# `make -j run test` builds it once: `dev` comes after `run`. One whose making was killed is made anew: it has a Python,
# and may have no pip.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "EarlyBird needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3.11." >&2; exit 1; }
	@echo "Making the Python environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); virtualenv --quiet --python $(PYTHON) $(VENV) 2>/dev/null; } || { \
	  rm -rf $(VENV); echo "This Python cannot make environments: install its venv module (apt-get install python3-venv), or virtualenv." >&2; exit 1; }
	@touch $(VENV)/whole

$(VENV)/run: requirements.txt | $(BIN)/python
	@[ -e $(VENV)/whole ] || [ -e $@ ] || { rm -rf $(VENV); $(MAKE) --no-print-directory $(BIN)/python; }
	@echo "Installing what EarlyBird runs on …"
	@$(PIP) -r requirements.txt && touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/run
	@echo "Installing what tests and checks need …"
	@$(PIP) -r requirements-dev.txt && touch $@

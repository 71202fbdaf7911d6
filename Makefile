# Every target works from a bare clone: it makes .venv with the pinned packages first, and does nothing when that is up to date.
#
#   make serve     start the built-in lab         make check    format, lint, types, architecture, tests
#   make test      run the tests                  make package  build the wheel and try it in a fresh environment
#   make format    format and fix what ruff can   make lock     pin the newest versions again
#   make examples  run those that need Node.js and Ansible
#   make docs      write what is generated from the code, and check every link, program and command line of the pages
#   make foreign   let other people's SOAP stacks call every operation: zeep, suds, node-soap, PHP, Perl, curl
#   make browser   the console in headless Chromium, with pictures of every page
#   make postgres  servers that share clusters through PostgreSQL
#   make bench     how fast, beside what else could stand in its place; ARGS=--quick for two minutes
#
# Options pass through: make serve ARGS="--port 0", make test ARGS="-k lab". PYTHON=… chooses the interpreter.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help install serve test browser postgres bench check format lint types package examples foreign docs lock

FOLDERS := api clients models wsdl
VENV    := .venv
BIN     := $(VENV)/bin
READY   := $(VENV)/.ready
LINKS   := .build/ucmsim
BROWSER := .build/browser
CHROMIUM ?= /usr/bin/chromium
ARGS    ?=

# The first interpreter that is at least 3.11 and can make a virtual environment.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help:
	@sed -n '/^#/!q; s/^# \{0,3\}//p' Makefile

install: $(READY) $(LINKS)

$(READY): requirements-dev.lock pyproject.toml setup.py
	@if [ -z "$(PYTHON)" ]; then echo "ucmsim needs Python 3.11 or newer (set PYTHON=/path/to/python3.11)" >&2; exit 1; fi
	@[ -x $(BIN)/python ] || { echo "making $(VENV) with $$("$(PYTHON)" --version)"; "$(PYTHON)" -m venv $(VENV); }
	@echo "installing the pinned packages"
	@$(PIP) install -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# An editable install is invisible to type checkers: they read these links instead. They are never packaged.
$(LINKS): Makefile
	@mkdir -p $@
	@for folder in $(FOLDERS); do ln -sfn ../../$$folder $@/$$folder; done
	@touch $@

serve: install
	@exec $(BIN)/ucmsim serve $(ARGS)

# -P keeps the bare folders off sys.path: tests see ucmsim.api, as users do. One process a core; ARGS="-n 0" for a debugger.
test: install
	@$(BIN)/python -P -m pytest -n auto $(ARGS)

# The console in headless Chromium. Screenshots stay in .build/browser/artefacts.
browser: install $(BROWSER)/.ready
	@CHROMIUM="$(CHROMIUM)" $(BIN)/python -P -m pytest tests/browser $(ARGS)

$(BROWSER)/.ready: tests/browser/requirements.txt tests/browser/package-lock.json $(READY)
	@mkdir -p $(BROWSER)
	@echo "installing what the browser stories need"
	@[ -x "$(CHROMIUM)" ] || { [ -x "$$(command -v apt-get)" ] && [ "$$(id -u)" = 0 ] && apt-get update --quiet=2 \
		&& apt-get install --quiet=2 --yes --no-install-recommends chromium fonts-liberation; } \
		|| { echo "Chromium is needed: install it and say where it is with CHROMIUM=/path/to/chromium" >&2; exit 1; }
	@$(PIP) install -r tests/browser/requirements.txt
	@cp tests/browser/package.json tests/browser/package-lock.json $(BROWSER)/
	@npm ci --silent --no-audit --no-fund --prefix $(BROWSER)
	@touch $@

lint: install
	@$(BIN)/ruff format --check --quiet . || { echo "format: run make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .

types: install
	@$(BIN)/mypy

check: lint types test

format: install
	@$(BIN)/ruff check --fix --quiet --exit-zero .
	@$(BIN)/ruff format .
	@$(BIN)/ruff check .

docs: install
	@$(BIN)/python -P tests/traceability.py
	@$(BIN)/python -m tests.api.compatibility.document
	@PYTHONPATH=. $(BIN)/python -P tests/docs/generated.py
	@$(BIN)/python -P -m pytest --quiet tests/docs

# Installs what is missing by name: Debian packages (as root), npm and pip packages below .build.
foreign: install
	@$(BIN)/python -m tests.foreign $(ARGS)

# Servers that share PostgreSQL, which a wheel brings; nothing has to be installed.
postgres: install
	@$(BIN)/python -P -m pytest tests/postgres $(ARGS)

# Installs what it is compared with by name (a Debian package as root, npm packages below .build). ARGS=--quick for two minutes.
bench: install
	@$(BIN)/python -m benchmarks $(ARGS)

examples: install
	@$(BIN)/python -P tests/examples/run_foreign.py

package: install
	@$(BIN)/python tests/packaging/check_wheel.py

lock: $(READY)
	@$(PIP) install uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-header --no-annotate \
		--no-emit-index-url pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-header --no-annotate \
		--no-emit-index-url --group dev --all-extras --constraint requirements.lock pyproject.toml -o requirements-dev.lock

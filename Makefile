# Slipway. `make help` lists what there is.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.8

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench synth up down docs clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.locked: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Slipway needs Python 3.11 or newer; found " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.")'
	@test -x $(BIN)/python || { echo "creating .venv" >&2; $(PYTHON) -m venv .venv; }
	@$(BIN)/python -m uv --version 2>/dev/null | grep -q ' $(UV_VERSION) ' || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@echo "installing the locked packages" >&2
	@$(BIN)/python -m uv sync --quiet --frozen --all-extras --no-extra telemetry --inexact
	@touch $@

setup: .venv/.locked ## Set everything up: .venv, CDK CLI, emulator, sandbox toolchain
	@$(BIN)/python -m local.supervisor.prepare
	@$(BIN)/python -m stacks.packaging host

demo: setup ## Run a ticket to a pull request on this machine
	@$(BIN)/slipway demo $(ARGS)

test: setup ## Run every test
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

check: setup ## The gate: format, lint, types, imports, validators, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m scripts.validation
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

bench: setup ## Measure: a ticket cold and warm by step, the way in, bundle sizes, start-up times
	@$(BIN)/python -m scripts.bench $(ARGS)

synth: setup ## Synthesize every environment in every region, without credentials
	@$(BIN)/python -m scripts.synth

up: setup ## Bring the laptop's cloud up (Ctrl-C stops it)
	@$(BIN)/slipway up $(ARGS)

down: ## Stop the laptop's cloud
	@test -x $(BIN)/slipway || { echo "nothing is set up"; exit 0; }; $(BIN)/slipway down

docs: setup ## Write the generated pages again
	@$(BIN)/python -m scripts.render_docs

clean: down ## Remove what setup and runs made
	rm -rf .venv .slipway node_modules cdk.out

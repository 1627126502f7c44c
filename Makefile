# Everything that a developer types; `make help` lists it. Needs Python 3.11 or newer and `make`.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The first Python that is new enough; `make PYTHON=/path/to/python3` overrides.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV := .venv
IN_VENV := $(VENV)/bin
READY := $(VENV)/ready
# Node comes with a Python package of the environment, unless a new one is on the PATH.
WITH_NODE := env PATH=$(CURDIR)/$(IN_VENV):$(PATH)
NPM := $(WITH_NODE) npm
NODE_READY := node_modules/.package-lock.json

# One row for each check: its name, then the command.
define CHECKS
lint|$(IN_VENV)/ruff check server tests
format|$(IN_VENV)/ruff format --check server tests
types|$(IN_VENV)/mypy
imports|$(IN_VENV)/lint-imports
architecture|$(IN_VENV)/pytest -q tests/architecture
extension-lint|$(NPM) run --silent lint
extension-types|$(NPM) run --silent types
lua-format|$(WITH_NODE) node tests/editors/neovim/stylua.mjs --check
endef
export CHECKS

.PHONY: help setup system engine editors vsix test test-editors check demo bench clean

help: ## List these targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Make the environment for development in .venv.

# The stamp makes the second call free; a changed pyproject.toml makes it again.
$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer is on the PATH. Install one, or say PYTHON=/path/to/python3." >&2; exit 1; }
	@test -x $(IN_VENV)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python cannot make a virtual environment here. On Debian: apt-get install python3-venv." >&2; exit 1; }
	$(IN_VENV)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(IN_VENV)/python -m pip install --quiet --editable . --group dev
	@touch $@

# What a minimal Debian lacks: the system library that vLLM's CPU build needs, and the sandbox for programs that a model
# wrote. Elsewhere `engine install` and `eval` say their names.
system:
	@if command -v apt-get >/dev/null; then \
		missing=; \
		ldconfig -p | grep -q 'libnuma\.so\.1' || missing=libnuma1; \
		command -v bwrap >/dev/null || missing="$$missing bubblewrap"; \
		as_root=; [ "$$(id -u)" = 0 ] || as_root='sudo -n'; \
		if [ -n "$$missing" ]; then \
			$$as_root apt-get -qq update && $$as_root apt-get -qq install -y $$missing >/dev/null || true; \
		fi; \
	fi

engine: setup system ## Install vLLM into an environment of its own, unless it is there.
	$(IN_VENV)/understudy engine install

editors: setup ## Get the editors that the tests drive: into .editors, Chromium with apt; not those on the PATH.
	@$(IN_VENV)/python tests/editors/install.py

# No package's script is run: none of them is needed for the build.
$(NODE_READY): package-lock.json $(READY)
	@$(IN_VENV)/python tests/editors/install.py node npm
	$(NPM) ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

vsix: setup $(NODE_READY) ## Package the VS Code extension, with the server inside, into dist/.
	@rm -rf extension/dist dist/*.vsix && mkdir -p dist
	@$(IN_VENV)/python -m hatchling build --target wheel --directory extension/dist
	@$(NPM) run --silent build
	@$(NPM) run --silent package

test: setup engine editors $(NODE_READY) ## Set everything up and run all tests, those against the real vLLM and in real editors too.
	$(IN_VENV)/pytest

test-editors: setup editors ## Run the tests in real editors alone.
	$(IN_VENV)/pytest tests/editors

check: setup $(NODE_READY) ## Lint, format, types, imports and architecture: all of them, even if one fails.
	@failed=; while IFS='|' read -r name command; do \
		echo "== $$name: $$command"; $$command || failed="$$failed $$name"; \
	done <<< "$$CHECKS"; \
	if [ -n "$$failed" ]; then echo "Failed:$$failed" >&2; exit 1; fi; echo "All checks passed."

demo: setup engine ## Show the main job: a real engine, a real conversation, typed key by key.
	$(IN_VENV)/understudy demo

bench: setup engine $(NODE_READY) ## Print the figures: latency, context beside others, tokens re-computed; parts with `python -m bench NAME` in tests.
	cd tests && $(WITH_NODE) ../$(IN_VENV)/python -m bench

clean: ## Remove what these targets made in this folder.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .editors dist extension/dist node_modules

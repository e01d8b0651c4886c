# `make demo` and `make test` are all the set-up there is. They need Python 3.11, 3.12 or 3.13 with venv, and a way to
# PyPI. All that they fetch or remember stays in this folder, under .venv and .cache.

PYTHON ?= python3
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
CACHE := $(CURDIR)/.cache

export PIP_CACHE_DIR := $(CACHE)/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_CACHE_DIR := $(CACHE)/uv
export UV_NO_PROGRESS := 1
export UV_PYTHON_DOWNLOADS := never
# pip trusts the system's certificates, so uv does too.
export UV_SYSTEM_CERTS := 1
export XDG_CACHE_HOME := $(CACHE)/xdg

# pip knows how this machine reaches PyPI, so uv is told what pip is told. Where that is not enough (a proxy with a
# password of its own, a folder of wheels), pip does the same job from the same hashes, only slower.
define install
	@mkdir -p "$(CACHE)/tmp"
	@export TMPDIR="$(CACHE)/tmp"; \
	index=$$($(PY) -m pip config list | sed -nE "s/^(:env:|global|install)\.index-url='(.*)'/\2/p" | head -n 1); \
	UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$$index}" $(UV) pip install --quiet --python $(PY) --require-hashes -r $< || { \
		echo 'Drumbeat: uv could not, so pip tries the same (this may take a minute)'; \
		$(PY) -m pip install -qq --require-hashes -r $<; }
	@touch $@
endef

.DEFAULT_GOAL := help
.PHONY: help demo install test check fix bench lock clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile
	@echo '  With another Python: make demo PYTHON=python3.12. Chosen tests: make test ARGS="-k retro".'

demo: $(VENV)/.runtime ## play with Drumbeat in the browser: no account, no token
	@echo 'Drumbeat: starting the playground'
	@exec $(PY) -m bot play $(ARGS)

install: $(VENV)/.runtime ## install what Drumbeat runs on, and start nothing

# One more than there are cores: some tests wait for the deadlines of platforms, and others use the time.
WORKERS = $$($(PY) -c 'import os; print((os.cpu_count() or 1) + 1)')

# Tests are handed out by twos, because the longest come first and should not all fall to one worker.
# A run of chosen tests cannot reach every line, so only the whole suite is held to its coverage.
test: $(VENV)/.test ## run all tests, on SQLite and PostgreSQL
	@echo 'Drumbeat: running the tests'
	@mkdir -p "$(CACHE)/tmp" "$(CACHE)/coverage"
	@PYTEST_DEBUG_TEMPROOT="$(CACHE)/tmp" XDG_CONFIG_HOME="$(CACHE)/xdg" XDG_DATA_HOME="$(CACHE)/xdg" \
		$(PY) -m pytest -n $(WORKERS) --maxschedchunk 2 $(if $(ARGS),--no-cov $(ARGS),--cov)

check: $(VENV)/.test ## check format, lint, types and who imports whom
	@echo 'Drumbeat: checking format, lint, types and imports'
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) $(VENV)/bin/lint-imports --no-logo --cache-dir "$(CACHE)/import-linter"

fix: $(VENV)/.test ## mend what formatter and linter can mend by themselves
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: $(VENV)/.test ## measure
	@mkdir -p "$(CACHE)/tmp"
	@PYTEST_DEBUG_TEMPROOT="$(CACHE)/tmp" $(PY) -m pytest -m bench -s --timeout 0 $(ARGS)

LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url $(ARGS)

# The tests' lock comes first and binds the other, so that what is tested is what runs. A lock that comes out the same
# keeps its time, or .venv would be made anew.
lock: $(VENV)/.bootstrap ## renew the locks after a change of pyproject.toml; newest versions: ARGS=--upgrade
	@echo 'Drumbeat: renewing the locks'
	@mkdir -p "$(CACHE)/tmp" && cp -p requirements*.lock "$(CACHE)/tmp"/
	@echo uv | $(LOCK) - -o requirements-bootstrap.lock
	@$(LOCK) pyproject.toml --group test --group check -o requirements-test.lock
	@$(LOCK) pyproject.toml -c requirements-test.lock -o requirements.lock
	@for lock in requirements*.lock; do cmp -s $$lock "$(CACHE)/tmp"/$$lock && touch -r "$(CACHE)/tmp"/$$lock $$lock; done; true

clean: ## remove .venv and .cache
	@rm -rf $(VENV) .cache

$(VENV)/.bootstrap: requirements-bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { \
		echo 'Drumbeat needs Python 3.11, 3.12 or 3.13, which $(PYTHON) is not: install one and name it, such as' \
			'make $(firstword $(MAKECMDGOALS)) PYTHON=python3.12' >&2; exit 1; }
	@echo "Drumbeat: making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@echo 'Drumbeat: fetching uv, which fetches the rest'
	@mkdir -p "$(CACHE)/tmp"
	@TMPDIR="$(CACHE)/tmp" $(PY) -m pip install -qq --require-hashes -r $<
	@touch $@

$(VENV)/.runtime: requirements.lock $(VENV)/.bootstrap
	@echo 'Drumbeat: fetching the libraries it runs on'
	$(install)

$(VENV)/.test: requirements-test.lock $(VENV)/.bootstrap
	@echo 'Drumbeat: fetching the libraries, and the tools that test and check it'
	$(install)

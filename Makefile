# make run | dev | test | check | bench | studies | bench-tools | pretrained | help
PYTHON ?= python3
PORT ?= 8501
DATA ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check
SERVE := PYTHONPATH=. exec $(BIN)/streamlit run app.py --server.port $(PORT)
BENCHMARKS := bernoulli divergences causality gan player interface load
STUDIES := gan_cases pacgan

.DEFAULT_GOAL := help
.PHONY: help run dev test check bench studies bench-tools pretrained
.SUFFIXES:

help:
	@echo 'make run          set up .venv and serve the playground at http://localhost:$(PORT) (other port: PORT=8600)'
	@echo 'make dev          the same, and reload when a file changes; for one visitor'
	@echo 'make test         the whole test suite; browser tests need Chromium'
	@echo 'make check        ruff, ruff format, pyright'
	@echo 'make bench        every benchmark, printed'
	@echo 'make studies      the slow measurements that pages and the README quote; some twenty minutes'
	@echo 'make bench-tools  the libraries that some tests and benchmarks compare with'
	@echo 'make pretrained   remake all shipped weights (data elsewhere: DATA=folder)'

run: .venv/run.stamp
	@$(SERVE)

dev: .venv/run.stamp
	@$(SERVE) --server.fileWatcherType auto

test: .venv/dev.stamp
	@$(BIN)/python -m pytest

check: .venv/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright

bench: .venv/dev.stamp
	@for name in $(BENCHMARKS); do echo "== benchmarks.$$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

studies: .venv/dev.stamp
	@for name in $(STUDIES); do echo "== benchmarks.$$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

bench-tools: .venv/dev.stamp requirements-bench.txt
	@$(PIP) -r requirements-bench.txt -c constraints.txt

pretrained: .venv/run.stamp
	@$(BIN)/python -m playground.pretrain all $(if $(DATA),--data "$(DATA)")

.venv/dev.stamp: .venv/run.stamp requirements-dev.txt
	@echo 'Installing the test tools.'
	@$(PIP) -r requirements-dev.txt -c constraints.txt
	@touch $@

.venv/run.stamp: requirements.txt constraints.txt | .venv/bin/python
	@echo 'Installing the requirements; the first time takes about a minute.'
	@$(PIP) -r requirements.txt -c constraints.txt
	@touch $@

# everything that can be missing is asked for before the first file is written
.venv/bin/python:
	@command -v '$(PYTHON)' >/dev/null || \
	  { echo "There is no $(PYTHON). Install Python 3.11 or newer, or name one: make run PYTHON=python3.12" >&2; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, $(PYTHON) is $$('$(PYTHON)' -V 2>&1). Name another: make run PYTHON=python3.12" >&2; exit 1; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@'$(PYTHON)' -m venv --clear .venv || { rm -rf .venv; exit 1; }

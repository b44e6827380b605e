# Everything a newcomer types. `make help` lists it; each command sets up first what it needs.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
VENV := .venv/bin/python
LOCAL := $(VENV) -m deploy.local
TESTS ?= tests
JOBS ?= 2

.PHONY: help setup setup-test setup-servers setup-all setup-bench servers up down run status mails demo test check shots bench lock reset

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make .venv from the lock files (every command does it by itself)
	@$(PYTHON) -m deploy.local.setup

setup-test:
	@$(PYTHON) -m deploy.local.setup test

setup-servers:
	@$(PYTHON) -m deploy.local.setup servers

setup-all:
	@$(PYTHON) -m deploy.local.setup test servers browser

setup-bench:
	@$(PYTHON) -m deploy.local.setup bench servers

servers: setup-servers ## start PostgreSQL, RabbitMQ, the S3 server and the mail catcher only
	@$(LOCAL) servers

up: setup-servers ## start the servers and the four services in the background, return when ready
	@$(LOCAL) up

run: setup-servers ## like up, in the foreground with readable logs; Ctrl-C stops
	@$(LOCAL) run

status: setup ## say what runs, and where
	@$(LOCAL) status

mails: setup ## show the last mails that were kept instead of sent, or the last N: make mails N=20
	@$(LOCAL) mails $(N)

down: setup ## stop everything that up started
	@$(LOCAL) down

demo: setup-servers ## send sample reports for Gentilly, show what became of each, stop what did not run before
	@after=down; $(LOCAL) status >/dev/null && after=status; \
	  $(LOCAL) up && $(VENV) -m deploy.local.demo; code=$$?; $(LOCAL) $$after; exit $$code

test: setup-all ## every test, against real servers and in a real browser
	@$(LOCAL) servers --browser
	@$(VENV) -m pytest -n $(JOBS) --dist loadscope $(TESTS)

check: setup-test ## format, lint, types, import contracts, unit tests
	@$(VENV) -m ruff format --check --output-format concise .
	@$(VENV) -m ruff check --output-format concise .
	@$(VENV) -m mypy
	@.venv/bin/lint-imports
	@$(VENV) -m pytest -q -n $(JOBS) tests/unit tests/contract

shots: setup-all ## pictures of every page and mail, in .local/shots
	@$(LOCAL) servers --browser
	@$(VENV) -m tests.browser.shots

bench: setup-bench ## compare with Celery, FastStream and plain nameko; BENCH=--help says what else it measures
	@$(LOCAL) servers
	@$(VENV) -m tests.load.bench $(BENCH)

lock: setup ## resolve the dependencies of pyproject.toml into the lock files
	@$(VENV) -m deploy.local.lock

reset: setup ## stop everything and delete its data
	@$(LOCAL) reset

# Two commands: `make run` and `make test`. Needs Python 3.11 or newer with venv; tools/bootstrap.py does the rest.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# The newest Python that can make a virtual environment; else any, for bootstrap.py to say what is missing.
PYTHON ?= $(shell for python in .venv/bin/python python3.14 python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && exit; \
	done; for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$python -c '' 2>/dev/null && echo $$python && exit; done; echo python3)
BOOTSTRAP = @$(PYTHON) -I tools/bootstrap.py

.PHONY: help run test gen lint check migrate bench bench-check soak audit lock setup clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r target text; do \
		printf '  make %-11s %s\n' "$$target" "$$text"; done

run: ## the whole messenger on this machine: set up, generate, migrate, start (ENGINE=grpcio, TOPOLOGY=services)
	$(BOOTSTRAP) run

test: ## every test, lint and check
	$(BOOTSTRAP) test

gen: ## generate code from contracts/, and add what handlers/ lacks
	$(BOOTSTRAP) gen

lint: ## style, types and import walls
	$(BOOTSTRAP) lint

check: ## what is wrong with the contracts, main's clients in mind; generated/ is up to date
	$(BOOTSTRAP) check

migrate: ## apply handlers/*/migrations without starting the services
	$(BOOTSTRAP) migrate

bench: ## measure against other servers
	$(BOOTSTRAP) bench

bench-check: ## measure `protolith check` on 1,000 contracts
	$(BOOTSTRAP) bench-check

soak: ## ten minutes of load with cancellations: does memory grow?
	$(BOOTSTRAP) soak

audit: ## known vulnerabilities of the locked Python packages (asks PyPI's advisories)
	$(BOOTSTRAP) audit

lock: ## resolve requirements.in into requirements.lock
	$(BOOTSTRAP) lock

setup: ## only .venv and .tools, for an editor
	$(BOOTSTRAP) setup

clean: ## remove data, built tools and caches
	$(BOOTSTRAP) clean

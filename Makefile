# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# What an install depends on: the compiled reader is built by it.
BUILT_FROM := pyproject.toml constraints.txt hatch_build.py \
	$(wildcard wuxing_nlp/*/*.pyx) $(wildcard wuxing_nlp/*/*.pxd) $(wildcard wuxing_nlp/*/native/*.hpp)

.PHONY: demo test lint fmt train evaluate bench bench-accept load fuzz mutants lock clean

demo: $(VENV)/.installed  ## tag the sample documents with the shipped model
	$(BIN)/wuxing classify corpus/samples --out out/demo --restart

test: $(VENV)/.installed-dev  ## run every test, or those of TEST
	$(BIN)/python -m pytest $(TEST)

lint: $(VENV)/.installed-dev  ## formatting, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fmt: $(VENV)/.installed-dev  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

train: $(VENV)/.installed  ## train the shipped bundle from the fetched corpus
	$(BIN)/wuxing train $(TRAIN)

evaluate: $(VENV)/.installed  ## measure the recipe by cross-validation
	$(BIN)/wuxing evaluate $(TRAIN)

bench: $(VENV)/.installed-bench  ## measure speed and memory; fail where a committed ratio was lost
	$(BIN)/python -m benchmarks $(BENCH)

bench-accept: $(VENV)/.installed-bench  ## measure, and commit the ratios that are found
	$(BIN)/python -m benchmarks --accept $(BENCH)

load: $(VENV)/.installed-dev  ## minutes of mixed work for a server on this machine
	$(BIN)/python -m benchmarks.load $(LOAD)

fuzz: $(VENV)/.installed-dev  ## broken files for every reader, some time for each
	$(BIN)/python -m tests.attacks.fuzz $(FUZZ)

mutants: $(VENV)/.installed-dev  ## what share of small faults in the code the tests see
	$(INSTALL) mutmut==3.8.1
	$(BIN)/python -m benchmarks.mutants $(MUTANTS)

lock:  ## write constraints.txt anew from the newest releases that pyproject.toml admits
	rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt
	touch $(VENV)/.installed $(VENV)/.installed-dev

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BUILT_FROM) | $(VENV)/bin/python
	$(INSTALL) -e '.[documents,parquet]'
	touch $@

$(VENV)/.installed-dev: $(BUILT_FROM) | $(VENV)/bin/python
	$(INSTALL) -e '.[dev]'
	touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: $(BUILT_FROM) | $(VENV)/bin/python
	$(INSTALL) -e '.[bench]'
	touch $@ $(VENV)/.installed

clean:  ## remove everything that make made
	rm -rf $(VENV) out build dist mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: demo test unit lint bench kill up down

# The two commands of a new user. DATA=folder plays real recordings instead of the storm day.
demo:
	@infra/run/bootstrap.sh core && .venv/bin/phusa demo $(if $(DATA),--data $(DATA))
# Two processes each, a file to one of them, in the order of tests/conftest.py: half of the time is waiting for servers.
SHARED = -n 2 --dist loadfile --no-loadscope-reorder
test: lint
	@.venv/bin/python -m pytest $(SHARED) --cov --cov-report= -m "not integration"
	@.venv/bin/python -m tests.branches
	@.venv/bin/python -m pytest $(SHARED) -m integration

lint:
	@infra/run/bootstrap.sh dev && .venv/bin/ruff format -q --check . && .venv/bin/ruff check -q --no-cache . && .venv/bin/mypy
unit: lint
	@.venv/bin/python -m pytest $(SHARED) -m "not integration"
bench:
	@infra/run/bootstrap.sh core && .venv/bin/phusa bench
kill:
	@infra/run/bootstrap.sh core && .venv/bin/phusa kill
up down:
	@infra/run/bootstrap.sh core && .venv/bin/phusa $@

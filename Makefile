.PHONY: demo test bench kill up down
demo:
	@infra/bootstrap.sh core && .venv/bin/phusa demo $(if $(DATA),--data $(DATA))
test:
	@infra/bootstrap.sh dev && .venv/bin/python -m pytest

"""Production: command line, stack, processes, supervision, migrations, contracts. Never imports rehearsal/ or lab/."""

"""The stack: up, down, supervised.

from infra.run import stack
stack.up(settings)      # servers, topics, schema, our processes
stack.state(settings)   # one line a program
stack.down(settings)    # nothing is left running
"""

from infra.run.stack.lifecycle import down, state, up
from infra.run.stack.voice import StackError

__all__ = ["StackError", "down", "state", "up"]

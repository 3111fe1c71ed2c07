"""The stack: up, down, supervised.

from infra import stack
stack.up(settings)      # servers, topics, schema, our processes
stack.state(settings)   # one line a program
stack.down(settings)    # nothing is left running
"""

from infra.stack.lifecycle import down, state, up
from infra.stack.voice import StackError

__all__ = ["StackError", "down", "state", "up"]

"""Caged fish: the commune's levels as it printed them, what they leave open, and oxygen before dawn."""

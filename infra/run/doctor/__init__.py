"""`phusa doctor`: what a person would look at before calling somebody, each as one line with the next step.

judge.py, people.py   pure: a fact in, a line out
machine.py            ports, disk, clock, versions, secrets of this machine
canary.py             the canary, and the other way to the administrator
services.py           broker, database, gateways, cameras, ages, restarts
"""

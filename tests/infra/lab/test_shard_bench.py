"""The lines about two processes are reckoned from the runs, whatever the machine did to the rate."""

from __future__ import annotations

import os

import pytest

from infra.lab.bench.shards import Load, Run, cpu_s, results


def run(rate: float, flow_s: float, busiest_s: float) -> Run:
    return Run(rate, flow_s, busiest_s, {"Kafka": 2.0}, 200.0, 0.0)


def test_the_rate_of_two_is_held_against_one_and_the_costs_are_told_beside_it() -> None:
    load = Load("telemetry", [], 1_000_000, {"Kafka": 1})
    found = {1: [run(100.0, 10.0, 10.0)] * 3, 2: [run(180.0, 10.5, 5.5)] * 3}

    lines = {result.name: result for result in results(load, found, held=61.26)}

    first = next(iter(lines.values()))
    assert (first.value, first.baseline, first.ratio, first.reached, first.runs) == (180, 100, 1.8, True, 3)
    by_end = {name.partition(": ")[2]: line.value for name, line in lines.items()}
    assert by_end["CPU một bản ghi, một / hai (a record's CPU, one / two)"] == pytest.approx(0.952)
    assert by_end["mỗi tiến trình một nhân riêng (each a core of its own)"] == pytest.approx(1.818)
    assert by_end["CPU của luồng (the flow's)"] == 10.0
    assert by_end["CPU Kafka"] == 2.0
    assert by_end["một bản ghi trong Kafka (a record in Kafka)"] == 61.26


def test_less_than_the_target_is_not_reached() -> None:
    load = Load("cameras", [], 1000, {})
    found = {1: [run(100.0, 10.0, 10.0)], 2: [run(160.0, 10.0, 5.0)]}
    assert not results(load, found)[0].reached


def test_the_seconds_of_a_process_grow_with_what_it_does() -> None:
    before = cpu_s(os.getpid())
    while cpu_s(os.getpid()) == before:
        sum(range(10_000))
    assert cpu_s(os.getpid()) > before

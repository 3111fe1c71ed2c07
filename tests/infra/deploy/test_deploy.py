"""What is deployed elsewhere agrees with the table of processes, with the settings and with compose."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors import readiness
from connectors.settings import ROOT, Settings
from infra.run.processes import PROCESSES, SHARED, TABLE, program_name
from infra.run.stack import compose, mosquitto
from infra.run.stack.supervisor import END_S
from models.envelope.ownership import everyone

DEPLOY = ROOT / "infra" / "deploy"
K8S, SYSTEMD = DEPLOY / "k8s", DEPLOY / "systemd"
PATCH, MOVE, LIST = "ours.yaml", "reshard.yaml", "kustomization.yaml"
NOT_HERE = {"gateway"}
"""Beside real gateways the simulated one would claim to have delivered."""
PLACED = re.compile(r"^[a-z0-9][a-z0-9_./-]*:[A-Za-z0-9_.-]+$")
"""An image with its version."""


def documents(path: Path) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(path.read_text(encoding="utf-8")) if one]


def everything() -> list[dict[str, Any]]:
    """All that kustomize is given, without its patch."""
    (listed,) = documents(K8S / LIST)
    return [document for name in listed["resources"] for document in documents(K8S / name)]


def workloads() -> dict[str, dict[str, Any]]:
    """What runs pods, by name."""
    kinds = ("Deployment", "StatefulSet", "Job")
    return {one["metadata"]["name"]: one for one in everything() if one["kind"] in kinds}


def pod(workload: dict[str, Any]) -> dict[str, Any]:
    """The pod of a workload, with the common patch where its label asks for it."""
    found: dict[str, Any] = workload["spec"]["template"]["spec"]
    if workload["metadata"].get("labels", {}).get("phusa/process") != "true":
        return found
    (patch,) = documents(K8S / PATCH)
    common = patch["spec"]["template"]["spec"]
    (ours,) = common["containers"]
    (own,) = [one for one in found["containers"] if one["name"] == ours["name"]]
    mounts = {one["mountPath"]: one for one in [*ours["volumeMounts"], *own.get("volumeMounts", [])]}
    made = ours | own | {"volumeMounts": list(mounts.values())}
    volumes = {one["name"]: one for one in [*common["volumes"], *found.get("volumes", [])]}
    return common | found | {"containers": [made], "volumes": list(volumes.values())}


def settings_of(name: str) -> dict[str, str]:
    """A ConfigMap's content."""
    (found,) = [
        one["data"] for one in everything() if one["kind"] == "ConfigMap" and one["metadata"]["name"] == name
    ]
    return dict(found)


def containers() -> list[tuple[str, dict[str, Any]]]:
    """All of all pods, by workload; those that only prepare are left out."""
    return [(name, each) for name, workload in workloads().items() for each in pod(workload)["containers"]]


def commands() -> dict[str, tuple[str, dict[str, Any]]]:
    """Which container runs which process of ours: name -> (workload, container)."""
    found = {}
    for workload, one in containers():
        told = re.search(r"phusa run ([a-z]+)", " ".join(one.get("command", [])))
        if told:
            assert told[1] not in found
            found[told[1]] = workload, one
    return found


def test_every_file_is_listed_and_every_object_has_a_name_of_its_own() -> None:
    (listed,) = documents(K8S / LIST)
    files = {path.name for path in K8S.glob("*.yaml")}
    assert set(listed["resources"]) | {PATCH, MOVE, LIST} == files
    assert [one["path"] for one in listed["patches"]] == [PATCH]
    names = [(one["kind"], one["metadata"]["name"]) for one in everything()]
    assert len(set(names)) == len(names)
    # kustomize takes no anchors across what it merges.
    assert not any(re.search(r"<<:|[:-] [&*][a-z]", path.read_text()) for path in K8S.glob("*.yaml"))


def test_every_process_of_the_table_runs_in_exactly_one_place_but_the_simulated_gateway() -> None:
    assert commands().keys() | NOT_HERE == set(PROCESSES)


def test_a_shared_flow_has_as_many_pods_as_the_setting_says_and_each_knows_its_place() -> None:
    told = settings_of("phusa-settings")
    own = Settings(**{name.removeprefix("PHUSA_").lower(): value for name, value in told.items()})
    for name in SHARED:
        workload = workloads()[name]
        assert workload["kind"] == "StatefulSet"
        assert workload["spec"]["replicas"] == own.shards(name)
        script = pod(workload)["containers"][0]["command"][2].replace("exec phusa", "echo phusa")
        for i, owner in enumerate(everyone(own.shards(name))):
            done = subprocess.run(
                ["sh", "-c", script], env=os.environ | told | {"HOSTNAME": f"{name}-{i}"},
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            assert done.stdout.split() == ["phusa", "run", name, "--shard", str(owner)]
    assert all(
        workload["spec"].get("replicas", 1) == 1
        for name, workload in workloads().items()
        if name not in SHARED and name != "kafka"
    )


def test_every_setting_is_one_that_there_is() -> None:
    known = {f"PHUSA_{name.upper()}" for name in Settings.model_fields}
    told = [set(settings_of("phusa-settings"))]
    told += [
        {each["name"] for each in one.get("env", []) if each["name"].startswith("PHUSA_")}
        for workload, one in containers()
        if workload != "grafana"
    ]
    assert set().union(*told) <= known


def test_what_compose_tells_kafka_and_grafana_is_told_here_too_but_for_what_is_meant_otherwise() -> None:
    services = yaml.safe_load(compose.FILE.read_text(encoding="utf-8"))["services"]
    kafka, otherwise = (
        settings_of("kafka-settings"),
        re.compile("NODE_ID|VOTERS|LISTENERS|PROTOCOL_MAP|REPLICATION_FACTOR|MIN_ISR"),
    )
    for name, value in services["kafka"]["environment"].items():
        if not otherwise.search(name):
            assert kafka[name] == str(value), name
    (grafana,) = [one for workload, one in containers() if workload == "grafana"]
    told = {one["name"]: one.get("value") for one in grafana["env"]}
    for name, value in services["grafana"]["environment"].items():
        if name.startswith("GF_") and "PATH" not in name:
            assert told[name] == str(value), name
    images = {service["image"] for service in services.values() if not service.get("profiles")}
    assert images <= {one["image"] for _, one in containers()}


def test_mosquitto_is_told_what_the_others_are_told() -> None:
    def lines(text: str) -> set[str]:
        return {line for line in text.splitlines() if line and not line.startswith("#")}

    shared = mosquitto.TEMPLATE.read_text(encoding="utf-8")
    assert lines(shared) <= lines(settings_of("mosquitto")["mosquitto.conf"])


def test_images_have_a_version_and_name_no_host() -> None:
    found = {one["image"] for _, one in containers()} - {"phusa"}
    found |= {each["image"] for document in documents(K8S / MOVE) if document["kind"] == "Job"
              for each in document["spec"]["template"]["spec"]["containers"]}  # fmt: skip
    for image in found:
        assert PLACED.match(image), image
        assert "." not in image.partition("/")[0] or "/" not in image, image
    # No address of the world outside stands in these files, hence none of a registry of packages.
    for path in DEPLOY.rglob("*"):
        if path.suffix in (".yaml", ".service", ".timer"):
            hosts = re.findall(r"https?://([^/\s:]+)", path.read_text(encoding="utf-8"))
            assert set(hosts) <= {"127.0.0.1"}, path


def test_brokers_are_three_which_may_lose_one_without_losing_a_record() -> None:
    kafka, own = settings_of("kafka-settings"), settings_of("phusa-settings")
    assert workloads()["kafka"]["spec"]["replicas"] == 3
    assert [one.partition("@")[0] for one in kafka["KAFKA_CONTROLLER_QUORUM_VOTERS"].split(",")] == [
        "0",
        "1",
        "2",
    ]
    assert own["PHUSA_KAFKA"].split(",") == [f"kafka-{i}.kafka:9092" for i in range(3)]
    assert own["PHUSA_REPLICAS"] == kafka["KAFKA_DEFAULT_REPLICATION_FACTOR"] == "3"
    assert kafka["KAFKA_MIN_INSYNC_REPLICAS"] == "2"


def test_services_and_settings_name_what_is_there_and_its_port() -> None:
    ports = {
        name: {each["containerPort"] for one in pod(workload)["containers"] for each in one.get("ports", [])}
        for name, workload in workloads().items()
    }
    for one in everything():
        if one["kind"] == "Service":
            chosen = one["spec"]["selector"]["app"]
            assert {each["port"] for each in one["spec"].get("ports", [])} <= ports[chosen], one["metadata"]
    services = {one["metadata"]["name"] for one in everything() if one["kind"] == "Service"}
    own = settings_of("phusa-settings")
    host, _, port = own["PHUSA_MQTT"].partition(":")
    assert host in services
    assert int(port) in ports[host]
    assert {"timescaledb", "timescaledb-read"} <= services
    assert all(
        workload["spec"]["serviceName"] in services
        for workload in workloads().values()
        if workload["kind"] == "StatefulSet"
    )


def test_the_proxy_leads_to_the_port_of_each_process_that_answers_in_http() -> None:
    own = Settings(port_base=int(settings_of("phusa-settings")["PHUSA_PORT_BASE"]))
    (service,) = [
        one for one in everything() if one["kind"] == "Service" and one["metadata"]["name"] == "web"
    ]
    outside = {one["name"]: one["port"] for one in service["spec"]["ports"]}
    rules = dict(
        re.findall(
            r"listen (\d+) ssl; location / { proxy_pass http://127.0.0.1:(\d+);",
            settings_of("web-proxy")["default.conf"],
        )
    )
    wanted = {name: one.listens_on(own) for name, one in TABLE.items() if one.port and name not in NOT_HERE}
    assert {name: int(rules[str(port)]) for name, port in outside.items()} == wanted
    for name, port in wanted.items():
        assert f"/dev/tcp/127.0.0.1/{port}" in commands()[name][1]["livenessProbe"]["exec"]["command"][2]


def test_every_container_that_stays_has_probes_and_bounds() -> None:
    for workload, one in containers():
        if workload != "prepare":
            assert one.keys() >= {"readinessProbe", "livenessProbe"}, (workload, one["name"])
        assert one["resources"]["limits"].keys() == {"memory"}, "a processor is shared, memory is not"
        assert one["resources"]["requests"].keys() == {"cpu", "memory"}


def test_the_probe_of_readiness_reads_what_a_process_writes(tmp_path: Path) -> None:
    probes = {" ".join(one["readinessProbe"]["exec"]["command"][2:]) for _, one in commands().values()}
    for name in PROCESSES:
        path = tmp_path / "run" / f"{name}.ready"
        readiness.begin(path, ["kafka"])
        for probe in (probe for probe in probes if "*" in probe or f"/{name}.ready" in probe):
            command = ["sh", "-c", probe.replace("/var/lib/phusa", str(tmp_path))]
            assert subprocess.run(command, check=False).returncode == 1
            readiness.tell("kafka")
            assert subprocess.run(command, check=False).returncode == 0
            readiness.lack("kafka")
        path.unlink()


def test_flows_keep_what_they_remember_on_disks_and_a_hanging_one_is_seen(tmp_path: Path) -> None:
    flows = [
        name
        for name, (_, one) in commands().items()
        if TABLE[name].needs[0] == "partitions" and not TABLE[name].port
    ]
    assert sorted(flows) == sorted([*SHARED, "alerts", "places"])
    for name in flows:
        workload = workloads()[name]
        (claim,) = workload["spec"]["volumeClaimTemplates"]
        mounts = {one["name"]: one["mountPath"] for one in commands()[name][1]["volumeMounts"]}
        assert mounts[claim["metadata"]["name"]] == "/var/lib/phusa/state"
        probe = commands()[name][1]["livenessProbe"]["exec"]["command"][2].replace(
            "/var/lib/phusa", str(tmp_path)
        )
        store = tmp_path / "state" / name / "part-0.sqlite3-wal"
        store.parent.mkdir(parents=True)
        store.write_bytes(b"x")
        assert subprocess.run(["sh", "-c", probe], check=False).returncode == 0
        os.utime(store, (0, 0))
        assert subprocess.run(["sh", "-c", probe], check=False).returncode == 1
        store.unlink()


def test_every_folder_that_is_mounted_is_there() -> None:
    for name, workload in workloads().items():
        claims = {one["metadata"]["name"] for one in workload["spec"].get("volumeClaimTemplates", [])}
        found = pod(workload)
        volumes = claims | {one["name"] for one in found.get("volumes", [])}
        for one in [*found["containers"], *found.get("initContainers", [])]:
            assert {each["name"] for each in one.get("volumeMounts", [])} <= volumes, name


def test_secrets_are_named_and_never_told() -> None:
    assert not [one for one in everything() if one["kind"] == "Secret"]
    for _, one in containers():
        for each in one.get("env", []):
            if re.search("PASSWORD|TOKEN|SECRET$", each["name"]) and not each["name"].endswith("_FILE"):
                assert "secretKeyRef" in each["valueFrom"], each["name"]


def test_cameras_go_to_nodes_for_pictures() -> None:
    assert pod(workloads()["cameras"])["nodeSelector"] == {"phusa/vision": "gpu"}
    assert not any(
        "nodeSelector" in pod(workload) for name, workload in workloads().items() if name != "cameras"
    )


def test_who_is_ended_gets_as_long_as_from_the_supervisor() -> None:
    for name, (workload, _) in commands().items():
        waits = workloads()[workload]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
        assert waits >= TABLE[name].stop_wait_s


def test_the_move_names_the_disks_of_the_pods_in_their_order() -> None:
    found = documents(K8S / MOVE)
    (job,) = [document for document in found if document["kind"] == "Job"]
    spec = job["spec"]["template"]["spec"]
    (one,) = spec["containers"]
    flow, number = one["command"][2:4]
    disks = one["command"][5::2]
    before = int(settings_of("phusa-settings")[f"PHUSA_{flow.upper()}_SHARDS"])
    assert flow in SHARED
    assert len(disks) == max(before, int(number))
    mounts = {each["mountPath"]: each["name"] for each in one["volumeMounts"]}
    volumes = {each["name"]: each["persistentVolumeClaim"]["claimName"] for each in spec["volumes"]}
    assert [volumes[mounts[str(Path(disk).parent)]] for disk in disks] == [
        f"state-{flow}-{i}" for i in range(len(disks))
    ]
    made = [document["metadata"]["name"] for document in found if document["kind"] == "PersistentVolumeClaim"]
    assert made == [f"state-{flow}-{i}" for i in range(before, int(number))]
    assert {program_name(flow, each) for each in everyone(2)}


def test_kustomize_makes_of_it_what_these_tests_looked_at() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("no kubectl on this machine")
    done = subprocess.run([kubectl, "kustomize", str(K8S)], capture_output=True, text=True, check=True)
    built = {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(done.stdout) if one}

    assert built.keys() == {(one["kind"], one["metadata"]["name"]) for one in everything()}
    for name, workload in workloads().items():
        made = built[workload["kind"], name]["spec"]["template"]["spec"]
        wanted = pod(workload)
        assert [(one["name"], one.get("command")) for one in made["containers"]] == [
            (one["name"], one.get("command")) for one in wanted["containers"]
        ]
        for one, other in zip(made["containers"], wanted["containers"], strict=True):
            assert {each["mountPath"] for each in one.get("volumeMounts", [])} == {
                each["mountPath"] for each in other.get("volumeMounts", [])
            }
            assert one.get("readinessProbe") == other.get("readinessProbe")


# systemd: a machine without Docker.


def unit(name: str) -> configparser.ConfigParser:
    found = configparser.ConfigParser(
        strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",)
    )
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string((SYSTEMD / name).read_text(encoding="utf-8"))
    return found


def test_the_unit_starts_the_supervisor_and_waits_for_its_end() -> None:
    service = unit("phusa.service")["Service"]
    own = Settings(var=Path("/var/lib/phusa"))
    from infra.run.stack.place import place

    assert service["Type"] == "forking"
    assert service["PIDFile"] == str(place(own).pidfile)
    assert (service["ExecStart"], service["ExecStop"]) == (
        "/opt/phusa/.venv/bin/phusa up", "/opt/phusa/.venv/bin/phusa down"
    )  # fmt: skip
    assert int(service["TimeoutStopSec"]) > END_S
    assert service["Environment"] == f"PHUSA_VAR={own.var}"
    assert f"/var/lib/{service['StateDirectory']}" == str(own.var)


@pytest.mark.parametrize("name", sorted(path.name for path in SYSTEMD.glob("*.*") if path.suffix != ".md"))
def test_every_unit_is_read_and_names_units_and_commands_that_there_are(name: str) -> None:
    found = unit(name)
    assert found.sections()[0] == "Unit"
    assert found["Unit"]["Description"]
    units = {path.name for path in SYSTEMD.iterdir()} | {"network-online.target", "time-sync.target"}
    for key in ("After", "Wants", "Requires"):
        assert set(found["Unit"].get(key, "").split()) <= units
    from infra.phusa import app

    known = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    for section in found.sections():
        for key, value in found[section].items():
            if key.startswith("Exec"):
                program, command, *_ = value.split()
                assert program == "/opt/phusa/.venv/bin/phusa"
                assert command in known
    if name.endswith(".timer"):
        assert (SYSTEMD / name.replace(".timer", ".service")).exists()

"""Plays the plan that CAIRN_SCENARIO names: each run's steps, then the storm. See test/scenario.md."""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import answers
import lists
import repetition
import searches
import writes
from async_port import AsyncPort
from connect_port import ConnectPort
from grpcio_port import GrpcioPort
from stage import Stage, call_id, write_notes

PORTS = {
    "connect": ConnectPort,
    "connect-json": ConnectPort,
    "connect-async": AsyncPort,
    "grpc": ConnectPort,
    "grpc-web": ConnectPort,
    "grpcio": GrpcioPort,
}
STEPS = [*writes.STEPS, *repetition.STEPS, *searches.STEPS, *answers.STEPS, *lists.STEPS, repetition.at_once]


def say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def open_stage(run: dict[str, Any], plan: dict[str, Any]) -> Stage:
    ca = plan["ca"] if run["tls"] else None
    made = PORTS[run["wire"]]
    return Stage(plan["control"], run, lambda key: made(run["wire"], run["url"], key, ca))


def play_run(index: int, run: dict[str, Any], plan: dict[str, Any]) -> None:
    with open_stage(run, plan) as stage:
        for number, step in enumerate(STEPS, start=1):
            began = time.perf_counter()
            detail = ""
            try:
                step(stage)
            except Exception as error:
                detail = f"{type(error).__name__}: {error}"
            ms = round((time.perf_counter() - began) * 1000, 1)
            say({"run": index, "step": number, "ok": detail == "", "ms": ms, "detail": detail})


def play_storm(storm: dict[str, Any], plan: dict[str, Any]) -> None:
    began = time.perf_counter()
    detail = ""
    left = 0
    with open_stage(storm, plan) as stage, ThreadPoolExecutor(storm["at_once"]) as pool:
        try:
            write_notes(stage)
            request = searches.harbour(stage)
            for seen in pool.map(
                lambda _: stage.port.leave_after(1, request, call_id("pace", 5)), range(storm["count"])
            ):
                left += seen
        except Exception as error:
            detail = f"{type(error).__name__}: {error}"
    ms = round((time.perf_counter() - began) * 1000)
    say({"storm": left, "ok": detail == "" and left == storm["count"], "ms": ms, "detail": detail})


def main() -> None:
    plan = json.loads(Path(os.environ["CAIRN_SCENARIO"]).read_text("utf-8"))
    assert len(STEPS) == 31, f"{len(STEPS)} steps"
    for index, run in enumerate(plan["runs"]):
        print(f"{run['wire']} {'TLS' if run['tls'] else 'cleartext'}", file=sys.stderr)
        play_run(index, run, plan)
    play_storm(plan["storm"], plan)


if __name__ == "__main__":
    main()

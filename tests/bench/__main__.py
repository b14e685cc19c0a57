"""``python -m tests.bench`` prints what it measured on this machine, now."""

import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

import httpx

from tests import serving
from tests.bench import deliveries, feeds, imports, law, load, places, registers, starting, verdicts, webhooks


def main() -> None:
    print(f"Onward {version('onward')}, Python {platform.python_version()}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory(prefix="onward-bench-") as folder:
        data_dir = Path(folder)
        print("\nFrom `onward serve` to the first page")
        print(f"  cold, in an empty directory      {starting.first_answer(data_dir):10.2f} s")
        print(f"  warm, the second time            {starting.first_answer(data_dir):10.2f} s")
        print(f"  cold, with the example register  {starting.first_answer(data_dir, '--demo'):10.2f} s")
        print(f"  warm, with the example register  {starting.first_answer(data_dir, '--demo'):10.2f} s")
        print("\nThe law in this process, one thread: single verdicts, median of the quietest round")
        law.verdicts()
        print("\nFrom 1995 on, with the event of each turn")
        law.timelines()
        print("\nMany at once, CPU time, since others may use the machine too")
        law.batches()
        registers.simulations()
        print("\nWritten places, a thousand different texts")
        places.texts_per_second()
        print("\nWebhooks by themselves, 16 at once, to a receiver on this machine")
        webhooks.per_second()
        print("\nWebhooks by a worker that claims, sends and notes each, to the same receiver")
        deliveries.working()
        print("\nPublishing, while somebody reads")
        deliveries.publishing()
        print(
            "\nA list of 10,000 vendors over HTTP, one row and one change each, with all checks and transfers judged"
        )
        imports.long_list(data_dir / "imports")
        with serving.serving(data_dir, "--demo") as server:
            httpx.get(f"{server.url}/").raise_for_status()
            print("\nMemory with the example register, megabytes")
            for name, megabytes in starting.memory(server.process.pid):
                print(f"  {name:<32} {megabytes:10.0f}")
            print("\nVerdicts over HTTP, one server process, 16 connections from this machine")
            here = load.Server(int(server.url.rpartition(":")[2]), server.process.pid)
            verdicts.over_http(here)
            print(
                "\nFeeds over HTTP, in short turns with their yardsticks; the share is the median of the turns"
            )
            feeds.over_http(here)


if __name__ == "__main__":
    main()

"""A real nginx in front of a server, with the configuration that Onward ships."""

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from registry import web
from tests.serving import PATIENCE, free_port

SHIPPED = Path(web.__file__).parent / "nginx.conf"

MAIN = """
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    types {{ application/rss+xml rss; application/atom+xml atom; }}
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/onward.conf;
    server {{
        listen 127.0.0.1:{files_port};
        root {folder}/files;
        sendfile on;
    }}
}}
"""


class Nginx:
    """Where it listens: as the proxy, and as a server of the files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.files_port = free_port(), free_port()
        self.files = folder / "files"
        self.files.mkdir()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def logged(self) -> str:
        """All that it has written into its logs."""
        return "".join((self.folder / name).read_text() for name in ("access.log", "error.log"))


@contextmanager
def running(folder: Path, onward_port: int) -> Iterator[Nginx]:
    """Run nginx until it is not needed any more; only ports, folder and user differ from what is shipped."""
    nginx = Nginx(folder)
    shipped = SHIPPED.read_text()
    for told, here in (
        (r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{onward_port};"),
        (r"listen 80;", f"listen 127.0.0.1:{nginx.port};"),
        (r"/var/cache/nginx/onward", f"{folder}/cache"),
    ):
        shipped, count = re.subn(told, here, shipped)
        assert count == 1, told
    (folder / "onward.conf").write_text(shipped)
    configuration = folder / "main.conf"
    configuration.write_text(MAIN.format(folder=folder, files_port=nginx.files_port))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(configuration), "-g", "daemon off;"],
        start_new_session=True,
    )
    try:
        deadline = monotonic() + PATIENCE
        while not (folder / "nginx.pid").exists() or not (folder / "nginx.pid").read_text().strip():
            assert process.poll() is None, (folder / "error.log").read_text()
            assert monotonic() < deadline, "nginx does not start"
            sleep(0.02)
        yield nginx
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(PATIENCE)

"""``onward serve --demo``: the example register, apart from any real one."""

from pathlib import Path

import httpx

from tests import serving


def test_the_example_lies_in_a_directory_of_its_own_with_a_key_for_each_role(tmp_path: Path) -> None:
    with serving.serving(tmp_path, "--demo") as server:
        assert {"admin", "auditor", "contracts", "privacy", "procurement"} <= set(server.keys)
        assert httpx.get(f"{server.url}/health").json()["change_number"] > 0
        first = server.headers

    assert (tmp_path / "demo" / "postgres").is_dir()
    assert not (tmp_path / "postgres").exists()
    with serving.serving(tmp_path, "--demo") as server:
        assert httpx.get(f"{server.url}/v1/access-keys", headers=first).status_code == 401
        assert httpx.get(f"{server.url}/v1/access-keys", headers=server.headers).status_code == 200


def test_what_was_begun_as_a_real_register_never_becomes_the_example(
    tmp_path: Path, empty_database_url: str
) -> None:
    shared = {"DATABASE_URL": empty_database_url}
    with serving.serving(tmp_path / "demo"), serving.serving(tmp_path / "unused", environ=shared):
        pass

    assert "another directory by ONWARD_DATA_DIR" in serving.refused("--demo", data_dir=tmp_path)
    assert "another database by DATABASE_URL" in serving.refused(
        "--demo", data_dir=tmp_path, DATABASE_URL=empty_database_url
    )

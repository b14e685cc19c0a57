"""``python -m openapi``: write the contract of the routes as they are to ``openapi/openapi.json``."""

from pathlib import Path

from registry.app import create_app
from registry.settings import Settings

TARGET = Path(__file__).with_name("openapi.json")


def main() -> None:
    """Write the file; a test fails while it differs from what is served."""
    app = create_app(Settings(data_dir=Path.cwd()))
    TARGET.write_bytes(app.state.contract())
    print(f"Wrote {TARGET}.")


if __name__ == "__main__":
    main()

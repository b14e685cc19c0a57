"""The journal: every publication in it, and its chain of digests."""

from registry.database import Pool
from tests.registry.office import Office


async def test_every_publication_is_journalled_and_the_chain_verifies(office: Office) -> None:
    await office.added()
    journal = (await office.client.get("/v1/journal", headers=office.otto)).json()
    assert journal["verified"] is True
    assert [entry["operation"] for entry in journal["data"] if entry["noun"] == "change"] == [
        "drafted",
        "published",
    ]


async def test_a_journal_row_that_was_tampered_with_shows(office: Office, pool: Pool) -> None:
    await office.added()
    await pool.execute("UPDATE journal SET actor = 'key:somebody-else' WHERE operation = 'published'")
    journal = (await office.client.get("/v1/journal", headers=office.otto)).json()
    assert journal["verified"] is False


async def test_a_purged_payload_leaves_the_chain_verifiable(office: Office, pool: Pool) -> None:
    await office.added()
    await pool.execute("UPDATE journal SET payload = NULL, salt = NULL WHERE operation = 'drafted'")
    journal = (await office.client.get("/v1/journal", headers=office.otto)).json()
    assert journal["verified"] is True

"""Names of entities as lists write them: taken apart, and matched without legal forms."""

import pytest

from registry.rules.imports.names import entity, key_of

CELLS = {
    "Stripe, Inc.": ("Stripe, Inc.", None, None, None),
    "Plus Five Five, Inc. (Resend)": ("Plus Five Five, Inc.", "Resend", None, None),
    "Functional Software, dba Sentry": ("Functional Software", "Sentry", None, None),
    "Message Systems, Inc. (d/b/a Sparkpost)": ("Message Systems, Inc.", "Sparkpost", None, None),
    "Vercel Inc. (San Francisco, CA, USA)": ("Vercel Inc.", None, "San Francisco, CA, USA", "US"),
    "Functional Software, Inc. (Sentry) (San Francisco, CA, USA)": (
        "Functional Software, Inc.",
        "Sentry",
        "San Francisco, CA, USA",
        "US",
    ),
    "Heinlein Hosting GmbH – mailbox.org, Schwedter Str. 8/9b, D-10119 Berlin, Germany": (
        "Heinlein Hosting GmbH",
        "mailbox.org",
        "Schwedter Str. 8/9b, D-10119 Berlin, Germany",
        "DE",
    ),
    "MessageBird B.V., Baarsjesweg 285-H 1058 AE Amsterdam, Niederlande": (
        "MessageBird B.V.",
        None,
        "Baarsjesweg 285-H 1058 AE Amsterdam, Niederlande",
        "NL",
    ),
    "Mailjet\n4, rue Jules Lefebvre\n75009 Paris, France": (
        "Mailjet",
        None,
        "4, rue Jules Lefebvre, 75009 Paris, France",
        "FR",
    ),
    # A bracket that is a country, a remark or a formula is no brand.
    "Twilio (Ireland)": ("Twilio (Ireland)", None, None, None),
    "Acme GmbH (Germany)": ("Acme GmbH (Germany)", None, None, None),
    "Telegram (deprecated)": ("Telegram (deprecated)", None, None, None),
    "Telegram (Deprecated)": ("Telegram (Deprecated)", None, None, None),
    "Google LLC (and its affiliates)": ("Google LLC (and its affiliates)", None, None, None),
    "Acme (EU only)": ("Acme (EU only)", None, None, None),
    '=HYPERLINK("x")': ('=HYPERLINK("x")', None, None, None),
    "Intuition Machines (hCaptcha)": ("Intuition Machines", "hCaptcha", None, None),
    "Wildbit LLC – Postmark 225 Chestnut St Philadelphia, PA, 19106, USA": (
        "Wildbit LLC",
        "Postmark",
        "225 Chestnut St Philadelphia, PA, 19106, USA",
        "US",
    ),
    "WorkOS, Inc.**": ("WorkOS, Inc.", None, None, None),
    "포트원(주)": ("포트원(주)", None, None, None),
    "": ("", None, None, None),
}


@pytest.mark.parametrize(("cell", "expected"), CELLS.items())
def test_a_name_cell_is_taken_apart(
    cell: str, expected: tuple[str, str | None, str | None, str | None]
) -> None:
    found = entity(cell)

    assert (found.legal_name, found.trading_name, found.address, found.country) == expected


SAME = [
    ("Google LLC", "Google, Inc."),
    ("Amazon Web Services, Inc.", "Amazon Web Services"),
    ("OpenAI, L.L.C.", "OpenAI LLC"),
    ("Hetzner Online GmbH", "hetzner online gmbh"),
    ("Stripe Payments Europe, Ltd.", "Stripe Payments Europe Limited"),
    ("Acme S.à r.l.", "Acme SARL"),
    ("Acme Pvt. Ltd.", "Acme Private Limited"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_suffixes_and_punctuation_are_set_aside(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Google LLC", "Google Cloud Platform"), ("Microsoft Azure", "Microsoft Corporation"), ("Inc.", "Ltd.")],
)
def test_other_names_stay_others(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)

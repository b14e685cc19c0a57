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
    "Stripe Payments Europe, Limited – 1 Grand Canal Street Lower, Dublin 2, Ireland": (
        "Stripe Payments Europe, Limited",
        None,
        "1 Grand Canal Street Lower, Dublin 2, Ireland",
        "IE",
    ),
    "HubSpot, Inc.; 25 First Street, Cambridge, MA 02141, USA": (
        "HubSpot, Inc.",
        None,
        "25 First Street, Cambridge, MA 02141, USA",
        "US",
    ),
    "Functional Software, Inc. d/b/a Sentry, 45 Fremont Street, San Francisco, CA 94105": (
        "Functional Software, Inc.",
        "Sentry",
        "45 Fremont Street, San Francisco, CA 94105",
        "US",
    ),
    "ActiveCampaign, LLC (Postmark), 1 North Dearborn Street, Chicago, IL 60602, USA": (
        "ActiveCampaign, LLC",
        "Postmark",
        "1 North Dearborn Street, Chicago, IL 60602, USA",
        "US",
    ),
    "Acme AG, Zürich, Schweiz": ("Acme AG", None, "Zürich, Schweiz", "CH"),
    "Acme, Inc., United States": ("Acme, Inc., United States", None, None, None),
    "1Password (AgileBits Inc.)": ("AgileBits Inc.", "1Password", None, None),
    "Acme (trading name of Beta Ltd)": ("Beta Ltd", "Acme", None, None),
    'Google LLC ("Google Cloud")': ("Google LLC", "Google Cloud", None, None),
    "Amplitude, Inc.¹": ("Amplitude, Inc.", None, None, None),
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


BESIDE = {
    "Acme GmbH, HRB 12345, Amtsgericht München": ("Acme GmbH", "HRB 12345, Amtsgericht München", None, None),
    "Acme Limited, company number 01234567, 1 High Street, London, UK": (
        "Acme Limited",
        "company number 01234567",
        None,
        None,
    ),
    "Acme B.V. (KvK 12345678)": ("Acme B.V.", "KvK 12345678", None, None),
    "Acme SAS (RCS Paris 123 456 789)": ("Acme SAS", "RCS Paris 123 456 789", None, None),
    "Acme Oy, Business ID 1234567-8, Helsinki, Finland": ("Acme Oy", "Business ID 1234567-8", None, None),
    "Acme GmbH\nMusterstraße 1\n12345 Berlin\nHRB 1234": ("Acme GmbH", "HRB 1234", None, None),
    "Meta Platforms, Inc. (formerly Facebook, Inc.)": ("Meta Platforms, Inc.", None, "Facebook, Inc.", None),
    "Acme Inc., formerly Beta": ("Acme Inc.", None, "Beta", None),
    "SendGrid, Inc. (a Twilio company)": ("SendGrid, Inc.", None, None, "Twilio"),
    "Zendesk, Inc. (a subsidiary of Zendesk Holdings)": ("Zendesk, Inc.", None, None, "Zendesk Holdings"),
    "Mailgun Technologies, Inc. (part of Sinch)": ("Mailgun Technologies, Inc.", None, None, "Sinch"),
    "Twitter, Inc. (now X Corp.)": ("Twitter, Inc. (now X Corp.)", None, None, None),
}


@pytest.mark.parametrize(("cell", "expected"), BESIDE.items())
def test_numbers_former_names_and_parents_are_kept_apart_from_the_name(
    cell: str, expected: tuple[str, str | None, str | None, str | None]
) -> None:
    found = entity(cell)

    assert (found.legal_name, found.registration, found.former, found.parent) == expected


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


def test_several_legal_entities_in_one_cell_are_no_address_and_are_told() -> None:
    found = entity("Google LLC\nGoogle Ireland Ltd\nGoogle UK Ltd")
    joint = entity("Stripe, Inc. and Stripe Payments Europe, Ltd.")
    alone = entity("Ernst & Young, LLP")

    assert (found.legal_name, found.address) == ("Google LLC, Google Ireland Ltd, Google UK Ltd", None)
    assert found.others == ("Google LLC", "Google Ireland Ltd", "Google UK Ltd")
    assert joint.others == ("Stripe, Inc.", "Stripe Payments Europe, Ltd.")
    assert alone.others == ()
    assert entity("Acme GmbH\nHauptstr. 1\nDenver, CO").address == "Hauptstr. 1, Denver, CO"


def test_the_year_in_which_a_company_was_bought_is_no_part_of_the_buyer() -> None:
    assert entity("Loom (acquired by Atlassian in 2023)").parent == "Atlassian"

"""What the operator lists: what each entry allows, and nothing beside it."""

import pytest

from registry.channels.addresses import is_public
from registry.channels.allowances import Allowances
from registry.channels.endpoints import Endpoint


@pytest.mark.parametrize(
    ("allow", "url", "address", "reached"),
    [
        ("", "https://a.example/", "93.184.216.34", True),
        ("", "https://a.example/", "10.0.0.1", False),
        ("hooks.internal", "https://hooks.internal/", "10.0.0.1", True),
        ("hooks.internal", "https://HOOKS.Internal./", "10.0.0.1", True),
        ("hooks.internal", "https://other.internal/", "10.0.0.1", False),
        ("hooks.internal", "https://a.hooks.internal/", "10.0.0.1", False),
        ("hooks.internal", "https://hooks.internal:8443/", "10.0.0.1", False),
        ("hooks.internal", "http://hooks.internal/", "10.0.0.1", False),
        ("hooks.internal:8443", "https://hooks.internal:8443/", "10.0.0.1", True),
        ("hooks.internal:8443", "https://hooks.internal/", "10.0.0.1", False),
        ("hooks.internal:*", "https://hooks.internal:8443/", "10.0.0.1", True),
        ("hooks.internal:*", "http://hooks.internal:8443/", "10.0.0.1", False),
        ("10.1.0.0/16", "https://a.example/", "10.1.2.3", True),
        ("10.1.0.0/16", "https://a.example/", "10.2.0.1", False),
        ("10.1.0.0/16", "https://10.1.2.3/", "10.1.2.3", True),
        ("10.1.0.0/16:8443", "https://a.example:8443/", "10.1.2.3", True),
        ("10.1.0.0/16:8443", "https://a.example:8443/", "93.184.216.34", False),
        ("10.1.0.0/16:8443", "https://a.example/", "10.1.2.3", False),
        ("10.1.2.3", "https://a.example/", "10.1.2.3", True),
        ("10.1.2.3", "https://a.example/", "10.1.2.4", False),
        ("[fd00::/8]:8443", "https://a.example:8443/", "fd00::1", True),
        ("[fd00::/8]", "https://a.example/", "fd00::1", True),
        ("[::1]", "https://[::1]/", "::1", True),
        ("10.0.0.0/8", "https://a.example/", "::1", False),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/", "127.0.0.1", True),
        ("http://127.0.0.1:8080", "https://127.0.0.1:8080/", "127.0.0.1", False),
        ("http://127.0.0.1", "http://127.0.0.1/", "127.0.0.1", True),
        ("http://127.0.0.1:*", "http://127.0.0.1:9/", "127.0.0.1", True),
        ("http://localhost:9000", "http://localhost:9000/", "::1", True),
        ("http://localhost:9000", "http://127.0.0.1:9000/", "127.0.0.1", False),
        (" a.internal , b.internal ", "https://b.internal/", "10.0.0.1", True),
        ("b\u00fccher.internal", "https://xn--bcher-kva.internal/", "10.0.0.1", True),
    ],
)
def test_an_entry_allows_what_it_names_and_no_more(allow: str, url: str, address: str, reached: bool) -> None:
    allowances, endpoint = Allowances.read(allow), Endpoint.read(url)

    assert (allowances.admits(endpoint) and allowances.reaches(endpoint, address)) is reached


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ftp://a.internal", "neither http:// nor https://"),
        ("a.internal:0", "is no port"),
        ("a.internal:", "is no port"),
        ("a.internal:https", "is no port"),
        ("10.1.0.1/16", "is no network"),
        ("10.1.0.0/33", "is no network"),
        ("127.1", "four numbers"),
        ("fd00::/8", "IPv6 in brackets"),
        ("::1:8080", "IPv6 in brackets"),
        ("[a.internal]", "is no network"),
        ("a internal", "is no name of a host"),
        ("a.internal/hook", "is no network"),
        ("*.internal", "is no name of a host"),
        ("*", "is no name of a host"),
    ],
)
def test_an_entry_that_cannot_be_read_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Allowances.read(f"b.internal,{text}")


@pytest.mark.parametrize("address", ["1.1.1.1", "2a00:1450:4001::1", "2606:4700::1111", "223.255.255.255"])
def test_addresses_of_the_internet_at_large_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("written", "one_form"),
    [
        ("https://A.Example", "https://a.example/"),
        ("https://a.example.:443?x=1", "https://a.example/?x=1"),
        ("HTTPS://a.example:8443/B", "https://a.example:8443/B"),
        ("https://[2001:DB8:0::1]:443/", "https://[2001:db8::1]/"),
        ("http://a.example:80/", "http://a.example/"),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_an_address_has_one_form(written: str, one_form: str) -> None:
    assert Endpoint.read(written).url == one_form
    assert Endpoint.read(one_form).url == one_form

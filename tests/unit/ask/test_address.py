"""Who may be asked: what is here, and elsewhere only the one host that the operator names."""

import pytest

from scanner.ask.address import AddressRefused, address_of


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:11434/v1",
        "http://[::1]:8000/v1",
        "http://localhost:11434/v1/",
        "http://192.168.1.20:8000/v1",
        "http://10.0.0.7/v1",
        "http://ollama:11434/v1",
        "http://gpu.internal/v1",
        "https://gpu.local/v1",
    ],
)
def test_a_model_on_this_machine_or_network_may_be_asked(url: str) -> None:
    address = address_of(url, "llama3.1:8b", text_may_go_to="")
    assert address.local
    assert address.url == url.rstrip("/")
    assert "on this machine or network" in address.where
    assert "llama3.1:8b" in address.where


@pytest.mark.parametrize(
    "url", ["https://api.example.com/v1", "https://8.8.8.8/v1", "https://localhost.example.com/v1"]
)
def test_nothing_goes_outside_unless_the_operator_names_the_host(url: str) -> None:
    host = url.split("/")[2]
    with pytest.raises(AddressRefused, match=f"CROSSWALK_LLM_TEXT_MAY_GO_TO={host}"):
        address_of(url, "big", text_may_go_to="")
    with pytest.raises(AddressRefused):
        address_of(url, "big", text_may_go_to="yes")
    address = address_of(url, "big", text_may_go_to=host.upper())
    assert not address.local
    assert f"at {host}, which is outside of your network" in address.where


def test_outside_only_https_is_spoken_even_where_it_is_allowed() -> None:
    with pytest.raises(AddressRefused, match="https"):
        address_of("http://api.example.com/v1", "big", text_may_go_to="api.example.com")


@pytest.mark.parametrize("model", ["gpt-oss:120b-cloud", "glm-5:cloud"])
def test_a_local_server_that_passes_a_model_on_counts_as_its_maker(model: str) -> None:
    with pytest.raises(AddressRefused, match=r"ollama\.com"):
        address_of("http://127.0.0.1:11434/v1", model, text_may_go_to="")
    address = address_of("http://127.0.0.1:11434/v1", model, text_may_go_to="ollama.com")
    assert (address.host, address.local) == ("ollama.com", False)


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:11434", "ftp://localhost/v1", "http://", "http://user:key@localhost/v1", "http://localhost/v1?k=1",
     "http://localhost:99999/v1", "http://0.0.0.0/v1", "file:///etc/passwd"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        address_of(url, "small", text_may_go_to="")


def test_a_model_has_to_be_named() -> None:
    with pytest.raises(AddressRefused, match="CROSSWALK_LLM_MODEL"):
        address_of("http://localhost/v1", " ", text_may_go_to="")

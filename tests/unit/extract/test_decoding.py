"""Characters of a text: by its mark, as UTF-8, by what it claims, and else by the best guess."""

import io

import pytest

from scanner.extract.decoding import decode
from scanner.extract.direct import read

GERMAN = "Ändern Sie das voreingestellte Kennwort des Administrators – vor dem ersten Gebrauch, überall."
FRENCH = "Modifiez le mot de passe par défaut de l’administrateur avant la première utilisation."
JAPANESE = "初期パスワードを変更してください。管理者のアカウントは、最初の使用の前に変更する必要があります。"
RUSSIAN = "Измените пароль администратора перед первым использованием устройства."
POLISH = "Zmień domyślne hasło administratora przed pierwszym użyciem urządzenia."
CHINESE = "首次使用前请更改管理员的默认密码。所有设备都需要更改。"
KOREAN = "처음 사용하기 전에 관리자의 기본 암호를 변경하십시오."


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        *((GERMAN, one) for one in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac-roman")),
        (FRENCH, "cp1252"),
        *((JAPANESE, one) for one in ("utf-8", "cp932", "euc-jp", "iso2022_jp", "utf-16-le", "utf-16-be")),
        *((RUSSIAN, one) for one in ("cp1251", "koi8-r", "utf-16-le", "utf-16-be")),
        (POLISH, "cp1250"),
        (CHINESE, "gb18030"),
        (KOREAN, "cp949"),
    ],
)
def test_a_plain_text_is_read_from_any_encoding(said: str, encoding: str) -> None:
    document = read(io.BytesIO(said.encode(encoding)), name="a.txt")
    assert [passage.text for passage in document.passages] == [said]


@pytest.mark.parametrize(
    ("said", "encoding", "label"),
    [
        ("Kennwort – geändert", "cp1252", "ISO-8859-1"),  # browsers read this label as Windows-1252
        ("パスワード①", "cp932", "Shift_JIS"),
        ("密码€", "gb18030", "gb2312"),
        ("Ąę", "iso8859_2", "iso-8859-2"),
        ("パスワード", "utf-8", "Shift_JIS"),  # a page that is UTF-8 is UTF-8, whatever it says
        ("パスワード", "iso2022_jp", "utf-8"),
        ("Ändern", "cp1252", "no-such-charset"),
    ],
)
def test_a_charset_that_a_page_claims_is_taken_as_browsers_take_it(said: str, encoding: str, label: str) -> None:
    page = f'<html><head><meta charset="{label}"></head><body><p>{said}</p></body></html>'.encode(encoding)
    assert read(io.BytesIO(page), name="a.html").passages[0].text == said


def test_a_page_of_xml_names_its_charset_in_its_declaration() -> None:
    page = '<?xml version="1.0" encoding="Shift_JIS"?><html><body><p>設定</p></body></html>'.encode("cp932")
    assert read(io.BytesIO(page), name="a.xhtml").passages[0].text == "設定"


def test_a_text_that_only_looks_wide_is_not() -> None:
    digits = b"00000000 0000 0000\xe4 " * 20  # "0" is the upper half of kana
    assert decode(digits).startswith("00000000 0000 0000")

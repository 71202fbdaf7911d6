"""No secret reaches the journal, whatever a request looks like."""

import pytest

from ucmsim.api.sim import masking


@pytest.mark.parametrize(
    ("name", "value", "masked"),
    [
        ("Authorization", "Basic YWRtaW46aHVudGVyMg==", "Basic ***"),
        ("authorization", "hunter2", "***"),
        ("Proxy-Authorization", "Bearer hunter2", "Bearer ***"),
        ("Cookie", "JSESSIONIDSSO=hunter2; theme=hunter2", "JSESSIONIDSSO=***; theme=***"),
        ("Set-Cookie", "JSESSIONID=hunter2; Path=/; Secure", "JSESSIONID=***; Path=/; Secure"),
        ("SOAPAction", "soapGetServiceStatus", "soapGetServiceStatus"),
    ],
)
def test_headers_keep_what_is_no_secret(name, value, masked):
    assert masking.headers([(name, value)]) == [(name, masked)]


@pytest.mark.parametrize(
    ("body", "masked"),
    [
        ("<Password>hunter2</Password>", "<Password>***</Password>"),
        ("<ns:password xsi:type='x'>hunter2</ns:password>", "<ns:password xsi:type='x'>***</ns:password>"),
        ("<remoteServerPassword>hunter2</remoteServerPassword>", "<remoteServerPassword>***</remoteServerPassword>"),
        ("<Password><![CDATA[hunter2</Pass]]></Password>", "<Password>***</Password>"),
        ("<a>1</a><PASSWORD>hunter2", "<a>1</a><PASSWORD>***"),
        ("<Password>hunter\n2</Password><item>Cisco Tftp</item>", "<Password>***</Password><item>Cisco Tftp</item>"),
        ("<Password></Password>", "<Password></Password>"),
        ("<get_file><in1>user</in1><in2>hunter2</in2></get_file>", "<get_file><in1>user</in1><in2>***</in2></get_file>"),
        ("<get_file_list><in2>true</in2></get_file_list>", "<get_file_list><in2>true</in2></get_file_list>"),
        ('{"user": "a", "password": "hunter2"}', '{"user": "a", "password": "***"}'),
        ('{"secret":"hun\\"ter2"}', '{"secret":"***"}'),
        ('{"clientSecret" : "hunter2', '{"clientSecret" : "***"'),
        ("user=a&password=hunter2&x=1", "user=a&password=***&x=1"),
        ('<login password="hunter2"/>', '<login password="***"/>'),
        ("<item>Cisco Tftp</item>", "<item>Cisco Tftp</item>"),
        ("", ""),
    ],
)  # fmt: skip
def test_bodies_keep_what_is_no_secret(body, masked):
    assert masking.text(body) == masked
    assert "hunter2" not in masking.text(body)

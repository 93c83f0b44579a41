"""Files at an address with their version are kept for ever; without it they are asked for each time."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

from ledger.web.assets import join

SCRIPTS = Path(__file__).parents[3] / "ledger/ui/static/js"


def test_a_page_names_its_files_by_version_and_the_browser_keeps_them(client):
    page = client.get("/sign-in").text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) > 3
    for address in addresses:
        assert re.match(r"/static/v-[0-9a-f]{10}/", address)
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        answer.close()


def test_what_a_script_imports_has_the_version_of_the_script(client):
    script = re.search(r'src="(/static/[^"]+app\.joined\.js)"', client.get("/sign-in").text).group(1)
    imports = re.findall(r'^import .* from "([^"]+)";$', client.get(script).text, re.MULTILINE)
    assert imports == ["../vendor/tinykeys/tinykeys.js"]
    answer = client.get(urljoin(script, imports[0]))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    answer.close()


def test_an_older_versions_address_still_gives_the_file(client):
    answer = client.get("/static/v-0000000000/css/base.css")
    assert answer.status_code == 200
    answer.close()


def test_without_a_version_a_file_is_asked_for_each_time(client):
    answer = client.get("/static/css/base.css")
    assert answer.headers["Cache-Control"] == "no-cache"
    answer.close()


def test_no_file_outside_the_folder_is_served(client):
    for path in ("/static/v-1/../app.py", "/static/v-1/%2e%2e/%2e%2e/app.py", "/static/v-1//etc/passwd"):
        assert client.get(path).status_code == 404


def test_styles_that_go_together_come_in_one_in_their_order(client):
    parts = []
    for name in ("tokens", "base"):
        with client.get(f"/static/css/{name}.css") as answer:
            parts.append(answer.text)
    with client.get("/static/v-1/css/tokens+base.css") as answer:
        assert answer.mimetype == "text/css"
        assert answer.text == "\n".join(parts)


@pytest.mark.parametrize(
    "path",
    [
        "css/tokens+nothing.css",
        "css/tokens+.css",
        "css/..+tokens.css",
        "js/nothing.joined.js",
        "js/a.b.joined.js",
    ],
)
def test_what_can_t_be_joined_is_not_found(client, path):
    assert client.get(f"/static/v-1/{path}").status_code == 404


def test_a_script_is_joined_after_what_it_imports_and_each_once(tmp_path):
    (tmp_path / "app.js").write_text(
        'import { a, b as c } from "./one.js";\nimport { d } from "./two.js";\na(c, d);\n'
    )
    (tmp_path / "one.js").write_text(
        'import { d } from "./two.js";\nimport { k } from "../vendor/k.js";\nexport function a() { d(k); }\nexport const b = 1;\n'
    )
    (tmp_path / "two.js").write_text("let own = 1;\nexport async function d() { own += 1; }\n")
    assert join(tmp_path / "app.js") == (
        'import { k } from "../vendor/k.js";\n'
        "const $two = (() => {\nlet own = 1;\nasync function d() { own += 1; }\nreturn { d };\n})();\n"
        "const $one = (() => {\nconst { d } = $two;\nfunction a() { d(k); }\nconst b = 1;\nreturn { a, b };\n})();\n"
        "const $app = (() => {\nconst { a, b: c } = $one;\nconst { d } = $two;\na(c, d);\nreturn {  };\n})();\n"
    )


def test_scripts_that_import_each_other_are_told(tmp_path):
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.js").write_text(f'import {{ {other} }} from "./{other}.js";\n')
    with pytest.raises(ValueError, match="a → b → a"):
        join(tmp_path / "a.js")


def test_our_scripts_import_and_export_in_the_way_that_can_be_joined():
    for script in SCRIPTS.glob("*.js"):
        for line in script.read_text().splitlines():
            if line.startswith(("import", "export")):
                assert re.match(
                    r'import \{[^}]+\} from "(\./[\w-]+\.js|\.\./vendor/[^"]+)";$|export (async )?(function|const|class) [\w$]+',
                    line,
                ), f"{script.name}: {line}"

"""Files at an address with their version are kept for ever; without it they are asked for each time."""

import re


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
    script = re.search(r'src="(/static/[^"]+app\.js)"', client.get("/sign-in").text).group(1)
    answer = client.get(script.replace("app.js", "times.js"))
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


def test_all_that_a_page_s_script_imports_is_asked_for_at_once(client):
    page = client.get("/sign-in").text
    preloaded = set(re.findall(r'rel="modulepreload" href="([^"]+)"', page))
    assert len(preloaded) > 10
    for address in preloaded:
        answer = client.get(address)
        assert answer.status_code == 200
        # What it imports in its turn is there too.
        for name in re.findall(r'^import [^"]*"\./([^"]+)"', answer.text, re.MULTILINE):
            assert address.rsplit("/", 1)[0] + "/" + name in preloaded
        answer.close()

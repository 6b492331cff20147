# SPDX-License-Identifier: MIT
"""Looks for broken links in a built site: links.py SITE.

Every page, stylesheet, script and image that a page names has to be there, with the anchor if one
is named, and every id has to be there once. Links to other hosts are looked at for their form only,
except what a browser would load from there by itself: a page may not name such a thing.
"""

import html.parser
import pathlib
import re
import sys
import urllib.parse

LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids = []
        self.links = []  # with whether a browser loads them by itself
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a" and "href" in attributes:
            self.links.append((attributes["href"], False))
        # The address of the page itself is no thing to load.
        if tag in LOADED and LOADED[tag] in attributes and attributes.get("rel") != "canonical":
            self.links.append((attributes[LOADED[tag]], True))


def form_mistake(link):
    if link.scheme not in ("https", "http", "mailto"):
        return "has an unknown scheme"
    if link.scheme != "mailto" and "." not in link.netloc and "localhost" not in link.netloc:
        return "names no host"
    return None


def find_mistakes(site):
    pages = {file.relative_to(site).as_posix(): Page(file.read_text())
             for file in sorted(site.rglob("*.html"))}
    for name, page in pages.items():
        for id_name in {each for each in page.ids if page.ids.count(each) > 1}:
            yield f"{name}: the anchor {id_name} is there twice"
        for href, is_loaded in page.links:
            link = urllib.parse.urlsplit(href)
            if link.scheme or link.netloc:
                mistake = "would be loaded from another host" if is_loaded else form_mistake(link)
                if mistake:
                    yield f"{name}: {href} {mistake}"
                continue
            path = urllib.parse.unquote(link.path)
            target = (site / name).parent / path if path else site / name
            if path.startswith("/"):  # only on the page for what was not found
                target = site / path.lstrip("/")
            if target.is_dir():
                target = target / "index.html"
            if not target.is_file():
                yield f"{name}: {href} leads nowhere"
                continue
            anchor = urllib.parse.unquote(link.fragment)
            reached = pages.get(target.resolve().relative_to(site).as_posix())
            if anchor and reached and anchor not in reached.ids:
                yield f"{name}: {href} names an anchor that is not there"


def find_foreign_styles(site):
    for file in sorted(site.rglob("*.css")):
        for address in re.findall(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""",
                                  file.read_text()):
            yield f"{file.relative_to(site)}: {address} would be loaded from another host"


def main(site):
    site = pathlib.Path(site).resolve()
    mistakes = [*find_mistakes(site), *find_foreign_styles(site)]
    if mistakes:
        sys.exit("\n".join(mistakes) + f"\n{len(mistakes)} broken links")


main(sys.argv[1])

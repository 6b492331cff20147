# SPDX-License-Identifier: MIT
"""What MkDocs is to do beyond its settings: it takes the navigation of the reference from where
reference.py has put it, and leaves pages out of the search that only repeat what others say."""

import json
import pathlib

left_out = set()


def on_config(config):
    navigation = pathlib.Path(config["docs_dir"]).parent / "navigation.json"
    for entry in config["nav"]:
        if "Reference" in entry:
            entry["Reference"] = json.loads(navigation.read_text())
    return config


def on_page_content(html, page, **_):
    if page.meta.get("search") is False:
        left_out.add(page.url)
    return html


def on_post_build(config):
    file = pathlib.Path(config["site_dir"]) / "search/search_index.json"
    index = json.loads(file.read_text())
    index["docs"] = [each for each in index["docs"]
                     if each["location"].partition("#")[0] not in left_out]
    file.write_text(json.dumps(index, separators=(",", ":")))

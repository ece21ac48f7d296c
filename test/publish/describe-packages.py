"""Tells all that dnf's own reader finds in a repository, one package a line, in the order of their names."""

import json
import sys
import tempfile

import dnf


def relations(package):
    kinds = "requires provides conflicts obsoletes recommends suggests supplements enhances".split()
    return {kind: sorted(str(one) for one in getattr(package, kind)) for kind in kinds}


def description(package):
    plain = "name epoch version release arch summary description license url group packager sourcerpm"
    numbers = "buildtime downloadsize installsize hdr_end"
    told = {what: getattr(package, what) for what in f"{plain} {numbers}".split()}
    told["checksum"] = package.chksum[1].hex()
    told["files"] = sorted(package.files)
    told["changelogs"] = [[str(one["timestamp"]), one["author"], one["text"]] for one in package.changelogs]
    return {**told, **relations(package), "location": package.location.rsplit("/", 1)[-1]}


with tempfile.TemporaryDirectory() as cache, dnf.Base() as base:
    base.conf.cachedir = cache
    base.conf.persistdir = cache
    base.conf.substitutions["releasever"] = "1"
    base.repos.add_new_repo("it", base.conf, baseurl=[sys.argv[1]]).load_metadata_other = True
    base.fill_sack(load_system_repo=False)
    for package in sorted(base.sack.query(), key=lambda one: one.name):
        print(json.dumps(description(package), sort_keys=True))

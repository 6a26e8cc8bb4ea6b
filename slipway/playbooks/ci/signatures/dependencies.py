"""What package managers and module loaders print when something that is needed is not there."""

from __future__ import annotations

from slipway.playbooks.ci.signatures.signature import PLAIN, table

DEPENDENCIES = (
    *table(
        "missing_dependency",
        PLAIN,
        (
            "no version fits",
            r"^\s*ERROR: (?:Could not find a version that satisfies|No matching distribution found)",
            r"^\s*ERROR: (?:ResolutionImpossible|Cannot install .* because)",
            r"No solution found when resolving",
            r"version solving failed",
        ),
        (
            "npm cannot resolve",
            r"npm (?:ERR!|error) (?:code )?(?:ERESOLVE|E404|ETARGET|notarget)",
            r"npm (?:ERR!|error) .*package\.json and .*package-lock\.json.* (?:are |not )?in sync",
            r"npm (?:ERR!|error) Missing: \S+ from lock file",
        ),
        (
            "yarn or pnpm cannot resolve",
            r"error Couldn't find (?:any versions for|package)",
            r"Your lockfile needs to be updated",
            r"\bYN00(?:27|28)\b",
            r"ERR_PNPM_(?:NO_MATCHING|OUTDATED)",
        ),
        (
            "Maven cannot resolve",
            r"Could not resolve dependencies for",
            r"Could not find artifact",
            r"Failure to find \S+:\S+ in",
        ),
        ("Gradle cannot resolve", r"^> Could not (?:resolve all|find \S+:\S+:)"),
        (
            "a Node module is missing",
            r"Cannot find (?:module|package) '(?!\.|/|node:)[@\w]",
            r"Module not found: (?:Error: )?Can't resolve '(?!\.|/)",
            r"Failed to resolve import \"(?!\.|/)",
        ),
        ("a Go module is missing", r"no required module provides package", r"missing go\.sum entry"),
        ("a crate is missing", r"^error: no matching package named", r"failed to select a version for"),
        ("a gem is missing", r"Could not find gem", r"Could not find \S+ in (?:any of the sources|locally)"),
        (
            "a PHP package is missing",
            r"Your requirements could not be resolved to an installable set of packages",
        ),
        (
            "a shared library is missing",
            r"^(?:E +)?(?:ImportError|OSError): .*cannot open shared object file",
            r"error while loading shared libraries: ",
        ),
        ("a distribution is missing", r"DistributionNotFound: ", r"Packages?NotFoundError: "),
    ),
    *table(
        "import_error",
        PLAIN,
        (
            "a name cannot be imported",
            r"^(?:E +)?ImportError: (?:cannot import name|attempted relative import)",
        ),
        (
            "a module cannot be found",
            r"Cannot find module '\.{0,2}/",
            r"Module not found: (?:Error: )?Can't resolve '\.{0,2}/",
            r"Failed to resolve import \"\.{0,2}/",
        ),
    ),
)

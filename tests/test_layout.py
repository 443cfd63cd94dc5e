"""The shape of the source: where things are found, and how much of it one has to read at once."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

HARD_LIMIT = 500
TESTED_THROUGH = {
    "capture/blocks.py": "capture/test_pcapng.py",
    "capture/gather.py": "capture/test_walk.py",
    "capture/limits.py": "capture/test_streams.py",
    "capture/merge.py": "capture/test_captures.py",
    "capture/packet_blocks.py": "capture/test_pcapng.py",
    "capture/records.py": "capture/test_pcap.py",
    "cli/analysis.py": "cli/test_analyze.py",
    "cli/comparison.py": "cli/test_compare.py",
    "cli/extraction.py": "cli/test_extract.py",
    "cli/frame.py": "cli/test_analyze.py",
    "diagnose/builtin.py": "diagnose/test_catalogue.py",
    "diagnose/case.py": "diagnose/test_network.py",
    "diagnose/dhcp_facts.py": "diagnose/rules/dhcp/test_no_dhcp_offer.py",
    "diagnose/judgement.py": "diagnose/test_grouping.py",
    "diagnose/precedence.py": "diagnose/test_catalogue.py",
    "diagnose/replies.py": "diagnose/rules/dhcp/test_reply_mismatch.py",
    "diagnose/rule.py": "diagnose/test_remedies.py",
    "diagnose/shown.py": "diagnose/test_catalogue.py",
    "diagnose/unknown.py": "diagnose/test_judge.py",
    "firmware/programs.py": "firmware/test_fingerprint.py",
    "track/clocks.py": "track/test_copies.py",
    "query/steps.py": "query/test_comparison.py",
    "report/comparison.py": "cli/test_compare.py",
    "report/extract/body.py": "report/extract/test_files.py",
    "report/html/chart.py": "report/html/test_page.py",
    "report/html/ladder.py": "report/html/test_page.py",
    "report/html/model.py": "report/html/test_page.py",
    "report/text/comparison.py": "cli/test_compare.py",
    "report/text/explain.py": "cli/test_explain.py",
    "report/text/findings.py": "report/text/test_page.py",
    "report/text/remedies.py": "report/text/test_page.py",
    "report/text/boot.py": "report/text/test_page.py",
    "report/text/capture.py": "report/text/test_page.py",
    "report/client.py": "report/text/test_page.py",
    "report/events.py": "report/text/test_ladder.py",
    "report/text/hexdump.py": "report/text/test_frame.py",
    "report/text/message.py": "report/text/test_ladder.py",
    "report/text/options.py": "report/text/test_page.py",
    "report/text/table.py": "report/text/test_page.py",
    "report/text/tftp.py": "report/text/test_frame.py",
    "report/text/transfers.py": "report/text/test_ladder.py",
    "report/words.py": "report/text/test_page.py",
    "track/limits.py": "track/test_tracker.py",
    "track/telling.py": "track/test_tracker.py",
    "track/tftp/transfer.py": "track/tftp/test_follower.py",
    "wire/batch.py": "test_equivalence.py",
    "wire/columns/encapsulation.py": "wire/columns/test_tunnels.py",
    "wire/columns/layer.py": "wire/test_frames.py",
    "wire/columns/link.py": "wire/test_linktypes.py",
    "wire/columns/neighbours.py": "wire/test_frames.py",
    "wire/columns/pipeline.py": "wire/test_frames.py",
    "wire/columns/protocols.py": "wire/test_frames.py",
    "wire/columns/transport.py": "wire/test_frames.py",
    "wire/optionline.py": "wire/dhcp/test_message.py",
}
"""Modules that no test mirrors, one by one, to the test that has them under its eyes."""


def modules(checkout: Path) -> list[Path]:
    return sorted((checkout / "pxedebug").rglob("*.py"))


def dotted(path: Path, checkout: Path) -> str:
    parts = path.relative_to(checkout).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_module_is_longer_than_a_person_can_take_in(checkout: Path) -> None:
    lengths = {
        path.relative_to(checkout).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(checkout)
    }
    assert {name: length for name, length in lengths.items() if length > HARD_LIMIT} == {}
    assert sorted(lengths.values())[len(lengths) // 2] <= 150


def test_every_package_says_what_it_is_for(checkout: Path) -> None:
    silent = [
        path.relative_to(checkout).as_posix()
        for path in modules(checkout)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_module_names_what_is_public_and_all_of_it_exists(checkout: Path) -> None:
    wrong = []
    for path in modules(checkout):
        if path.name == "__main__.py" or not _defines_anything(path):
            continue
        module = importlib.import_module(dotted(path, checkout))
        if not hasattr(module, "__all__"):
            wrong.append(f"{module.__name__} has no __all__")
            continue
        wrong += [f"{module.__name__}.{name}" for name in module.__all__ if not hasattr(module, name)]
        wrong += [f"{module.__name__}: {name} twice" for name in set(module.__all__) if module.__all__.count(name) > 1]
    assert not wrong, "\n".join(wrong)


def _defines_anything(path: Path) -> bool:
    """False for a package that is nothing but its docstring."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return any(not isinstance(node, ast.Expr | ast.ImportFrom) for node in body)


def test_every_module_is_tested_by_a_file_that_mirrors_it(checkout: Path) -> None:
    """pxedebug/a/b.py by tests/a/test_b.py; what is tested through something else stands in the table above."""
    names = {path.relative_to(checkout / "pxedebug") for path in modules(checkout)}
    unmirrored = {
        name.as_posix()
        for name in names
        if name.name not in {"__init__.py", "__main__.py", "_version.py", "errors.py"}
        and not (checkout / "tests" / name.parent / f"test_{name.name}").exists()
    }
    assert sorted(unmirrored - TESTED_THROUGH.keys()) == []
    assert not [name for name in TESTED_THROUGH if not (checkout / "pxedebug" / name).exists()]
    assert not [test for test in TESTED_THROUGH.values() if not (checkout / "tests" / test).exists()]


def test_nothing_that_ships_names_where_or_how_it_was_made(checkout: Path) -> None:
    pattern = re.compile(r"/work\b|\bhelper session\b|issue #?\d+\b|\.\./shared|pypi\.org", re.IGNORECASE)
    found = [
        f"{path.relative_to(checkout)}: {match.group()}"
        for folder in ("pxedebug", "captures")
        for path in sorted((checkout / folder).rglob("*"))
        if path.suffix in {".py", ".md", ".toml", ".json"}
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []

"""The jobs make real papers in a process of their own: Word, PDF and workbook, with the names of who signed."""

from __future__ import annotations

import time
import zipfile
from datetime import timedelta
from io import BytesIO
from multiprocessing import get_context

import pytest
from tests.conftest import AT
from tests.flow.scores.sheets import all_items, give

from manyi.base.files.queries import read_file
from manyi.flow.reports.making import make_due_reports
from manyi.flow.reports.models import ReportFile
from manyi.flow.reports.operations import approve_report, request_report, submit_report
from manyi.flow.scores.drawing import draw_due_results
from manyi.flow.scores.models import Chart
from manyi.flow.scores.operations import compute_scores
from manyi.papers.apart import DidNotFinish, run_apart


@pytest.mark.slow
def test_papers_and_pictures_are_real(sent, wave, cast):
    give(sent[0], all_items("satisfied"))
    give(sent[2], all_items("neutral"), "太慢")
    result, _ = compute_scores(by=cast.li, at=AT, wave=wave)
    report = request_report(by=cast.li, at=AT, result=result, language="zh")
    assert (make_due_reports(at=AT), draw_due_results(at=AT)) == (1, 1)
    submit_report(by=cast.li, at=AT, report=report)
    approve_report(by=cast.wang, at=AT + timedelta(days=1), report=report)
    assert make_due_reports(at=AT + timedelta(days=1)) == 1
    papers = {(row.signed, row.file.title.rpartition(".")[2]): read_file(row.file) for row in ReportFile.objects.all()}
    assert papers[True, "pdf"].startswith(b"%PDF")
    assert "王建国" in _words(papers[True, "docx"])
    assert "王建国" not in _words(papers[False, "docx"])
    assert zipfile.is_zipfile(BytesIO(papers[True, "xlsx"]))
    pictures = {(chart.language, chart.name): read_file(chart.file) for chart in Chart.objects.all()}
    assert {"items", "products", "grades"} <= {name for _, name in pictures}
    assert all(picture.lstrip().startswith(b"<svg") for picture in pictures.values())


def _words(docx: bytes) -> str:
    return zipfile.ZipFile(BytesIO(docx)).read("word/document.xml").decode()


def test_what_hangs_is_ended_and_what_breaks_is_told():
    began = time.monotonic()
    with pytest.raises(DidNotFinish, match="ended"):
        run_apart(time.sleep, 60, seconds=0.2)
    assert time.monotonic() - began < 10
    with pytest.raises(DidNotFinish, match="exit code"):
        run_apart(divmod, 1, 0, seconds=20)
    assert get_context("spawn").active_children() == []

"""The contract of every result: settings, estimates, documents, progress."""

from tumorkit.contract.estimate import Cutoff, Estimate
from tumorkit.contract.progress import SILENT, Progress
from tumorkit.contract.result import InputFile, Result, dumps, plain, to_document
from tumorkit.contract.settings import Settings, about
from tumorkit.contract.summary import Summary

__all__ = [
    "SILENT",
    "Cutoff",
    "Estimate",
    "InputFile",
    "Progress",
    "Result",
    "Settings",
    "Summary",
    "about",
    "dumps",
    "plain",
    "to_document",
]

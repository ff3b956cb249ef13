"""Reads the dated parameters of rules/permit by which scans are watched."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from common.kernel.clock import Clock
from common.rules import DatedRules, RuleBook, load_rules
from permit.domain.board import BoardRules
from permit.domain.signals import SignalRules


class SignalFile(DatedRules):
    """When scans contradict each other."""

    fastest_kmh: float = Field(ge=40, le=400)
    nearest_km: float = Field(ge=0.2, le=50)
    at_once_seconds: int = Field(ge=30, le=1800)
    window_hours: int = Field(ge=1, le=48)
    own_clock_seconds: int = Field(ge=0, le=300)
    clock_seconds: int = Field(ge=0, le=3600)
    unknown_clock_seconds: int = Field(ge=0, le=86400)
    tampering: frozenset[str]
    attempts: int = Field(ge=2, le=24)
    attempts_within_minutes: int = Field(ge=1, le=1440)
    dead_keys: frozenset[str]

    def rules(self) -> SignalRules:
        """Return the same, as the domain reads it."""
        return SignalRules(
            version=self.version,
            document=self.document,
            fastest_kmh=self.fastest_kmh,
            nearest_km=self.nearest_km,
            at_once=timedelta(seconds=self.at_once_seconds),
            window=timedelta(hours=self.window_hours),
            own_clock=timedelta(seconds=self.own_clock_seconds),
            clock=timedelta(seconds=self.clock_seconds),
            unknown_clock=timedelta(seconds=self.unknown_clock_seconds),
            tampering=self.tampering,
            attempts=self.attempts,
            attempts_within=timedelta(minutes=self.attempts_within_minutes),
            dead_keys=self.dead_keys,
        )


class BoardFile(DatedRules):
    """How the checkpoint board estimates and when it warns."""

    handling_seconds: float = Field(ge=5, le=600)
    quickest_seconds: float = Field(ge=1, le=60)
    look_back_hours: int = Field(ge=1, le=24)
    full: float = Field(gt=0.5, lt=1)
    silent_minutes: int = Field(ge=5, le=720)
    late_minutes: int = Field(ge=1, le=720)
    old_list_hours: int = Field(ge=1, le=240)

    def rules(self) -> BoardRules:
        """Return the same, as the domain reads it."""
        return BoardRules(
            version=self.version,
            handling_seconds=self.handling_seconds,
            quickest_seconds=self.quickest_seconds,
            look_back=timedelta(hours=self.look_back_hours),
            full=self.full,
            silent_after=timedelta(minutes=self.silent_minutes),
            late_after=timedelta(minutes=self.late_minutes),
            old_list_after=timedelta(hours=self.old_list_hours),
        )


class Watchbook:
    """The dated parameters of those who watch the scans: signs of fraud, and the board."""

    def __init__(self, signals: RuleBook[SignalFile], board: RuleBook[BoardFile]) -> None:
        self._signals = signals
        self._board = board

    @classmethod
    def load(cls, folder: Path) -> "Watchbook":
        """Read `rules/permit` below *folder*; `RuleFileInvalid` names a file that cannot be used."""
        rules = folder / "rules" / "permit"
        return cls(load_rules(rules / "signals", SignalFile), load_rules(rules / "board", BoardFile))

    def signals(self, clock: Clock) -> SignalRules:
        """Return what is in force at the present time."""
        return self._signals.at(clock.now()).rules()

    def board(self, clock: Clock) -> BoardRules:
        """Return what is in force at the present time."""
        return self._board.at(clock.now()).rules()

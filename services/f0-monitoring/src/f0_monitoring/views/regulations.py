"""The rules as people read them: the form, and every dated document with how sure we are of it."""

from common.kernel.clock import Clock, local_day
from f0_monitoring.rulebook import RiskRuleBooks, Word
from f0_monitoring.views import answers


class Regulations:
    """Shows the rules of the day."""

    def __init__(self, rules: RiskRuleBooks, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock

    def form(self) -> answers.FormView:
        """Show what a declaration asks, within which limits, at which times of day."""
        form = self._rules.form(local_day(self._clock.now()))
        return answers.FormView(
            version=form.version,
            document=form.document,
            slots=[
                answers.SlotView(name=s.name, opens=s.opens.strftime("%H:%M"), due=s.due.strftime("%H:%M"))
                for s in form.slots
            ],
            bounds={
                name: answers.BoundsView(lowest=b.lowest, highest=b.highest, advice=b.advice)
                for name, b in form.bounds.items()
            },
            symptoms=_words(form.symptoms),
            conditions=_words(form.conditions),
        )

    def rulesets(self) -> answers.RulesetsView:
        """Show every version, the newest first."""
        today = local_day(self._clock.now())
        versions = (*self._rules.criteria.versions, *self._rules.course.versions)
        return answers.RulesetsView(
            items=[
                answers.RulesetView(
                    version=rule.version,
                    key=rule.key or "course",
                    title=rule.title,
                    document=rule.document,
                    effective_from=rule.effective_from,
                    effective_to=rule.effective_to,
                    is_in_force=rule.covers(today),
                    confidence=rule.confidence.value,
                    to_be_confirmed=rule.to_be_confirmed,
                    note=rule.note,
                )
                for rule in sorted(versions, key=lambda rule: rule.effective_from, reverse=True)
            ]
        )


def _words(words: tuple[Word, ...]) -> list[answers.WordView]:
    return [
        answers.WordView(code=word.code, vi=word.vi, en=word.en, is_danger_sign=word.is_danger_sign)
        for word in words
    ]

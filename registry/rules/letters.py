"""What mails say, occasion by occasion: who changes, from what to what, from which day, and what one may do."""

from collections.abc import Iterator
from typing import assert_never

from feeds import wording
from registry.resources.changes import ChangeKind, PublishedChange
from registry.resources.letters import (
    Action,
    Announcement,
    Confirmation,
    Contents,
    Letter,
    NoticeTerms,
    Outcome,
    Paragraph,
    Receipt,
    Reminder,
    Suspension,
)
from registry.rules import news

LONGEST_SUBJECT = 180

OUTCOMES = {
    "upheld": "Your objection is upheld: the change does not apply to you.",
    "withdrawn": "The change is withdrawn, so your objection is met.",
    "alternative_offered": "We offer you an alternative; until you have answered, the change does not apply to you.",
    "rejected": "Your objection is not upheld: the change applies to you from its day.",
    "retracted": "Your objection is taken back, as you asked.",
    "terminated": "The contract ends over this change, as your objection asked.",
    "gone_on": "We go on with this change against your objection, by a decision with its reason.",
    "accepted_by_silence": "No objection came in time, so the change counts as accepted.",
    "authorised": "You have authorised this change.",
    "refused": "You have refused this change: it does not apply to you.",
    "awaiting_authorisation": "You have not authorised this change: until you do, it does not apply to you.",
}
_CHANNELS = {"webhook": "webhook", "email": "e-mail address", "feed": "private feed"}


def letter(contents: Contents, company: str) -> Letter:
    """Write the letter of an occasion; ``company`` is whose register it is."""
    match contents:
        case Announcement():
            return _announcement(contents, company)
        case Reminder():
            return _reminder(contents, company)
        case Outcome():
            return _outcome(contents, company)
        case Receipt():
            return _receipt(contents, company)
        case Confirmation():
            return _confirmation(contents, company)
        case Suspension():
            return _suspension(contents, company)
        case _:
            assert_never(contents)


def _announcement(told: Announcement, company: str) -> Letter:
    change, notice = told.change, told.notice
    opening = [f"{company} {_tense(change)} its sub-processors or what they do."]
    if notice is not None:
        opening += _rights(notice)
    if emergency := (notice and notice.emergency) or change.emergency:
        opening.append(f"This change could not wait for its notice period: {_sentence(emergency)}")
    if change.published_alone:
        opening.append("One person drafted and published this change.")
    actions = [
        *_maybe(_answering(notice), told.object_url),
        *_maybe("Confirm that you have read this", told.acknowledge_url),
        Action("Read the change on the register", change.url),
    ]
    return Letter(
        subject=_subject(change),
        heading=_title(change),
        opening=tuple(opening),
        facts=tuple(_facts(change, notice)),
        body=_body(change),
        actions=tuple(actions),
        closing=(_why(company, notice),),
    )


def _reminder(told: Reminder, company: str) -> Letter:
    change, notice = told.change, told.notice
    last = notice.objection_until
    until = f"until {wording.day(last)}" if last else "before its day"
    asked = "Reminder: your authorisation is asked for" if _is_specific(notice) else "Reminder: object"
    return Letter(
        subject=_subject(change, f"{asked} {until}"),
        heading=_title(change),
        opening=(f"{company} told you of this change, and has had no answer from you.", *_rights(notice)),
        facts=tuple(_facts(change, notice)),
        body=_body(change),
        actions=(
            *_maybe(_answering(notice), told.object_url),
            Action("Read the change on the register", change.url),
        ),
        closing=(_why(company, notice),),
    )


def _outcome(told: Outcome, company: str) -> Letter:
    change = told.change
    said = OUTCOMES.get(told.state, f"The notice of this change now stands as: {told.state}.")
    return Letter(
        subject=_subject(change, "Outcome"),
        heading=_title(change),
        opening=(said,),
        facts=tuple(_facts(change, None)),
        body=(Paragraph(f"{company} writes: {told.text}"),) if told.text else (),
        actions=(Action("Read the change on the register", change.url),),
        closing=(_CONTRACT.format(company=company),),
    )


def _receipt(told: Receipt, company: str) -> Letter:
    change = told.change
    return Letter(
        subject=_subject(change, "Your objection has arrived"),
        heading=_title(change),
        opening=(
            f"{company} has your objection and will answer it. You need do nothing more.",
            "Until it is decided, the change does not apply to you.",
        ),
        facts=(("Received on", wording.day(told.received_on)), *_facts(change, None)),
        body=(Paragraph(f"You wrote: {told.objection}"),),
        actions=(Action("Read the change on the register", change.url),),
        closing=(_CONTRACT.format(company=company),),
    )


def _confirmation(told: Confirmation, company: str) -> Letter:
    of_whom = f" for {told.client}" if told.client else ""
    return Letter(
        subject=f"Please confirm: changes to the sub-processors of {company}",
        heading="Please confirm this address",
        opening=(
            f"Somebody, probably you, asked {company} to send changes to its sub-processors to this address{of_whom}.",
            "Nothing is sent until you confirm. If it was not you, do nothing: the address is forgotten.",
            *((_BEGINS,) if told.client else ()),
        ),
        facts=(("Confirm by", wording.day(told.expires_on)),),
        body=(Paragraph("What was asked for:", told.wanted or ("Every change",)),),
        actions=(Action("Confirm this address", told.confirm_url),),
        closing=("The link opens a page; the button on that page confirms.",),
    )


def _suspension(told: Suspension, company: str) -> Letter:
    channel = _CHANNELS.get(told.channel, told.channel)
    return Letter(
        subject=f"Your {channel} is suspended: it could not be reached",
        heading=f"Your {channel} is suspended",
        opening=(
            f"{company} could not deliver changes to its sub-processors to your {channel} any more.",
            "Nothing is sent there until it is confirmed again.",
            "What was not delivered is kept, and can be delivered again once the channel works.",
        ),
        facts=(
            ("Address", told.address),
            ("Not reached since", wording.day(told.since)),
            ("What happened last", told.reason),
        ),
        closing=(f"You receive this because the {channel} was set up with {company}.",),
    )


_BEGINS = (
    "From then on it is sent the notices that the contract promises. The days to object to a change count from the day"
    " on which its notice first reaches an address or endpoint of yours, whether or not it is read."
)
_CONTRACT = (
    "You receive this because your contract with {company} promises it; it cannot be unsubscribed from."
)


def _why(company: str, notice: NoticeTerms | None) -> str:
    if notice is None:
        return f"You receive this because you asked {company} for changes to its sub-processors."
    return _CONTRACT.format(company=company)


def _rights(notice: NoticeTerms) -> Iterator[str]:
    """What the client may do, and what silence means (Article 28(2) GDPR)."""
    if notice.owed == "at_once":
        yield "It narrows or ends processing, so nothing is asked of you."
        return
    last = f" until {wording.day(notice.objection_until)}" if notice.objection_until else ""
    if _is_specific(notice):
        asked = f"it was asked for{last}" if notice.over else f"please give or refuse it{last}"
        yield f"Your contract asks for your authorisation: {asked}."
        yield "Without it the change does not apply to you; silence is no authorisation."
    elif notice.over:
        yield f"You could object{last}, that day included."
        yield "An objection that was not made by then cannot be made any more; the change counts as accepted."
    else:
        yield f"You may object{last}, that day included." if last else "You may object."
        yield "If you do not, the change counts as accepted."


def _facts(change: PublishedChange, notice: NoticeTerms | None) -> Iterator[tuple[str, str]]:
    days = sorted({part.effective_on for part in change.parts})
    if change.kind is ChangeKind.WITHDRAWAL:
        yield "Takes effect", "Not at all: what was announced does not come"
    elif len(days) == 1:
        yield "Takes effect on", wording.day(days[0])
    elif days:
        yield "Takes effect between", f"{wording.day(days[0])} and {wording.day(days[-1])}"
    if notice is not None:
        if notice.owed == "full_period" and notice.objection_until:
            label = "Please answer by" if _is_specific(notice) else "Object until"
            yield label, wording.day(notice.objection_until)
        if notice.contract:
            yield "Contract", notice.contract
    yield "Change", f"{change.number}"


def _body(change: PublishedChange) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(block.sentence, block.lines) for block in wording.blocks(news.item(change)))


def _title(change: PublishedChange) -> str:
    return wording.title(news.item(change))


def _subject(change: PublishedChange, beginning: str | None = None) -> str:
    title = _title(change)
    line = f"{beginning}: {title}" if beginning else title
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def _tense(change: PublishedChange) -> str:
    return "has corrected what is said of" if change.kind is ChangeKind.CORRECTION else "changes"


def _is_specific(notice: NoticeTerms) -> bool:
    return notice.authorisation == "specific"


def _answering(notice: NoticeTerms | None) -> str:
    """What the page behind the link to answer is for."""
    return "Authorise or refuse this change" if notice and _is_specific(notice) else "Object to this change"


def _maybe(label: str, url: str | None) -> tuple[Action, ...]:
    return () if url is None else (Action(label, url),)


def _sentence(text: str) -> str:
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."

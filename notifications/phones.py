"""Telephone numbers as people type them, kept as E.164."""

import re
import unicodedata

import phonenumbers

_INDIAN_E164 = re.compile(r"\+91[6-9][0-9]{9}")
_INDIAN_TYPED = re.compile(r"(?:(?:\+|00)?910?|0)?([6-9][0-9]{9})")
_INTERNATIONAL = re.compile(r"(?:\+|00)([1-9][0-9]{5,14})")
_SEPARATORS = re.compile(r"[\s().\-/]+")
_LONGEST = 40  # a number with every separator people use; more is not worth reading
_HIDDEN = "••••••"
_HOW = "give ten digits that start with 6–9, for example 98765 43210, or + and the country code"


class BadPhone(ValueError):
    """A number that cannot be kept. The message says what to do and shows the value masked."""


def e164(raw: object) -> str:
    """One number in any form people type, as E.164 (`+919876543210`).

    Indian numbers must be mobiles (first digit 6–9) and need no country code; all others need `+` or `00`.
    A number that starts with a space is one whose `+` a URL has decoded. Raises BadPhone.
    """
    if isinstance(raw, str) and _INDIAN_E164.fullmatch(raw):
        return str(raw)  # the form we store, and most of what is asked
    text = _text(raw)
    bare = _SEPARATORS.sub("", text)
    indian = _INDIAN_TYPED.fullmatch(bare)
    if indian:
        return f"+91{indian[1]}"
    if text.startswith(" "):
        bare = f"+{bare.removeprefix('+')}"
    return _foreign(bare, raw)


def mask(phone: object) -> str:
    """A number for logs and errors: `+91••••••3210`. Takes anything, never raises."""
    digits = re.sub(r"[^+0-9]", "", _plain(phone[:_LONGEST])) if isinstance(phone, str) else ""
    country = digits[:3] if digits.startswith("+") and len(digits) > 10 else ""
    last = digits[-4:] if len(digits) >= 10 else digits[-2:] if len(digits) >= 6 else ""
    return country + _HIDDEN + last


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise BadPhone(f"A phone number is a text: {_HOW}.")
    if not raw.strip():
        raise BadPhone(f"The phone number is empty: {_HOW}.")
    if len(raw) > _LONGEST:
        raise BadPhone(f"The phone number {mask(raw)} is too long: {_HOW}.")
    return _plain(raw)


def _plain(raw: str) -> str:
    """Full-width and Indian digits, special spaces and dashes as ASCII; invisible marks dropped."""
    return "".join(map(_ascii, unicodedata.normalize("NFKC", raw)))


def _ascii(char: str) -> str:
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    # Numbers copied from a contact card carry direction marks (Cf) nobody sees.
    return {"Pd": "-", "Cf": "", "Zs": " "}.get(category, char)


def _foreign(bare: str, raw: object) -> str:
    match = _INTERNATIONAL.fullmatch(bare)
    if not match:
        raise BadPhone(f"The phone number {mask(raw)} is not one we can message: {_HOW}.")
    if match[1].startswith("91"):
        raise BadPhone(f"The phone number {mask(raw)} is not an Indian mobile number: {_HOW}.")
    number = _parsed(f"+{match[1]}")
    if number is None or not phonenumbers.is_valid_number(number):
        raise BadPhone(f"The phone number {mask(raw)} does not exist in its country: check the digits.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parsed(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None

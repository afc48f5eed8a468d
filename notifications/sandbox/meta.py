"""Meta's codes and the words they come with, which MyOperator passes on."""

from typing import Any

from .wire import json_bytes

# Code: title, details. Where Meta has no details of its own, the title says it all.
CODES = {
    0: ("AuthException", "The app user could not be authenticated"),
    1: ("API Unknown", "Invalid request or possible server error"),
    2: ("API Service", "Temporary due to downtime or due to being overloaded"),
    3: ("API Method", "Capability or permissions issue"),
    4: ("API Too Many Calls", "The app has reached its API call rate limit"),
    10: ("Permission Denied", "Permission is either not granted or has been removed"),
    33: ("Parameter value is not valid", "The business phone number has been deleted"),
    100: ("Invalid parameter", "The request included an unsupported or misspelled parameter"),
    190: ("Access token has expired", "The access token has expired"),
    200: ("API Permission", "Permission is either not granted or has been removed"),
    368: ("Temporarily blocked for policies violations", "The account is restricted for violating a policy"),
    80007: ("Rate limit issues", "The WhatsApp Business Account has reached its rate limit"),
    130429: ("Rate limit hit", "Cloud API message throughput has been reached"),
    130472: ("User's number is part of an experiment", "The message was not sent as part of an experiment"),
    130497: ("Business account is restricted from messaging users in this country", ""),
    131000: ("Something went wrong", "Message failed to send due to an unknown error"),
    131005: ("Access denied", "Permission is either not granted or has been removed"),
    131008: ("Required parameter is missing", "The request is missing a required parameter"),
    131009: ("Parameter value is not valid", "One or more parameter values are invalid"),
    131016: ("Service unavailable", "A service is temporarily unavailable"),
    131021: ("Recipient cannot be sender", "Sender and recipient phone number is the same"),
    131026: ("Message undeliverable", "Recipient is not a WhatsApp user"),
    131031: ("Account has been locked", "The account is restricted or disabled for a policy violation"),
    131042: ("Business eligibility payment issue", "There was an error related to your payment method"),
    131047: (
        "Re-engagement message",
        "More than 24 hours have passed since the customer last replied",
    ),
    131048: ("Spam rate limit hit", "Too many messages from this number were blocked or flagged as spam"),
    131049: ("Not delivered", "Not delivered to maintain healthy ecosystem engagement"),
    131050: ("Not delivered", "The customer stopped marketing messages from this business"),
    131051: ("Unsupported message type", "Unsupported message type"),
    131052: ("Media download error", "Unable to download the media sent by the user"),
    131053: ("Media upload error", "Unable to upload the media used in the message"),
    131056: ("Pair rate limit hit", "Too many messages from this number to the same customer"),
    131057: ("Account in maintenance mode", "The account is in maintenance mode"),
    131064: ("Account is restricted", ""),
    132000: ("Template param count mismatch", "The number of values differs from that of the placeholders"),
    132001: ("Template does not exist", "It does not exist in the language, or has not been approved"),
    132005: ("Template hydrated text too long", "Translated text is too long"),
    132007: ("Template format character policy violated", "Template content violates a WhatsApp policy"),
    132008: ("Template parameter contains a policy violation", ""),
    132012: ("Template parameter format mismatch", "Values are formatted incorrectly"),
    132015: ("Template is paused", "Template is paused due to low quality"),
    132016: ("Template is disabled", "Template was paused too often and is disabled for good"),
    132018: (
        "Template parameters are not valid",
        "A value is empty or holds a newline, a tab or many spaces",
    ),
    133004: ("Server temporarily unavailable", "Server is temporarily unavailable"),
}

NOT_APPROVED = 132001
PAUSED = 132015
DISABLED = 132016
WINDOW_CLOSED = 131047


def error(code: int, details: str = "") -> dict[str, Any]:
    """Meta's error object; `details` instead of the usual ones."""
    title, usual = CODES.get(code, (f"(#{code})", ""))
    return {"code": code, "title": title, "error_data": {"details": details or usual or title}}


def refusal(code: int, details: str = "") -> bytes:
    """A whole answer that passes Meta's code on.

    HTTP 400 and a list in `errors` are guesses: nobody has written down how MyOperator carries these codes.
    """
    found = error(code, details)
    value = {"status": "error", "code": "400", "message": found["title"], "errors": [found]}
    return json_bytes(400, value)

"""What notifications says by itself: the answers to STOP and START."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from notifications.registry import MessageKind, link, register

STOPPED = MessageKind(
    code="stop_confirmation",
    label="Messages stopped",
    cause="the customer wrote STOP",
    preference="order",  # no switch turns it off: it is about the switches
    expires=timedelta(hours=24),
    answers=True,
    about_consent=True,
    variables=(),
    texts={
        "en": "You will get no more messages from EarlyBird. To get them again, reply START.",
        "hi": "अब आपको EarlyBird से कोई संदेश नहीं आएगा। फिर से पाने के लिए शुरू लिखकर भेजें।",
        "kn": "ಇನ್ನು ಮುಂದೆ ನಿಮಗೆ EarlyBird ನಿಂದ ಸಂದೇಶಗಳು ಬರುವುದಿಲ್ಲ. ಮತ್ತೆ ಪಡೆಯಲು START ಎಂದು ಉತ್ತರಿಸಿ.",
        "ta": "இனி உங்களுக்கு EarlyBird-இலிருந்து செய்திகள் வராது. மீண்டும் பெற START என்று பதிலளிக்கவும்.",
        "te": "ఇకపై మీకు EarlyBird నుండి సందేశాలు రావు. మళ్లీ పొందడానికి START అని సమాధానం పంపండి.",
        "mr": "यापुढे तुम्हाला EarlyBird कडून संदेश येणार नाहीत. पुन्हा मिळवण्यासाठी START असे उत्तर पाठवा.",
    },
)
STARTED = MessageKind(
    code="start_confirmation",
    label="Messages on again",
    cause="the customer wrote START",
    preference="order",
    expires=timedelta(hours=24),
    answers=True,
    about_consent=True,
    variables=(),
    texts={
        "en": "You will get messages from EarlyBird again. To stop them, reply STOP.",
        "hi": "अब आपको EarlyBird के संदेश फिर से मिलेंगे। इन्हें रोकने के लिए रोको लिखकर भेजें।",
        "kn": "ನಿಮಗೆ EarlyBird ಸಂದೇಶಗಳು ಮತ್ತೆ ಬರುತ್ತವೆ. ನಿಲ್ಲಿಸಲು STOP ಎಂದು ಉತ್ತರಿಸಿ.",
        "ta": "உங்களுக்கு EarlyBird செய்திகள் மீண்டும் வரும். நிறுத்த STOP என்று பதிலளிக்கவும்.",
        "te": "మీకు EarlyBird సందేశాలు మళ్లీ వస్తాయి. ఆపడానికి STOP అని సమాధానం పంపండి.",
        "mr": "तुम्हाला EarlyBird चे संदेश पुन्हा मिळतील. ते थांबवण्यासाठी STOP असे उत्तर पाठवा.",
    },
)

register(STOPPED, STARTED)
link("reply_", lambda pk: reverse("admin:notifications_inboundmessage_change", args=[pk]))

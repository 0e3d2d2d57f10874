"""Views as the lane may ask for them, with words of our own, for the time before and the tests beside the real ones."""

from drivers.contract import Arrow, Kind
from kiosk.views.parts import Choice, Header, Layout, Overlay, Row, Sentence, View

WORDS = {
    "leaving": ("Leaving Tanzania", "Kutuluka m'dziko la Tanzania"),
    "welcome": ("Welcome", "Takulandirani"),
    "start": ("Touch the screen to begin", "Khudzani sikirini kuti muyambe"),
    "language": ("Choose your language", "Sankhani chiyankhulo chanu"),
    "notice": ("What we keep about you", "Zimene timasunga za inu"),
    "notice_1": (
        "The data in your document, your photo, your fingerprints and your answers.",
        "Zolembedwa m'chikalata chanu, chithunzi chanu, zidindo za zala zanu ndi mayankho anu.",
    ),
    "notice_2": (
        "We use them to check your crossing, as the law requires.",
        "Timazigwiritsa ntchito poona kuwoloka kwanu, monga mmene lamulo likunenera.",
    ),
    "notice_3": (
        "You may ask to see them, to correct them, and to complain.",
        "Mungapemphe kuziona, kukonza zolakwika, ndiponso kudandaula.",
    ),
    "understood": ("I understand", "Ndamvetsa"),
    "class": ("What do you travel with?", "Mukuyenda ndi chikalata chiti?"),
    "passport": ("Passport or identity card", "Pasipoti kapena chiphaso cha nzika"),
    "pass": ("Border pass", "Chiphaso cha pamalire"),
    "crew": ("I am a driver or crew", "Ndine dalaivala kapena wogwira ntchito m'galimoto"),
    "none": ("No document, or not sure", "Ndilibe chikalata, kapena sindikudziwa"),
    "lay": ("Lay your passport face down on the glass", "Ikani pasipoti yanu pagalasi itayang'ana pansi"),
    "lay_1": ("Open the page with your photo", "Tsegulani patsamba la chithunzi"),
    "lay_2": ("Lay it down and hold still", "Iikeni pansi ndipo musasunthe"),
    "lay_3": ("Wait for the sound", "Dikirani mpaka mumve kulira"),
    "reading": ("We are reading your passport", "Tikuwerenga pasipoti yanu"),
    "reading_1": ("Leave it where it is", "Isiyeni pomwepo"),
    "wait": ("Please wait", "Chonde dikirani"),
    "purpose": ("Why are you travelling?", "Cholinga cha ulendo wanu ndi chiyani?"),
    "visit": ("Visit", "Kuchezera"),
    "trade": ("Trade", "Malonda"),
    "work": ("Work", "Ntchito"),
    "transit": ("Passing through", "Kungodutsa"),
    "study": ("Study", "Maphunziro"),
    "medical": ("Medical care", "Chithandizo cha kuchipatala"),
    "home": ("Going home", "Kubwerera kwathu"),
    "party": ("Does anybody travel with you?", "Kodi mukuyenda ndi munthu wina?"),
    "alone": ("I travel alone", "Ndikuyenda ndekha"),
    "add": ("Add a person", "Onjezerani munthu"),
    "look": ("Look at the camera", "Yang'anani kamera"),
    "look_1": ("Take off hat and glasses if you can", "Vulani chipewa ndi magalasi a m'maso ngati n'kotheka"),
    "closer": ("Come a little closer", "Yandikirani pang'ono"),
    "finger": ("Lay your right forefinger flat on the glass", "Ikani chala chanu chakumanja mophwatalala pagalasi"),
    "cannot": ("I cannot do this", "Sindingathe kuchita izi"),
    "review": ("Is this right?", "Kodi izi ndi zolondola?"),
    "name": ("Name", "Dzina"),
    "number": ("Document", "Chikalata"),
    "nation": ("Nationality", "Dziko"),
    "born": ("Born", "Tsiku lobadwa"),
    "why": ("Purpose", "Cholinga"),
    "yes_right": ("Yes, this is right", "Inde, izi ndi zolondola"),
    "change": ("Change an answer", "Sinthani yankho"),
    "recording": ("We are saving your registration", "Tikusunga kaundula wanu"),
    "token": ("Take your slip and go to the officer", "Tengani kapepala kanu ndipo pitani kwa ofesala"),
    "token_1": ("Keep it until you have crossed", "Kasungeni mpaka mutawoloka"),
    "free": ("This service is free. Do not pay anyone.", "Ntchitoyi ndi yaulere. Musalipire munthu aliyense."),
    "desk": ("Go to desk", "Pitani ku desiki"),
    "done": ("Done", "Zatha"),
    "helped": ("An officer will help you", "Ofesala akuthandizani"),
    "helped_1": ("Please stay here", "Chonde khalani pompano"),
    "closed": ("This lane is closed", "Njira iyi yatsekedwa"),
    "closed_1": ("Please use another lane", "Chonde gwiritsani ntchito njira ina"),
    "more": ("Do you need more time?", "Kodi mukufuna nthawi yowonjezera?"),
    "more_yes": ("Yes, more time", "Inde, nthawi yowonjezera"),
    "more_no": ("No, stop here", "Ayi, lekani pano"),
    "back": ("Back", "Bwererani"),
    "help": ("Help", "Thandizo"),
    "ready": ("I am ready", "Ndakonzeka"),
}
LANGUAGES = ("en", "ny")


def views(language: str) -> tuple[View, ...]:
    """One view of every kind, in English or in the longest of our languages."""
    at = LANGUAGES.index(language)

    def say(key: str) -> Sentence:
        return Sentence(key, WORDS[key][at], (key,))

    def pick(key: str, icon: str = "", chosen: bool = False) -> Choice:
        return Choice(key, say(key), ("event", key), icon, chosen=chosen)

    head = Header("Tunduma", say("leaving"), Arrow.RIGHT)
    back, help_ = pick("back", "back"), pick("help", "help")

    def view(name: str, layout: Layout, title: str, **more: object) -> View:
        frame = {"header": head, "back": back, "help": help_, "language": language, **more}
        return View(name=name, layout=layout, title=say(title), **frame)  # type: ignore[arg-type]

    tongues = (("en", "English"), ("sw", "Kiswahili"), ("ny", "Chichewa"), ("pt", "Português"), ("fr", "Français"))
    purposes = ("visit", "trade", "work", "transit", "study", "medical", "home")
    return (
        view(
            "ATTRACT",
            Layout.ATTRACT,
            "welcome",
            lines=(say("start"),),
            illustration="welcome",
            main=pick("start", "forward"),
            back=None,
            help=None,
        ),
        view(
            "LANGUAGE",
            Layout.CHOICES,
            "language",
            illustration="languages",
            back=None,
            choices=tuple(Choice(code, Sentence(code, name, (code,)), ("language", code), "listen", code) for code, name in tongues),
        ),
        view(
            "NOTICE",
            Layout.INSTRUCT,
            "notice",
            lines=tuple(say(f"notice_{n}") for n in (1, 2, 3)),
            illustration="privacy",
            main=pick("understood", "check"),
        ),
        view(
            "TRAVEL_CLASS",
            Layout.CHOICES,
            "class",
            steps=(1, 7),
            choices=(pick("passport", "passport"), pick("pass", "border_pass"), pick("crew", "crew"), pick("none", "no_document")),
        ),
        view(
            "DOC_CAPTURE",
            Layout.INSTRUCT,
            "lay",
            steps=(2, 7),
            lines=tuple(say(f"lay_{n}") for n in (1, 2, 3)),
            illustration="lay_face_down",
        ),
        view(
            "DOC_READING", Layout.WAIT, "reading", steps=(2, 7), lines=(say("reading_1"),), waiting=say("wait"), illustration="zone_glows"
        ),
        view(
            "PARTY",
            Layout.CHOICES,
            "party",
            steps=(3, 7),
            illustration="family",
            choices=(pick("alone", "adult"), pick("add", "add_person")),
        ),
        view("DECLARE", Layout.CHOICES, "purpose", steps=(4, 7), choices=tuple(pick(key, key) for key in purposes)),
        view("FACE", Layout.LIVE, "look", steps=(5, 7), lines=(say("look_1"),), camera=Kind.FACE_CAMERA, second=pick("cannot")),
        view(
            "FACE_READY",
            Layout.INSTRUCT,
            "look",
            steps=(5, 7),
            lines=(say("look_1"),),
            illustration="look_here",
            main=pick("ready", "face"),
        ),
        view("FINGERS", Layout.INSTRUCT, "finger", steps=(6, 7), illustration="finger_flat", second=pick("cannot")),
        view(
            "REVIEW",
            Layout.REVIEW,
            "review",
            steps=(7, 7),
            rows=(
                Row(say("name"), "ERIKSSON ANNA MARIA", "adult"),
                Row(say("number"), "P UTO L898902C3", "passport"),
                Row(say("nation"), "Utopia", "visit"),
                Row(say("born"), "12 Aug 1974", "calendar"),
                Row(say("why"), WORDS["visit"][at], "visit"),
            ),
            main=pick("yes_right", "check"),
            second=pick("change", "repeat"),
        ),
        view("RECORDING", Layout.WAIT, "recording", waiting=say("wait"), illustration="please_wait", back=None, help=None),
        view(
            "TOKEN",
            Layout.TOKEN,
            "token",
            lines=(say("token_1"), say("free")),
            illustration="take_slip",
            number="017",
            code="K4T 7QF",
            qr="MPAKA:K4T7QF:UTO-TUNDUMA:2026-11-23T10:36Z:SIGNATURE0123456789",
            rows=(Row(say("desk"), "4"),),
            main=pick("done", "check"),
            back=None,
            help=None,
        ),
        view("HELP_DISCREET", Layout.WAIT, "helped", lines=(say("helped_1"),), illustration="officer_helps", back=None, help=None),
        view("CLOSED", Layout.CLOSED, "closed", lines=(say("closed_1"),), illustration="lane_closed", back=None, help=None),
        view(
            "MORE_TIME",
            Layout.INSTRUCT,
            "finger",
            steps=(6, 7),
            illustration="finger_flat",
            overlay=Overlay(say("more"), (pick("more_yes", "check"), pick("more_no", "leave")), "more_time"),
        ),
    )

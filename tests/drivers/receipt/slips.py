"""Slips as the lane orders them, from ordinary to awkward."""

from drivers.contract import Arrow, Slip

TOKEN = "MPK1:K4T7QF:" + "ONXW2ZJAONUWO3TFMQQGYYLOMUQGC3TEEBRW6ZDFEBRXK3DUNFXW4" * 2

TUNDUMA = Slip(
    language="sw",
    heading="TUNDUMA · UHAMIAJI",
    subheading="Kutoka Tanzania · 23 Nov 2026 10:36",
    place_label="Nenda dirisha",
    place="4",
    arrow=Arrow.RIGHT,
    number_label="Nambari ya foleni",
    number="A17",
    code_label="Nambari yako",
    code="K4T7QF",
    qr=TOKEN,
    party="Familia ya 3",
    footer=("Shika pasipoti na karatasi hii.", "Huduma hii ni bure."),
    band="SAMPLE",
)

KASUMBALESA = Slip(
    language="fr",
    heading="POSTE FRONTIÈRE DE KASUMBALESA · DIRECTION GÉNÉRALE DE MIGRATION",
    subheading="Sortie de la République démocratique du Congo · 23 novembre 2026 10:36",
    place_label="Présentez-vous sans attendre au guichet",
    place="Bureau d'accueil prioritaire",
    arrow=Arrow.AHEAD,
    number_label="Votre numéro dans la file d'attente",
    number="A1175",
    code_label="Votre code personnel",
    code="K4T7QF",
    qr=TOKEN,
    party="Famille de 12 personnes, dont 7 enfants",
    footer=("Gardez votre passeport et ce reçu avec vous jusqu'à la sortie du poste.", "Ce service est gratuit. Ne payez personne."),
)

SONGWE = Slip(
    language="ny",
    heading="SONGWE · OLOWA NDI OTULUKA",
    subheading="Kutuluka m'Malawi · 23 Nov 2026 10:36",
    place_label="Pitani pawindo",
    place="12",
    arrow=Arrow.LEFT,
    number_label="Nambala yanu pamzere",
    number="B3",
    code_label="Chizindikiro chanu",
    code="K4T7QF",
    qr="",
    party="",
    footer=("Sungani pasipoti yanu ndi kapepala aka mpaka mutatulukamutatulukamutatulukamutatuluka m'boma.",),
)

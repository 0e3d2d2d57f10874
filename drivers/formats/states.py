"""Codes of states, organisations and classes of person in a machine readable zone: Doc 9303-3, section 5.

Three letters: ISO 3166-1 alpha-3 (249 entries) and what ICAO adds. Certificates and topics use the two-letter code. A code that is
not in the list is never a reason to refuse a document: new codes are published between two versions of this file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

FILLER = "<"


class StateKind(StrEnum):
    """What a code stands for: the parts of Doc 9303-3, section 5.

    STATE: a state or territory (part A, ISO 3166-1). NATIONALITY: used as nationality of some holders of British documents (A).
    ORGANISATION: an organisation that issues documents (B, C, D). PERSON: no state, but the standing of the holder (E).
    OLD: no longer issued, still on old documents (F). SPECIMEN: Utopia (G). SIGNER: signs master lists, issues no document (H).
    """

    STATE = "state"
    NATIONALITY = "nationality"
    ORGANISATION = "organisation"
    PERSON = "person"
    OLD = "old"
    SPECIMEN = "specimen"
    SIGNER = "signer"


@dataclass(frozen=True)
class State:
    """One code: `code` as in a zone without fillers, `alpha2` or "" where there is none, the English name, and what it stands for."""

    code: str
    alpha2: str
    name: str
    kind: StateKind


# A row: the code, the two-letter code (- where there is none), the name.
_ISO_3166 = """
ABW AW Aruba
AFG AF Afghanistan
AGO AO Angola
AIA AI Anguilla
ALA AX Åland Islands
ALB AL Albania
AND AD Andorra
ARE AE United Arab Emirates
ARG AR Argentina
ARM AM Armenia
ASM AS American Samoa
ATA AQ Antarctica
ATF TF French Southern Territories
ATG AG Antigua and Barbuda
AUS AU Australia
AUT AT Austria
AZE AZ Azerbaijan
BDI BI Burundi
BEL BE Belgium
BEN BJ Benin
BES BQ Bonaire, Sint Eustatius and Saba
BFA BF Burkina Faso
BGD BD Bangladesh
BGR BG Bulgaria
BHR BH Bahrain
BHS BS Bahamas
BIH BA Bosnia and Herzegovina
BLM BL Saint Barthélemy
BLR BY Belarus
BLZ BZ Belize
BMU BM Bermuda
BOL BO Bolivia
BRA BR Brazil
BRB BB Barbados
BRN BN Brunei
BTN BT Bhutan
BVT BV Bouvet Island
BWA BW Botswana
CAF CF Central African Republic
CAN CA Canada
CCK CC Cocos (Keeling) Islands
CHE CH Switzerland
CHL CL Chile
CHN CN China
CIV CI Côte d’Ivoire
CMR CM Cameroon
COD CD Democratic Republic of the Congo
COG CG Congo
COK CK Cook Islands
COL CO Colombia
COM KM Comoros
CPV CV Cabo Verde
CRI CR Costa Rica
CUB CU Cuba
CUW CW Curaçao
CXR CX Christmas Island
CYM KY Cayman Islands
CYP CY Cyprus
CZE CZ Czechia
DEU DE Germany
DJI DJ Djibouti
DMA DM Dominica
DNK DK Denmark
DOM DO Dominican Republic
DZA DZ Algeria
ECU EC Ecuador
EGY EG Egypt
ERI ER Eritrea
ESH EH Western Sahara
ESP ES Spain
EST EE Estonia
ETH ET Ethiopia
FIN FI Finland
FJI FJ Fiji
FLK FK Falkland Islands
FRA FR France
FRO FO Faroe Islands
FSM FM Micronesia
GAB GA Gabon
GBR GB United Kingdom
GEO GE Georgia
GGY GG Guernsey
GHA GH Ghana
GIB GI Gibraltar
GIN GN Guinea
GLP GP Guadeloupe
GMB GM Gambia
GNB GW Guinea-Bissau
GNQ GQ Equatorial Guinea
GRC GR Greece
GRD GD Grenada
GRL GL Greenland
GTM GT Guatemala
GUF GF French Guiana
GUM GU Guam
GUY GY Guyana
HKG HK Hong Kong
HMD HM Heard and McDonald Islands
HND HN Honduras
HRV HR Croatia
HTI HT Haiti
HUN HU Hungary
IDN ID Indonesia
IMN IM Isle of Man
IND IN India
IOT IO British Indian Ocean Territory
IRL IE Ireland
IRN IR Iran
IRQ IQ Iraq
ISL IS Iceland
ISR IL Israel
ITA IT Italy
JAM JM Jamaica
JEY JE Jersey
JOR JO Jordan
JPN JP Japan
KAZ KZ Kazakhstan
KEN KE Kenya
KGZ KG Kyrgyzstan
KHM KH Cambodia
KIR KI Kiribati
KNA KN Saint Kitts and Nevis
KOR KR South Korea
KWT KW Kuwait
LAO LA Laos
LBN LB Lebanon
LBR LR Liberia
LBY LY Libya
LCA LC Saint Lucia
LIE LI Liechtenstein
LKA LK Sri Lanka
LSO LS Lesotho
LTU LT Lithuania
LUX LU Luxembourg
LVA LV Latvia
MAC MO Macao
MAF MF Saint Martin
MAR MA Morocco
MCO MC Monaco
MDA MD Moldova
MDG MG Madagascar
MDV MV Maldives
MEX MX Mexico
MHL MH Marshall Islands
MKD MK North Macedonia
MLI ML Mali
MLT MT Malta
MMR MM Myanmar
MNE ME Montenegro
MNG MN Mongolia
MNP MP Northern Mariana Islands
MOZ MZ Mozambique
MRT MR Mauritania
MSR MS Montserrat
MTQ MQ Martinique
MUS MU Mauritius
MWI MW Malawi
MYS MY Malaysia
MYT YT Mayotte
NAM NA Namibia
NCL NC New Caledonia
NER NE Niger
NFK NF Norfolk Island
NGA NG Nigeria
NIC NI Nicaragua
NIU NU Niue
NLD NL Netherlands
NOR NO Norway
NPL NP Nepal
NRU NR Nauru
NZL NZ New Zealand
OMN OM Oman
PAK PK Pakistan
PAN PA Panama
PCN PN Pitcairn Islands
PER PE Peru
PHL PH Philippines
PLW PW Palau
PNG PG Papua New Guinea
POL PL Poland
PRI PR Puerto Rico
PRK KP North Korea
PRT PT Portugal
PRY PY Paraguay
PSE PS Palestine
PYF PF French Polynesia
QAT QA Qatar
REU RE Réunion
ROU RO Romania
RUS RU Russia
RWA RW Rwanda
SAU SA Saudi Arabia
SDN SD Sudan
SEN SN Senegal
SGP SG Singapore
SGS GS South Georgia and South Sandwich Islands
SHN SH Saint Helena
SJM SJ Svalbard and Jan Mayen
SLB SB Solomon Islands
SLE SL Sierra Leone
SLV SV El Salvador
SMR SM San Marino
SOM SO Somalia
SPM PM Saint Pierre and Miquelon
SRB RS Serbia
SSD SS South Sudan
STP ST São Tomé and Príncipe
SUR SR Suriname
SVK SK Slovakia
SVN SI Slovenia
SWE SE Sweden
SWZ SZ Eswatini
SXM SX Sint Maarten
SYC SC Seychelles
SYR SY Syria
TCA TC Turks and Caicos Islands
TCD TD Chad
TGO TG Togo
THA TH Thailand
TJK TJ Tajikistan
TKL TK Tokelau
TKM TM Turkmenistan
TLS TL Timor-Leste
TON TO Tonga
TTO TT Trinidad and Tobago
TUN TN Tunisia
TUR TR Türkiye
TUV TV Tuvalu
TWN TW Taiwan
TZA TZ Tanzania
UGA UG Uganda
UKR UA Ukraine
UMI UM United States Minor Outlying Islands
URY UY Uruguay
USA US United States
UZB UZ Uzbekistan
VAT VA Holy See
VCT VC Saint Vincent and Grenadines
VEN VE Venezuela
VGB VG British Virgin Islands
VIR VI United States Virgin Islands
VNM VN Vietnam
VUT VU Vanuatu
WLF WF Wallis and Futuna
WSM WS Samoa
YEM YE Yemen
ZAF ZA South Africa
ZMB ZM Zambia
ZWE ZW Zimbabwe
"""

# What ICAO adds, by kind. UNK is written by the mission in Kosovo, RKS by Kosovo itself (in use, not in ISO 3166-1).
_ADDED = {
    StateKind.STATE: """
D DE Germany
RKS KS Kosovo
""",
    StateKind.NATIONALITY: """
GBD - British Overseas Territories Citizen
GBN - British National (Overseas)
GBO - British Overseas Citizen
GBP - British Protected Person
GBS - British Subject
UNK - Resident of Kosovo (document of UNMIK)
""",
    StateKind.ORGANISATION: """
EUE EU European Union
UNO UN United Nations
UNA UN Specialized agency of the United Nations
XBA - African Development Bank
XCC - Caribbean Community
XCE - Council of Europe
XCO - Common Market for Eastern and Southern Africa
XDC - Southern African Development Community
XEC - Economic Community of West African States
XES - Organization of Eastern Caribbean States
XIM - African Export-Import Bank
XMP - Parliamentary Assembly of the Mediterranean
XOM - Sovereign Military Order of Malta
XPO - INTERPOL
""",
    StateKind.PERSON: """
XXA - Stateless person
XXB - Refugee
XXC - Refugee, other
XXX - Nationality unspecified
""",
    StateKind.OLD: """
ANT AN Netherlands Antilles
NTZ NT Neutral Zone
""",
    StateKind.SPECIMEN: """
UTO UT Utopia
""",
    StateKind.SIGNER: """
IAO IA International Civil Aviation Organization
""",
}


def _rows(table: str, kind: StateKind) -> dict[str, State]:
    """The states of one table by code."""
    found = {}
    for row in table.strip().splitlines():
        code, alpha2, name = row.split(" ", 2)
        found[code] = State(code, "" if alpha2 == "-" else alpha2, name, kind)
    return found


def _all_states() -> Mapping[str, State]:
    """Every code, ISO 3166-1 first."""
    states = _rows(_ISO_3166, StateKind.STATE)
    for kind, table in _ADDED.items():
        states |= _rows(table, kind)
    return MappingProxyType(states)


STATES: Mapping[str, State] = _all_states()

# Germany writes D in its zones, not DEU; of UNO and UNA the first is the organisation itself.
_BY_ALPHA2 = {state.alpha2: state for state in STATES.values() if state.alpha2} | {"DE": STATES["D"], "UN": STATES["UNO"]}


def find_state(code: str) -> State | None:
    """What a code of a zone stands for, fillers allowed (`D<<`); None for a code that is not in the list."""
    return STATES.get(code.rstrip(FILLER))


def find_alpha2(alpha2: str) -> State | None:
    """The state or organisation of a two-letter code, as in a certificate; None for a code that is not in the list."""
    return _BY_ALPHA2.get(alpha2)


def same_state(one: str, other: str) -> bool:
    """Whether two codes name the same state, though written apart: `D<<` and `DEU`, with fillers or without."""
    one, other = one.rstrip(FILLER), other.rstrip(FILLER)
    return one == other or {one, other} == {"D", "DEU"}


def in_zone(code: str) -> str:
    """A code as the three characters of a zone: Germany's as `D<<`, the others as they are. The code itself is not judged."""
    return ("D" if code == "DEU" else code).ljust(3, FILLER)

"""The 37 characters of a machine readable zone (Doc 9303-3, 4.3) in the order the recogniser knows them, and the shape of its strips."""

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
NOTHING = len(CHARACTERS)  # the recogniser's 38th class: no character is centred here
INDEX = {character: at for at, character in enumerate(CHARACTERS)}

STRIP_HEIGHT = 32  # pixels; a capital letter is about half of it
STRIP_WIDTH = 832  # pixels; 44 characters at the nominal pitch and a margin on both sides
PITCH = 17.0  # pixels from one character's centre to the next in a strip as the recogniser likes it
CAPITAL = 16.0  # pixels, height of a capital letter in such a strip
STRIDE = 4  # pixels of the strip for each column of the recogniser's answer

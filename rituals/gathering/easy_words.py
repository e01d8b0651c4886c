"""The word that is said aloud in the room: two easy ones that change, and how forgiving one may be in writing them."""

from __future__ import annotations

import hmac
import re
import unicodedata
from datetime import datetime, timedelta

# A word is good for so long, and for a little longer while it is on somebody's lips.
TURNS = timedelta(minutes=10)
STILL_GOOD = timedelta(minutes=5)

# Easy English words that are hard to confuse when they are said aloud.
_EASY = """
acorn actor album amber anchor ankle apple apricot apron arrow artist attic autumn avocado baker balcony ballet
balloon bamboo banana bandage banjo barbecue barber barley barrel basil basket beaver bedroom beetle bicycle biscuit
blackbird blanket blossom blouse bluebell bookshop bottle boulder bouquet bracelet branch breeze brick bridge broccoli
bronze brother brush bubble bucket buffalo butter butterfly button cabbage cabin cactus camel camera camping canal
candle canoe canvas captain caramel caravan cardigan carpet castle cellar cement cherry chess chestnut chicken chimney
chocolate cinema circle circus clarinet cliff cloud clover cobweb cockpit coconut coffee comet compass concert cookie
copper coral corner cottage cotton cousin cradle crayon cricket crocodile crocus crystal cucumber cupboard curtain
cushion cyclist daisy dancer dentist desert diamond dinner doctor dolphin doorbell dragon drawer dream driftwood
drummer eagle echo elbow elephant embroidery engine evening explorer falcon farmer farmhouse ferry fiddle firefly
fireplace flamingo flower flute footpath forest friend furniture galaxy garage garden gardener garlic gazebo giant
ginger giraffe glacier globe goblin golden gondola goose gorilla grandma granite grape grass guitar hammer hammock
hamster harbour harmonica harvest haystack hazel hedgehog helmet heron hilltop hippo holiday honey horizon horse hotel
iceberg igloo inkpot island ivory jacket jaguar jasmine jelly jewel jigsaw journey jungle kangaroo kayak ketchup
kettle keyboard kiosk kitchen kitten ladder ladybird lagoon lantern laundry lavender lemon lemonade leopard letter
library lighthouse lily lion lobster lollipop lunch macaroni magnet magpie mandarin mango maple marble market
marmalade mattress meadow medal melon meringue mirror monkey morning mosaic mountain muffin mushroom mustard napkin
nectar needle noodle nurse nutmeg oatmeal ocean octopus olive omelette onion opera orange orchard orchestra origami
ostrich otter oven oyster paddle palace pancake panda panther papaya paper paprika parade parrot parsley pasta
pavement peach peacock peanut pebble pelican pencil penguin penny pepper piano picnic picture pigeon pillow pilot
pinecone pirate planet plaster pocket poet pony poppy postcard potato powder pumpkin puppet purple puzzle pyramid
rabbit radio radish railway rainbow raincoat raisin raven ribbon river robin rooster rowing ruby safari sailor salad
salmon sandal sandwich saucer school scooter seagull sesame shadow shelter shepherd shoulder silver sister snail
soccer spider spinach spoon spring squirrel stable stadium station statue stocking stone storm strawberry street
summer sunset swallow sweater swimmer teacher teapot temple tennis theatre thunder ticket tiger timber toast tomato
tortoise tower tractor train travel treasure trumpet tulip tunnel turkey turtle umbrella uncle valley vanilla velvet
village violet violin volcano waffle wagon waiter walnut walrus waterfall weather whale whistle window winter wizard
wolf wonder woodland yellow yoghurt zebra
"""
EASY = tuple(_EASY.split())


def word_at(key: str, at: datetime) -> str:
    """Give the word of a moment; it follows from the key alone, so a restart changes nothing and nothing is kept."""
    number = int(at.timestamp() // TURNS.total_seconds())
    drawn = int.from_bytes(hmac.digest(bytes.fromhex(key), str(number).encode(), "sha256"))
    drawn, first = divmod(drawn, len(EASY))
    # The second is never the first again.
    second = (first + 1 + drawn % (len(EASY) - 1)) % len(EASY)
    return f"{EASY[first]} {EASY[second]}"


def changes_at(at: datetime) -> datetime:
    """Tell when the word of a moment changes."""
    past = at.timestamp() % TURNS.total_seconds()
    return at + TURNS - timedelta(seconds=past)


def is_word(written: str, key: str, at: datetime) -> bool:
    """Tell whether somebody wrote the word, or the one before it while it is still good."""
    good = {word_at(key, at), word_at(key, at - STILL_GOOD)}
    return any(hmac.compare_digest(_plain(written), _plain(word)) for word in good)


def _plain(words: str) -> bytes:
    """Leave out what nobody hears: capitals, accents, blanks and marks."""
    letters = unicodedata.normalize("NFKD", words).casefold()
    return re.sub(r"[\W_]", "", "".join(one for one in letters if not unicodedata.combining(one))).encode()

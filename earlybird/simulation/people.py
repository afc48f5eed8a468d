"""Names, places and goods of a believable shop in Bengaluru. All numbers are invented."""

from typing import NamedTuple

FIRST = (
    "Asha", "Vikram", "Lakshmi", "Karthik", "Sravani", "Sanjay", "Meera", "Imran", "Priya", "Arjun", "Divya", "Rahul",
    "Ananya", "Suresh", "Kavya", "Manoj", "Fatima", "Deepak", "Nandini", "Ganesh", "Pooja", "Harish", "Revathi", "Amit",
    "Shalini", "Venkat", "Zoya", "Prakash", "Anjali", "Naveen", "Geeta", "Rohit", "Swathi", "Joseph", "Usha", "Kiran",
)  # fmt: skip
LAST = (
    "Rao", "Sharma", "Gowda", "Subramanian", "Reddy", "Kulkarni", "Nair", "Khan", "Iyer", "Patil", "Shetty", "Gupta",
    "Menon", "Deshpande", "Hegde", "Joshi", "D'Souza", "Naidu", "Bhat", "Verma", "Krishnamurthy", "Pillai", "Ansari",
    "Chowdhury",
)  # fmt: skip
AREAS = ("Indiranagar", "Jayanagar", "Koramangala", "Whitefield", "HSR Layout", "Malleshwaram")
STREETS = ("1st Main", "4th Cross", "80 Feet Road", "Temple Street", "9th A Main", "Lake Road", "2nd Stage")
# Half of them read English; the others one of the five languages that the texts are shipped in.
LANGUAGES = ("en", "hi", "en", "kn", "en", "ta", "en", "te", "en", "mr")
AGENTS = (
    ("Bilal Ahmed", "+919845000001"), ("Manjunath K", "+919845000002"), ("Ravi Shankar", "+919845000003"),
    ("Selvam P", "+919845000004"), ("Yusuf Ali", "+919845000005"), ("Shivu Gowda", "+919845000006"),
)  # fmt: skip


class Goods(NamedTuple):
    name: str
    unit: str
    price: str  # rupees


GOODS = (
    Goods("Cow milk", "500 ml", "32.00"),
    Goods("Buffalo milk", "500 ml", "40.00"),
    Goods("Curd", "400 g", "38.00"),
    Goods("Paneer", "200 g", "95.00"),
    Goods("Eggs", "6 pieces", "54.00"),
    Goods("Brown bread", "400 g", "50.00"),
    Goods("Bananas", "1 kg", "60.00"),
    Goods("A2 ghee", "250 ml", "340.00"),
    Goods("Butter", "100 g", "58.00"),
    Goods("Tender coconut", "1 piece", "45.00"),
    Goods("Idli batter", "1 kg", "75.00"),
    Goods("Toned milk", "500 ml", "27.00"),
)


class Someone(NamedTuple):
    name: str
    phone: str
    language: str
    area: str
    address: str


NAMED = (  # known to whoever read the guides; six read English: the demo shows them the installed texts
    Someone("Asha Rao", "+919876543210", "en", "Indiranagar", "12, 4th Cross, HAL 2nd Stage"),
    Someone("Vikram Sharma", "+919876543211", "hi", "Indiranagar", "301, Sunrise Apartments, 100 Feet Road"),
    Someone("Lakshmi Gowda", "+919876543212", "kn", "Jayanagar", "45, 9th Main, 3rd Block"),
    Someone("Karthik Subramanian", "+919876543213", "en", "Jayanagar", "7, Temple Street, 5th Block"),
    Someone("Sravani Reddy", "+919876543214", "en", "Koramangala", "B-204, Lake View, 80 Feet Road"),
    Someone("Sanjay Kulkarni", "+919876543215", "en", "Koramangala", "18, 1st A Cross, 6th Block"),
    Someone("Meera Nair", "+919876543216", "en", "Whitefield", "Villa 9, Palm Meadows"),
    Someone("Imran Khan", "+919876543217", "en", "Whitefield", "C-11, Brookfield Residency"),
)


def someone(number: int) -> Someone:
    """The same for the same number; for at most 100,000 of them, each with a phone of their own."""
    if number < len(NAMED):
        return NAMED[number]
    turn = number // len(FIRST)
    name = f"{FIRST[number % len(FIRST)]} {LAST[(number * 7 + turn) % len(LAST)]}"
    address = f"{number % 90 + 1}, {STREETS[number % len(STREETS)]}"
    area = AREAS[(number + turn) % len(AREAS)]
    return Someone(name, f"+9198{number:05d}210", LANGUAGES[number % len(LANGUAGES)], area, address)

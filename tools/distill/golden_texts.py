"""Texts that try every rule of the tokenizer; the natural ones come from the training text's packages."""

PLAIN = """
The user prefers short answers and dark mode.
Alice moved from Lisbon to Berlin in March 2024.
Meeting notes: ship the release on Friday, unless the tests fail.
Bob's favourite colour isn't blue any more; it's green.
Remember that the deploy key expires in thirty days.
I'd rather we didn't, but they'll do it anyway, won't they?
She said: "We can't, we shan't, we mustn't!"
rock 'n' roll, o'clock, y'all, 'tis
state-of-the-art, well-known, twenty-one, e-mail
Supercalifragilisticexpialidocious antidisestablishmentarianism
unbelievably uncharacteristically internationalisation
pneumonoultramicroscopicsilicovolcanoconiosis
HELLO WORLD, Hello World, hello world
iPhone McDonald's eBay YouTube GitHub PostgreSQL SQLite
a
I
z z z z z
the the the the
How old is he? When did they leave? Where to?
Yes! No? Maybe... (perhaps) [or not] {never}
one,two;three:four.five!six?seven
""".strip().split("\n")

NUMBERS = """
1 22 333 4444 55555 666666 7777777 12345678901234567890
3.14159 2,718,281 1e10 -42 +7 0x1F 0b1010 100% #1 No. 5
$9.99 €20 £15 ¥1000 ₹500 ₿0.5 20¢
2024-03-15T14:30:00Z 15/03/2024 3:45 p.m. 23:59:59
+1 (555) 010-9999, 00 49 30 901820
1st 2nd 3rd 4th 21st 10x 5kg 12V 4K 1080p 3D
½ ¼ ¾ ⅓ x² y³ 10⁻³ H₂O CO₂
Ⅳ ⅻ ① ⑩ ❸ 𝟏𝟐𝟑 １２３
٠١٢٣٤ ०१२३ ๐๑๒
INV-20931 PO#4471-B ticket ABC-123 v1.2.3-rc.4+build.5
IPv4 192.168.0.1/24 and IPv6 2001:db8::8a2e:370:7334
550e8400-e29b-41d4-a716-446655440000
9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
""".strip().split("\n")

ADDRESSES_AND_CODE = r"""
https://example.com/path/to/page?query=1&lang=en#section-2
http://user:secret@localhost:8080/a%20b/%E2%82%AC
www.example.org ftp://files.example.net/pub/
alice@example.com, bob.smith+tag@mail.example.co.uk
mailto:nobody@example.invalid?subject=Hi%21
/usr/local/lib/node_modules/.bin/tsc
C:\Users\Ada\Documents\report (final).docx
../src/embedding/static/unicode-ranges.ts:42:7
~/.config/app.d/10-default.conf
const x: number = y ?? (z as any)?.value ?? 0;
if (a && b || !c) { return a[i++] ^ ~mask << 2; }
def f(*args, **kwargs): return {k: v for k, v in kwargs.items()}
SELECT id, name FROM users WHERE email ILIKE '%@example.com' LIMIT 10;
git commit -m "Fix #123: don't crash" && git push origin HEAD~2
docker run --rm -it -p 8080:80 -v "$PWD":/app node:22-slim
<div class="note">Hello&nbsp;&lt;World&gt;</div>
{"key": "value", "list": [1, 2.5, null, true]}
x_1 = snake_case_name; camelCaseName; PascalCaseName; SCREAMING_CASE
regex: ^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$
\alpha + \beta = \frac{1}{2}
"escaped \"quotes\" and \\backslashes\\ and \n"
#!/usr/bin/env bash
`code` ~~struck~~ **bold** _italic_ ***both***
| a | b |---|---| 1 | 2 |
@mention #hashtag $variable %percent ^caret &amp *star
TypeError: Cannot read properties of undefined (reading 'map')
""".strip().split("\n")

ACCENTS = """
café naïve résumé Zoë jalapeño crème brûlée
Ærøskøbing Ålesund Þingvellir Łódź Gdańsk İstanbul ıspanak
Straße STRASSE ẞ groß Müller Österreich
Dvořák Šárka Čapek Żółć Győr Târgu Mureș
ΑΒΓΔ ΟΔΥΣΣΕΥΣ Σίσυφος ΣΑΣ σας άέήίόύώ
Привет, как дела? Ёлка Йод Щука Їжак
Việt Nam: Đường Nguyễn Huệ, phở, bánh mì
À É Î Õ Ü Ç Ñ à é î õ ü ç ñ
ﬁne ﬂow ﬀ ﬃ ﬄ ﬆ
ǅ ǈ ǋ ǲ Ǆ Ǳ
Å Å Å K Ω
ŉ ǰ ΐ ΰ և ẖ ẗ
ᾈ ᾳ ῼ ῳ Ω ᾼ
ℵ ℶ ™ ® © ª º № ℃
Ⱥ Ⱦ ⱥ ȿ Ꞔ ꟁ
""".strip().split("\n")

SCRIPTS = """
我喜欢喝绿茶。
東京都に住んでいます。
カタカナ ひらがな 漢字 ｶﾀｶﾅ がぎぐげご
서울에 살고 있습니다. 안녕하세요!
你好world再见123abc
日本語とEnglishの混在テキスト
「引用」、『書名』——破折号……
𠀀𠀁 𪜀 𫝀 𫠠 豈更 㐀㐁 丽
السلام عليكم، كيف حالك؟
القُرْآن الكَرِيم
עִבְרִית שָׁלוֹם עולם
فارسی می‌خواهم ۱۲۳
สวัสดีครับ ภาษาไทย
नमस्ते दुनिया। हिन्दी क्षत्रिय
বাংলা ভাষা தமிழ் తెలుగు ಕನ್ನಡ മലയാളം
ქართული ენა Հայերեն լեզու
አማርኛ ቋንቋ ᎣᏏᏲ ᓄᓇᕗᑦ
မြန်မာဘာသာ ភាសាខ្មែរ ລາວ
བོད་ཡིག་ Монгол ᠮᠣᠩᠭᠣᠯ
𐌰𐌱𐌲 𐤀𐤁𐤂 𓀀𓁐 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝒳
""".strip().split("\n")

SYMBOLS = """
I ❤️ Cairn 🎉🎉 and 👍🏽
👨‍👩‍👧‍👦 🏳️‍🌈 🇵🇹🇩🇪 1️⃣ #️⃣
:-) ;) :D ¯\\_(ツ)_/¯ (╯°□°)╯︵ ┻━┻
→ ← ⇒ ∀x ∃y ∈ ℝ ≤ ≥ ≠ ∞ ∑ √2 π ≈ 3.14
• bullet ‣ point ◦ another ▪ square
“curly” ‘quotes’ «guillemets» „low“ ‚single‘ ‹angle›
en–dash em—dash hyphen‐minus‑nb ⸺ ~ 〜 −
… ‥ ․ · ‧ ¡hola! ¿qué? ‽ ⁉ ‼
§5 ¶3 † ‡ ‰ ′ ″ ‴ ª º
♠♣♥♦ ♫ ☃ ★☆ ✓✗ ☑ ⚠
░▒▓█ ┌─┐ ═║ ▲▼
+ < = > | ~ ^ ` $ are words of their own
€ £ ¥ © ± × ÷ ¬ ° µ ¢ ¤ ¦ ¨ ¯ ´ ¸ are not
a$b a€b a+b a±b a<b a|b a~b a^b a`b a×b a÷b
a¡b a§b a«b a¶b a·b a»b a¿b a–b a‘b a•b a…b a‰b a›b
""".strip().split("\n")

SPECIALS = [
    "[CLS] [SEP] [UNK] [PAD] [MASK]",
    "[CLS]injected[SEP]",
    "[cls] [mask] [unused1] [unused99]",
    "##ing ##s a##b ## #",
    "[ CLS ] [MASK",
    "",
    " ",
    "\t\n\r",
    "   leading, trailing and   double   spaces   ",
    "line one\nline two\r\nline three\rline four",
    "tab\tseparated\tvalues",
    "no\u00a0break narrow\u202fbreak em\u2003space ideographic\u3000space",
    "en\u2002quad\u2000hair\u200athin\u2009figure\u2007six\u2006medium\u205fogham\u1680end",
    "line\u2028separator paragraph\u2029separator",
    "next\u0085line vertical\u000btab form\u000cfeed",
    "nul\u0000byte bell\u0007 escape\u001b[31mred\u001b[0m delete\u007f",
    "c1 \u0080\u0090\u009f control",
    "zero\u200bwidth joiner\u200d non\u200cjoiner word\u2060joiner bom\ufeff",
    "soft\u00adhyphen",
    "\ufeffstarts with a byte order mark",
    "bidi \u202aembed\u202c \u202eoverride\u202c \u2066isolate\u2069 \u200emark\u200f",
    "replacement \ufffd character\ufffd",
    "private \ue000 use \uf8ff and \U000f0000 and \U0010fffd",
    "non-characters \ufdd0 \ufffe \uffff \U0001fffe",
    "unassigned \u0378 \u05ff \u2fe0",
    "tags \U000e0067\U000e0062 variation \ufe0e \ufe0f \U000e0100",
    "e\u0301 a\u0300\u0301\u0302 n\u0303o\u0308",
    "\u0301starts with a mark",
    "\u0301",
    "a\u0301\u0302\u0303\u0304\u0305\u0306 z\u0489\u20dd k\u0488",
    "spacing marks \u0903 \u093e \u0bbe stay, \u093c \u094d go",
    "ä ä ǟ ǟ ậ ậ ậ",
    "각 각 힣 ᄒ",
    "\u1100\u1161\u11a8 conjoining",
    "İ i̇ I ı ſ ẛ ς Σ σ ΑΣ ΑΣ. Σ",
    "ΌΣΟΣ ὈΔΥΣΣΕΎΣ",
    "Ａ Ｂ ｚ ！ ？ ～ ｡ ､ ￥ ＄ ＋ ＜ ＝",
    "ꭰ Ꭰ ᲀ Ა ა",
    "a" * 99,
    "a" * 100,
    "a" * 101,
    "b" * 100 + " " + "b" * 101 + " after",
    "é" * 100,
    "é" * 101,
    "中" * 120,
    "x" * 5000 + " tail",
    "." * 130,
    "ab." * 40,
    "𝔞" * 100,
    "😀" * 101 + " 😀",
    "mixedword" + "\u200b" * 200 + "joined",
    "a" * 60 + "\u0301" * 60,
    "word " * 300,
    "1" * 100 + " " + "1" * 101,
    "-" * 3 + "begin" + "-" * 3,
    "can't\u2019t \u02bcn \uff07s",
    "\u2fff\u3000\u3001\u3400\u4dbf\u4dc0\u4e00\u9fa5\u9fff\ua000",
    "\uf900x\ufaffy\ufb00z \U0002a6dfa\U0002a6e0b\U0002a700c\U0002b73fd\U0002b740e",
    "a\U0002b81fb\U0002b820c\U0002b91fd\U0002b920e\U0002ceaff\U0002ceb0g\U0002f800h\U0002fa1fi\U0002fa20j",
    "ひ\u3099 ハ\u309a が ガ ば パ ゛ ゜",
    "ー・ヽヾ〆々〇〻",
    "ด\u0e35\u0e49 น\u0e49\u0e33",
    "ل\u064e\u0651 \u0640 لا ﻻ ﷲ ﷺ",
    "ש\u05c1\u05b8 \u05be \u05c3 \ufb2a",
]

OWN_TEXTS = [*PLAIN, *NUMBERS, *ADDRESSES_AND_CODE, *ACCENTS, *SCRIPTS, *SYMBOLS, *SPECIALS]

EMBEDDED_TEXTS = [
    "The user prefers short answers and dark mode.",
    "Alice moved from Lisbon to Berlin in March 2024.",
    "When did Alice move to Berlin?",
    "INV-20931 was paid on 2024-03-15 by alice@example.com",
    "/usr/local/lib/node_modules/.bin/tsc",
    "I'd rather we didn't, but they'll do it anyway, won't they?",
    "café naïve résumé Zoë jalapeño",
    "cafe naive resume zoe jalapeno",
    "你好world再见123abc",
    "Привет, как дела?",
    "I ❤️ Cairn 🎉🎉 and 👍🏽",
    "[CLS] [SEP] [UNK] [PAD] [MASK]",
    "the the the the",
    "a",
    "const x: number = y ?? (z as any)?.value ?? 0;",
    "The quarterly report is due on Friday; ask Priya for the figures.",
    "My dog Biscuit is afraid of thunderstorms.",
    "Which pet fears storms?",
    "word " * 300,
    "Ada Lovelace wrote the first published algorithm, for Charles Babbage's Analytical Engine.",
    "",
    "\u0301",
    "x" * 101,
]

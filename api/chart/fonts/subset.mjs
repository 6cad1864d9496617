// Cuts the letters that charts are written in out of the Noto fonts (make fonts).
// letters.txt has them: first those of texts, then those of the names of services; a
// test of package api writes it and says when a letter is missing in the fonts. The
// same letters and versions give the same fonts.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import subset from 'subset-font';

const here = dirname(fileURLToPath(import.meta.url));
const [texts, names] = readFileSync(join(here, 'letters.txt'), 'utf8').split('\n');

const block = (...ranges) => ranges.map(([from, to]) =>
  Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('')).join('');

const marks = block([0x20, 0x7e], [0xa0, 0xff], [0x2010, 0x2027], [0x2030, 0x203a], [0x200b, 0x200f], [0x2066, 0x2069], [0x25cc, 0x25cc]);
const east = block([0x20, 0x7e], [0x3000, 0x303f], [0xff01, 0xff0f], [0xff1a, 0xff20]);
const kana = block([0x3041, 0x30ff]);

// Alphabets are whole, so that any name in them can be written. Of the thousands of
// Chinese characters and Korean syllables there are those of the texts, and in the
// weight of headings those of the catalogue's names as well.
const fonts = [
  { name: 'noto-sans', file: 'NotoSans', letters: marks + block([0x100, 0x1b0], [0x218, 0x21b], [0x259, 0x259], [0x2bb, 0x2bc], [0x300, 0x328], [0x370, 0x3ff], [0x400, 0x4ff], [0x1e80, 0x1eff], [0x20a0, 0x20bf], [0x2116, 0x2122], [0x2212, 0x2212]) },
  { name: 'noto-sans-arabic', file: 'NotoSansArabic', letters: block([0x20, 0x20], [0x200b, 0x200f], [0x25cc, 0x25cc], [0x600, 0x6ff]) },
  { name: 'noto-sans-hebrew', file: 'NotoSansHebrew', letters: block([0x20, 0x20], [0x25cc, 0x25cc], [0x590, 0x5ff]) },
  { name: 'noto-sans-devanagari', file: 'NotoSansDevanagari', letters: block([0x20, 0x20], [0x200c, 0x200d], [0x25cc, 0x25cc], [0x900, 0x97f]) },
  { name: 'noto-sans-thai', file: 'NotoSansThai', letters: block([0x20, 0x20], [0x25cc, 0x25cc], [0xe00, 0xe7f]) },
  { name: 'noto-sans-jp', file: 'NotoSansJP', letters: east + kana, chosen: /[\u2e80-\u9fff\uf900-\ufaff]/u },
  { name: 'noto-sans-sc', file: 'NotoSansSC', letters: east, chosen: /[\u2e80-\u9fff\uf900-\ufaff]/u },
  { name: 'noto-sans-kr', file: 'NotoSansKR', letters: east, chosen: /[\uac00-\ud7a3]/u },
];

const weights = { '400Regular': texts, '600SemiBold': texts + names };

// What shaping applies by itself: neither small capitals nor vertical lines.
const features = ['abvf', 'abvm', 'abvs', 'akhn', 'blwf', 'blwm', 'blws', 'calt', 'ccmp', 'cjct', 'clig', 'curs', 'dist', 'fina', 'half', 'haln', 'init', 'isol', 'kern', 'liga', 'locl', 'mark', 'medi', 'mkmk', 'nukt', 'pref', 'pres', 'pstf', 'psts', 'rclt', 'rkrf', 'rlig', 'rphf', 'rvrn', 'stch', 'vatu'];

let total = 0;
for (const { name, file, letters, chosen } of fonts) {
  for (const [weight, words] of Object.entries(weights)) {
    const from = join(here, 'node_modules', '@expo-google-fonts', name, weight, `${file}_${weight}.ttf`);
    if (!existsSync(from)) throw new Error(`${from} is missing: run npm ci --ignore-scripts`);
    const more = chosen ? [...new Set(words)].filter((c) => chosen.test(c)).sort().join('') : '';
    const cut = await subset(readFileSync(from), letters + more, { targetFormat: 'sfnt', noHinting: true, noLayoutClosure: Boolean(chosen), keepFeatures: features });
    writeFileSync(join(here, `${file}-${weight.slice(3)}.ttf`), cut);
    total += cut.length;
    console.log(`${file}-${weight.slice(3)}.ttf`, cut.length);
  }
}
console.log('in all', total);

//! What the benchmark's people write: English, French and some Chinese, from a seed. The same seed gives the same
//! words on every machine; nothing of it is stored in the repository.

/// One conversation in this many is in Chinese.
const CHINESE_ONE_IN: u64 = 20;
/// One conversation in this many is in French.
const FRENCH_ONE_IN: u64 = 3;
/// One customer in this many says no name.
const NAMELESS_ONE_IN: u64 = 4;
/// The rare word stands in one message of this many.
const RARE_ONE_IN: u64 = 100_000;

/// A word that few messages have.
pub const RARE_WORD: &str = "kintsugi";
/// A pair of Chinese characters that few messages have; each character alone is common.
pub const RARE_PAIR: &str = "金繼";

const ENGLISH: &str = "the a is it to for my and of in you have this that when can i would like order parcel \
    delivery size colour blue green red large small cup bowl plate vase linen scarf coat candle wool return refund \
    arrived broken today tomorrow yesterday week month thanks hello please still waiting address street invoice gift \
    wrap card discount code stock available again soon price shipping abroad tracking number email phone question \
    about material wash care warm cold heavy light exchange wrong item missing second first pair set three two one \
    photo picture looks great lovely need before birthday christmas holiday open closed shop store pick up collect";
const FRENCH: &str = "le la les un une des est je vous avez pour mon ma et de dans que quand puis bonjour merci commande \
    colis livraison taille couleur bleu vert rouge grand petit tasse bol assiette vase lin écharpe manteau bougie laine \
    retour remboursement arrivé cassé aujourd'hui demain hier semaine mois encore attente adresse rue facture cadeau \
    emballage carte remise code stock disponible bientôt prix envoi étranger suivi numéro téléphone question matière \
    lavage entretien chaud froid lourd léger échange erreur article manquant deuxième première paire trois deux photo";
const CHINESE: &str = "我想買這個藍色的杯子請問什麼時候到貨謝謝你好訂單包裹送地址尺寸大小紅綠白金繼續等退換錢發票禮物今天明天昨天星期月價格運費國外\
    追蹤號碼電話問題材料洗保養冷熱重輕錯少一二三對照片漂亮生日開店取";
const NAMES: &str = "Ana Ben Cleo Dora Emil Fanny Greta Hugo Ines Jonas Klara Leon Maja Nils Olga Paul Quentin Rosa Stefan \
    Tilda Uwe Vera Wanda Xenia Yann Zoe";
const CHINESE_NAMES: &str = "王 李 張 劉 陳 楊 黃 趙 吳 周";

/// Numbers that follow from a seed and a place: any of them can be had without those before it (SplitMix64).
pub fn number(seed: u64, place: u64) -> u64 {
    let mut mixed =
        seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(place.wrapping_mul(0xD1B5_4A32_D192_ED03));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// All words, split once.
pub struct Words {
    english: Vec<&'static str>,
    french: Vec<&'static str>,
    chinese: Vec<char>,
    names: Vec<&'static str>,
    chinese_names: Vec<&'static str>,
}

impl Words {
    pub fn new() -> Self {
        let split = |text: &'static str| text.split_whitespace().collect();
        Self {
            english: split(ENGLISH),
            french: split(FRENCH),
            chinese: CHINESE.chars().collect(),
            names: split(NAMES),
            chinese_names: split(CHINESE_NAMES),
        }
    }

    /// What a customer calls themselves; some say nothing.
    pub fn name(&self, conversation: u64) -> Option<String> {
        if number(1, conversation).is_multiple_of(NAMELESS_ONE_IN) {
            return None;
        }
        let names = if is_chinese(conversation) { &self.chinese_names } else { &self.names };
        let first = pick(names, number(2, conversation));
        let second = pick(names, number(3, conversation));
        Some(if is_chinese(conversation) { format!("{first}{second}") } else { format!("{first} {second}") })
    }

    /// A message of a conversation: 3 to 22 words, more often the common ones.
    pub fn text(&self, conversation: u64, message: u64) -> String {
        let place = conversation * 1_000 + message;
        let length = 3 + number(4, place) % 20;
        let mut text = String::new();
        for word in 0..length {
            let common = number(5, place * 64 + word);
            if is_chinese(conversation) {
                // Common characters are common, and the rare pair never comes about by chance.
                let next = self.chinese[skewed(common, self.chinese.len())];
                let breaks_pair = text.ends_with('金') && next == '繼';
                text.push(if breaks_pair { '的' } else { next });
                continue;
            }
            let words = if number(6, conversation).is_multiple_of(FRENCH_ONE_IN) {
                &self.french
            } else {
                &self.english
            };
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(words[skewed(common, words.len())]);
        }
        if number(7, place).is_multiple_of(RARE_ONE_IN) {
            text.push_str(&format!(" {RARE_WORD} {RARE_PAIR}"));
        }
        text
    }
}

fn is_chinese(conversation: u64) -> bool {
    number(8, conversation).is_multiple_of(CHINESE_ONE_IN)
}

fn pick<'a>(from: &[&'a str], number: u64) -> &'a str {
    from[number as usize % from.len()]
}

/// A place in a list, the early ones far more often than the late ones.
fn skewed(number: u64, length: usize) -> usize {
    let (one, other) = (number & 0xFFFF_FFFF, number >> 32);
    (one as usize % length).min(other as usize % length)
}

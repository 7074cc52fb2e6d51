//! The languages that Shopbell speaks, and which of them somebody means. Never a guess from where somebody is: only from
//! what they, their browser or their system asked for.

/// A language that Shopbell speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// English, which everything is written in first.
    #[default]
    En,
    /// French.
    Fr,
    /// Polish.
    Pl,
    /// Chinese in traditional characters.
    ZhHant,
}

impl Lang {
    /// Every language, in the order of their tags.
    pub const fn all() -> [Lang; 4] {
        [Lang::En, Lang::Fr, Lang::Pl, Lang::ZhHant]
    }

    /// Its BCP 47 tag, which is also the name of its folder of words.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
            Lang::Pl => "pl",
            Lang::ZhHant => "zh-Hant",
        }
    }

    /// Its name in itself, for a list to choose from.
    pub const fn endonym(self) -> &'static str {
        match self {
            Lang::En => "English",
            Lang::Fr => "Français",
            Lang::Pl => "Polski",
            Lang::ZhHant => "繁體中文",
        }
    }

    /// The language for a BCP 47 tag such as `en-GB`; English for what is not spoken here.
    pub fn from_tag(tag: &str) -> Lang {
        Lang::spoken(tag).unwrap_or_default()
    }

    /// The language for a BCP 47 tag, if it is spoken here. A region or variant that is not known is no hindrance.
    ///
    /// Every Chinese tag means [`Lang::ZhHant`], `zh-CN` and `zh-Hans` too: CLDR's language matching holds the two
    /// scripts for close, and who reads one reads the other more easily than English.
    pub fn spoken(tag: &str) -> Option<Lang> {
        let language = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "en" => Some(Lang::En),
            "fr" => Some(Lang::Fr),
            "pl" => Some(Lang::Pl),
            "zh" => Some(Lang::ZhHant),
            _ => None,
        }
    }

    /// The language for the name of a POSIX locale such as `pl_PL.UTF-8` or `fr_FR@euro`, if it is spoken here. The
    /// locales `C` and `POSIX` are English.
    pub fn from_locale(name: &str) -> Option<Lang> {
        let tag = name.split(['.', '@']).next().unwrap_or_default();
        if tag == "C" || tag == "POSIX" { Some(Lang::En) } else { Lang::spoken(tag) }
    }

    /// The language for the value of an `Accept-Language` header (RFC 9110): the spoken one that is wanted most, the
    /// first of equals; English when none is wanted or the value cannot be read.
    pub fn accepted(header: &str) -> Lang {
        let mut best = (Lang::En, 0);
        for range in header.split(',').take(ACCEPTED_RANGES) {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            if let (Some(lang), Some(weight)) = (Lang::spoken(tag), thousandths(weight))
                && weight > best.1
            {
                best = (lang, weight);
            }
        }
        best.0
    }
}

/// How many languages of an `Accept-Language` header are read; browsers send a handful.
const ACCEPTED_RANGES: usize = 32;

/// `q=0.8` → 800.
fn thousandths(weight: &str) -> Option<u16> {
    let value = weight.trim().strip_prefix("q=").or_else(|| weight.trim().strip_prefix("Q="))?;
    let value: f32 = value.trim().parse().ok()?;
    if (0.0..=1.0).contains(&value) { Some((value * 1_000.0) as u16) } else { None }
}

#[cfg(test)]
#[path = "language_tests.rs"]
mod tests;

//! The data that is measured on: made once, kept in a folder, made again when what makes it changed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::floor::Floor;
use crate::phone::Phone;
use crate::shop::{BenchShop, MESSAGES_EACH};

/// Conversations, ten messages each: a million.
const CONVERSATIONS: u64 = 100_000;
/// How much less often is measured with `--quick`.
const QUICK_PART: usize = 4;

pub struct Data {
    pub shop: BenchShop,
    pub conversations: u64,
    /// The profile's folder.
    pub phone: PathBuf,
    /// The floor's file.
    pub floor: PathBuf,
    /// The library as phones get it.
    pub library: PathBuf,
    copies: PathBuf,
    quick: bool,
}

impl Data {
    /// Takes what is there, or makes it. `stamp` says what it was made by.
    pub fn ready(folder: &Path, library: PathBuf, stamp: &str, quick: bool) -> io::Result<Self> {
        let data = Self {
            shop: BenchShop::new(),
            conversations: CONVERSATIONS,
            phone: folder.join("phone"),
            floor: folder.join("floor.db"),
            library,
            copies: folder.join("copies"),
            quick,
        };
        let made_by = folder.join("made-by");
        if fs::read_to_string(&made_by).is_ok_and(|made| made == stamp) {
            return Ok(data);
        }
        let _absent = fs::remove_dir_all(folder);
        fs::create_dir_all(&data.phone)?;
        data.make().map_err(io::Error::other)?;
        fs::write(made_by, stamp)?;
        Ok(data)
    }

    pub fn floor(&self) -> Floor {
        Floor::open(&self.floor).expect("the floor was made")
    }

    /// How often to repeat, where `whole` is for a whole run.
    pub fn rounds(&self, whole: usize) -> usize {
        if self.quick { whole.div_ceil(QUICK_PART) } else { whole }
    }

    /// The profile and the floor once more, to be changed.
    pub fn copies(&self) -> (PathBuf, PathBuf) {
        let _absent = fs::remove_dir_all(&self.copies);
        let (phone, floor) = (self.copies.join("phone"), self.copies.join("floor.db"));
        fs::create_dir_all(&phone).expect("the folder is ours");
        for file in ["shopbell.db", "secrets.json"] {
            fs::copy(self.phone.join(file), phone.join(file)).expect("the disk has room");
        }
        fs::copy(&self.floor, &floor).expect("the disk has room");
        (phone, floor)
    }

    fn make(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        eprintln!("making {} messages, once", self.conversations * MESSAGES_EACH);
        Floor::open(&self.floor)?.fill(&self.shop, self.conversations)?;
        let phone = Phone::open(&self.phone, &self.shop, self.conversations);
        phone.load(|done| {
            if done % 10_000 == 0 {
                eprintln!("  {done} of {} conversations loaded", self.conversations);
            }
        });
        phone.app.pause();
        Ok(())
    }
}

//! Checksums: whether a phone holds what the server has, without sending it again (docs/sync.md 8).
//!
//! A checksum is the sum of one number a row, so the order in which rows are read does not matter and a row that
//! changed can be taken out and put in again. It shows mistakes, not attacks.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::row::Entity;
use crate::conversation::Ver;

/// What a set of rows adds up to. In JSON: how many, and the sum as 16 hexadecimal digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct Checksum {
    rows: u64,
    sum: u64,
}

impl Checksum {
    /// Adds a row.
    pub fn add(&mut self, entity: Entity, id: Uuid, ver: Ver) {
        let mut hash = Sha256::new();
        hash.update(entity.as_str().as_bytes());
        hash.update([0]);
        hash.update(id.as_bytes());
        hash.update(ver.0.to_be_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hash.finalize()[..8]);
        self.rows += 1;
        self.sum = self.sum.wrapping_add(u64::from_be_bytes(bytes));
    }

    /// Of how many rows it is.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    rows: u64,
    sum: String,
}

impl From<Checksum> for Written {
    fn from(checksum: Checksum) -> Self {
        Written { rows: checksum.rows, sum: format!("{:016x}", checksum.sum) }
    }
}

impl TryFrom<Written> for Checksum {
    type Error = std::num::ParseIntError;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Ok(Checksum { rows: written.rows, sum: u64::from_str_radix(&written.sum, 16)? })
    }
}

#[cfg(test)]
#[path = "checksum_tests.rs"]
mod tests;

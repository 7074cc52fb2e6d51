//! Push: a phone hands over its outbox, oldest first. What became of each mutation comes back as rows of `device:<id>`.

use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, EpochId, MutationId};
use crate::mutation::Mutation;

/// `POST /v1/push`. One is in flight a device.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PushRequest {
    /// The epoch that the phone believes in.
    pub epoch: EpochId,
    /// The device whose outbox it is; the token must be of the same.
    pub device: DeviceId,
    /// At most `PUSH_LIMIT_MUTATIONS`, in order.
    pub mutations: Vec<Mutation>,
}

/// The answer to a push: only what is *not* recorded and so brings no result row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// The server's epoch.
    pub epoch: EpochId,
    /// Those that wait for one that was refused or is unknown. They stay in the outbox.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<MutationId>,
    /// Those that show a fault of the program. They are reported, not shown as not sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// The one at which the server failed; it and those after it were not applied and are sent again later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<MutationId>,
}

/// A mutation that no correct program sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which one.
    pub mid: MutationId,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// This id stands for another request already.
    ArgsDiffer,
    /// This id is another person's or another device's.
    NotYours,
    /// From a newer server.
    #[serde(other)]
    Other,
}

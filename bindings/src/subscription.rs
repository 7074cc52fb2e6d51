//! A subscription's handle.

use crate::guard::call_listener;

/// Ends a subscription: after `cancel` no further call of its listener begins.
#[derive(uniffi::Object)]
pub struct Subscription {
    inner: shopbell_core::Subscription,
}

impl Subscription {
    pub(crate) fn new(inner: shopbell_core::Subscription) -> std::sync::Arc<Self> {
        std::sync::Arc::new(Self { inner })
    }
}

#[uniffi::export]
impl Subscription {
    /// Ends it. May be called twice, and from inside the listener.
    pub fn cancel(&self) {
        call_listener(|| self.inner.cancel());
    }
}

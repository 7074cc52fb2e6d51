//! A panic inside the core becomes an error and a report. It must never take the app down or start a crash loop.

use std::panic::{AssertUnwindSafe, catch_unwind};

use shopbell_core::Error;
use shopbell_l10n::{self as words, Lang};

use crate::error::CoreError;

/// Runs `call`; its failure, or its panic, is an error with words.
pub fn guard<T>(lang: Lang, call: impl FnOnce() -> Result<T, Error>) -> Result<T, CoreError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(done) => done.map_err(|error| CoreError::from_core(&error, lang)),
        Err(panic) => Err(panicked(lang, panic.as_ref())),
    }
}

/// Runs `work` on a task of its own and awaits its answer: a caller that gives up does not stop it half-way.
pub async fn guard_async<T: Send + 'static>(
    lang: Lang,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, CoreError> {
    match tokio::spawn(work).await {
        Ok(done) => done.map_err(|error| CoreError::from_core(&error, lang)),
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => Err(panicked(lang, panic.as_ref())),
            Err(_) => Err(CoreError::Other { reason: words::error_internal(lang) }),
        },
    }
}

/// Calls a listener. What goes wrong on its side is reported and stays there.
pub fn call_listener(call: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(call)) {
        tracing::error!(reason = panic_text(panic.as_ref()), "a listener failed");
    }
}

fn panicked(lang: Lang, panic: &(dyn std::any::Any + Send)) -> CoreError {
    tracing::error!(reason = panic_text(panic), "the core panicked");
    CoreError::Other { reason: words::error_internal(lang) }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}

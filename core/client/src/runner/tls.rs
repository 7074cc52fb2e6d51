//! One TLS configuration for HTTP and WebSocket: rustls with ring and Mozilla's roots. The platforms' verifiers are
//! not used, since Android's refuses certificates that are common.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use crate::error::Error;

/// The configuration, without ALPN: each protocol adds its own.
pub(super) fn configuration() -> Result<ClientConfig, Error> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Other { reason: error.to_string() })?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}

//! One HTTP exchange: a request of the engine out, an answer or a reason back. Everything that comes in has a limit.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use rustls::ClientConfig;

use shopbell_domain::sync::problem::PROBLEM_CONTENT_TYPE;
use shopbell_domain::sync::{PROTOCOL, PROTOCOL_HEADER, Problem, SignIn, SignedIn};

use super::tls;
use crate::error::Error;
use crate::sync::{Answer, Method, Request, RequestError, Token};

/// How long a connection may take to come up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a whole exchange may take.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest body that is read, in bytes.
const ANSWER_LIMIT_BYTES: usize = 16 * 1024 * 1024;
const JSON: &str = "application/json";

/// Makes exchanges. Clones share their connections.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    client: Client,
    tls: Arc<ClientConfig>,
}

/// The address that requests are made to, or `None` when it is not one: `https` unless it says otherwise, without a
/// slash at its end.
pub(crate) fn server_address(written: &str) -> Option<String> {
    let written = written.trim();
    let with_scheme = if written.contains("://") { written.to_owned() } else { format!("https://{written}") };
    let mut url = Url::parse(&with_scheme).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_query(None);
    url.set_fragment(None);
    Some(url.as_str().trim_end_matches('/').to_owned())
}

impl Http {
    pub(super) fn new() -> Result<Http, Error> {
        let tls = tls::configuration()?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(EXCHANGE_TIMEOUT)
            // The server is spoken to directly or not at all: a token must not follow a redirect elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| Error::Other { reason: error.to_string() })?;
        Ok(Http { client, tls: Arc::new(tls) })
    }

    pub(super) fn tls(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.tls)
    }

    /// Makes one of the engine's requests.
    pub(super) async fn call(&self, server: &str, request: &Request) -> Result<Answer, RequestError> {
        let url = format!("{server}{}", request.call.path());
        let mut builder = match request.call.method() {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url),
            Method::Put => self.client.put(url),
        };
        if let Some(body) = request.call.body() {
            builder = builder.header(CONTENT_TYPE, JSON).body(body);
        }
        if let Some(token) = &request.token {
            builder = builder.header(AUTHORIZATION, format!("Bearer {}", token.0));
        }
        request.call.read(&exchange(builder).await?)
    }

    /// Signs in.
    pub(crate) async fn sign_in(&self, server: &str, ask: &SignIn) -> Result<SignedIn, RequestError> {
        let builder = self.client.post(format!("{server}/v1/sessions")).json(ask);
        serde_json::from_slice(&exchange(builder).await?).map_err(|_| RequestError::Garbled)
    }

    /// Ends the session that this token is of.
    pub(crate) async fn sign_out(&self, server: &str, token: &Token) -> Result<(), RequestError> {
        let url = format!("{server}/v1/sessions/current");
        let builder = self.client.delete(url).header(AUTHORIZATION, format!("Bearer {}", token.0));
        exchange(builder).await.map(|_| ())
    }
}

async fn exchange(builder: RequestBuilder) -> Result<Vec<u8>, RequestError> {
    let response =
        builder.header(ACCEPT, JSON).header(PROTOCOL_HEADER, PROTOCOL).send().await.map_err(|error| {
            if error.is_builder() { RequestError::Garbled } else { RequestError::Unreachable }
        })?;
    let status = response.status();
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with(PROBLEM_CONTENT_TYPE));
    let body = read(response).await?;
    if status.is_success() {
        return Ok(body);
    }
    if is_problem && let Ok(problem) = serde_json::from_slice::<Problem>(&body) {
        return Err(RequestError::Problem(Box::new(problem)));
    }
    Err(match status {
        // A proxy whose server is down.
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            RequestError::Unreachable
        }
        _ => RequestError::Garbled,
    })
}

async fn read(mut response: Response) -> Result<Vec<u8>, RequestError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| RequestError::Unreachable)? {
        if body.len() + chunk.len() > ANSWER_LIMIT_BYTES {
            return Err(RequestError::Garbled);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;

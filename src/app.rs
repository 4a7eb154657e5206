//! Builds and runs the HTTP service from the route table: workers, limits, headers, health, and an ordered stop.
//! No operation is known here by name.

use crate::api::contract::{Published, STYLE};
use crate::api::routes::{Accepts, ROUTES, Route, Serve};
use crate::api::{ROOT, info};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::OpenError;
use crate::db::audited::{Door, Identity};
use crate::db::signing_keys;
use crate::db::store::Store;
use crate::domain::operation::Burden;
use crate::error::{Error, ErrorCode, Language, Result};
use crate::http::backend::{Backend, Passwords};
use crate::http::forwarded::client_address;
use crate::http::links::base_of;
use crate::http::problem::{self, language_of};
use crate::http::request::Request;
use actix_web::dev::{Server, ServerHandle};
use actix_web::http::Method as HttpMethod;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY,
    HeaderName, HeaderValue, VARY,
};
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, Bytes, Payload, ServiceConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, Resource};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Weak};
use uuid::Uuid;

/// Connections that may wait to be accepted.
const BACKLOG: i32 = 1024;

/// Why the service did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error("{0}")]
    Open(#[from] OpenError),
    /// The address.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// As configured.
        address: String,
        /// Why.
        cause: std::io::Error,
    },
    /// Something else of the system.
    #[error("the service cannot start: {0}")]
    System(#[from] std::io::Error),
    /// A part of the configuration.
    #[error("the configuration cannot be used: {0}")]
    Config(String),
}

/// A service that is ready to be awaited.
pub struct Running {
    /// Resolves when the service has stopped.
    pub server: Server,
    /// The address in use.
    pub address: SocketAddr,
    /// The way to the database, for what the service does by itself.
    pub door: Door,
    /// Password hashes, to see how many have been computed.
    pub passwords: Passwords,
}

/// Opens the database and binds the address. Must be called inside an actix runtime.
///
/// # Errors
/// The database cannot be opened, or the address is taken.
pub fn start(config: Config, clock: Clock) -> std::result::Result<Running, StartError> {
    let store = Store::open(&config.location, config.threads)?.with_patience(config.longest_wait);
    let listener = TcpListener::bind(&config.listen).map_err(|cause| StartError::Listen {
        address: config.listen.clone(),
        cause,
    })?;
    let address = listener.local_addr()?;
    let door = Door::new(store, Arc::clone(&config.vault));
    let backend = Backend::new(config, door.clone(), clock)
        .map_err(|error| StartError::Config(error.cause.unwrap_or_default()))?;
    let known = signing_keys::load(&mut backend.config.location.connect()?)
        .map_err(|cause| StartError::Config(format!("the signing keys cannot be read: {cause}")))?;
    backend
        .tokens
        .set_keys(known)
        .map_err(|error| StartError::Config(error.cause.unwrap_or_default()))?;
    let backend = Arc::new(backend);
    actix_web::rt::spawn(hear_of_keys(Arc::downgrade(&backend)));
    let shared = Arc::clone(&backend);
    let contract = web::Data::new(Published::new(backend.config.contact.clone()));
    let (is_behind_proxy, passwords) = (backend.config.is_behind_proxy, backend.passwords.clone());
    let server = HttpServer::new(move || {
        App::new()
            .wrap(security_headers(is_behind_proxy))
            .app_data(web::Data::from(Arc::clone(&shared)))
            .app_data(contract.clone())
            .configure(addresses)
    })
    .workers(backend.config.workers)
    .max_connections(connections_of_worker(&backend.config))
    .backlog(u32::try_from(BACKLOG).unwrap_or(1024))
    .client_request_timeout(backend.config.arrival_limit)
    .shutdown_timeout(backend.config.stop_limit.as_secs())
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(Running {
        server,
        address,
        door,
        passwords,
    })
}

/// Each worker has its share.
fn connections_of_worker(config: &Config) -> usize {
    config.connections.div_ceil(config.workers.max(1)).max(1)
}

/// Looks up the keys that sign access tokens and those of the vault, again and again: another server or the command line may
/// have rotated them.
/// Ends with the service.
async fn hear_of_keys(service: Weak<Backend>) {
    loop {
        let Some(pause) = service.upgrade().map(|backend| backend.config.key_lookup) else {
            return;
        };
        tokio::time::sleep(pause).await;
        let Some(backend) = service.upgrade() else {
            return;
        };
        if let Err(error) = backend.config.vault.read_again() {
            tracing::warn!(%error, "the keys of the database could not be read again");
        }
        let heard = match signing_keys::look_up(&backend.door).await {
            Ok(keys) => backend.tokens.set_keys(keys),
            Err(error) => Err(error),
        };
        if let Err(error) = heard {
            let cause = error.cause.unwrap_or_default();
            tracing::warn!(cause, "the signing keys could not be looked up");
        }
    }
}

/// Stops when the operator asks for it: what runs is finished, within the limit.
pub async fn stop_on_signal(handle: ServerHandle) {
    let terminated = async {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            if let Ok(mut stream) = signal(SignalKind::terminate()) {
                stream.recv().await;
                return;
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
    tracing::info!("stopping: running requests are finished first");
    handle.stop(true).await;
}

/// What every answer says: keep nothing, guess nothing, embed nowhere; and by TLS alone, where a proxy ends it (RFC 6797, 7.2: not
/// over plain HTTP).
fn security_headers(is_behind_proxy: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add(("Cache-Control", "no-store"))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("X-Frame-Options", "DENY"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add((
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=()",
        ))
        .add((
            "Content-Security-Policy",
            "default-src 'none'; frame-ancestors 'none'",
        ));
    if is_behind_proxy {
        headers.add(("Strict-Transport-Security", "max-age=31536000"))
    } else {
        headers
    }
}

fn addresses(config: &mut ServiceConfig) {
    let mut by_path: BTreeMap<usize, (&'static str, Vec<&'static Route>)> = BTreeMap::new();
    // In the order of the table: fixed words stand before ids there.
    for (place, route) in ROUTES.iter().enumerate() {
        match by_path.values_mut().find(|(path, _)| *path == route.path) {
            Some((_, routes)) => routes.push(route),
            None => {
                by_path.insert(place, (route.path, vec![route]));
            }
        }
    }
    for path in info::PUBLIC {
        let resource = web::resource(*path).get(
            move |http: HttpRequest,
                  backend: web::Data<Backend>,
                  contract: web::Data<Published>| {
                open_to_all(path, http, backend, contract)
            },
        );
        config.service(refusing_others(resource, "GET".to_owned()));
    }
    for (path, routes) in by_path.into_values() {
        let mut resource = web::resource(format!("{ROOT}{path}"));
        let mut methods: Vec<&str> = routes.iter().map(|route| route.method.name()).collect();
        methods.sort_unstable();
        let allowed = methods.join(", ");
        for route in routes {
            let method =
                HttpMethod::from_bytes(route.method.name().as_bytes()).unwrap_or(HttpMethod::GET);
            resource = resource.route(web::method(method).to(
                move |request: HttpRequest, payload: Payload, backend: web::Data<Backend>| {
                    serve(route, request, payload, backend.into_inner())
                },
            ));
        }
        config.service(refusing_others(resource, allowed));
    }
    config.default_service(web::to(|request: HttpRequest| async move {
        problem::bare(ErrorCode::NotFound, language(&request), &fresh_id())
    }));
}

/// An address that answers other methods with 405 and the methods it has.
fn refusing_others(resource: Resource, allowed: String) -> Resource {
    resource.default_service(web::to(move |request: HttpRequest| {
        let error = Error::from(ErrorCode::MethodNotAllowed);
        let allowed = allowed.clone();
        async move { problem::response(&error, language(&request), &fresh_id(), Some(&allowed)) }
    }))
}

async fn serve(
    route: &'static Route,
    http: HttpRequest,
    payload: Payload,
    backend: Arc<Backend>,
) -> HttpResponse {
    let began = std::time::Instant::now();
    let (request_id, now) = (fresh_id(), backend.clock.now());
    let identity = identity(&http, &backend, now);
    // A roster is given room before it is taken in, and keeps it until it is done with.
    let room = match route.accepts {
        Accepts::Roster => backend.room_for(Some(Burden::Heavy), identity).await,
        _ => Ok(None),
    };
    let body = match &room {
        Ok(_) => arrive(route, identity, payload, &backend).await,
        Err(error) => Err(error.clone()),
    };
    let request = Arc::new(Request::new(
        route,
        &http,
        identity,
        now,
        request_id.clone(),
        base_of(&http, backend.config.is_behind_proxy),
        address_of(&http, &backend),
        body,
    ));
    let result = match (backend.overdone(&request).await, route.serve) {
        (Err(error), _) => Err(error),
        (Ok(Some(error)), _) => backend.refuse(&request, error).await,
        (Ok(None), Serve::Tx(work)) => backend.run(&request, work).await,
        (Ok(None), Serve::Beside(work)) => work(Arc::clone(&backend), Arc::clone(&request)).await,
    };
    drop(room);
    let mut response = match result {
        Ok(reply) => reply.write(&request, &backend),
        Err(error) => {
            if let Some(cause) = &error.cause {
                tracing::error!(%request_id, operation = route.operation.name(), cause, "failed");
            }
            problem::response(&error, request.language, &request_id, None)
        }
    };
    add_trace(&http, &mut response, &request_id);
    tracing::info!(
        %request_id,
        operation = route.operation.name(),
        actor = actor_of(request.identity),
        status = response.status().as_u16(),
        micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

fn actor_of(identity: Identity) -> String {
    match identity {
        Identity::Bearer { user_id, .. } => user_id.to_string(),
        _ => "-".to_owned(),
    }
}

/// Waits for the body, within the limits of size and time.
async fn arrive(
    route: &Route,
    identity: Identity,
    payload: Payload,
    backend: &Backend,
) -> Result<Bytes> {
    let limit = match (route.accepts, identity) {
        // Room for a roster is made for nobody who has not signed in.
        (Accepts::Roster, Identity::Bearer { .. }) => backend.config.roster_limit,
        _ => backend.config.body_limit,
    };
    match tokio::time::timeout(
        backend.config.arrival_limit,
        payload.to_bytes_limited(limit),
    )
    .await
    {
        Ok(Ok(Ok(bytes))) => Ok(bytes),
        Ok(Ok(Err(_))) => Err(ErrorCode::MalformedBody.into()),
        Ok(Err(_)) => Err(ErrorCode::BodyTooLarge.into()),
        Err(_) => Err(ErrorCode::RequestTimeout.into()),
    }
}

/// Whoever shows a valid token; nobody otherwise, so that a bad token is refused as none is.
fn identity(http: &HttpRequest, backend: &Backend, now: chrono::DateTime<chrono::Utc>) -> Identity {
    // Of two, somebody on the way may have gone by the other one.
    if http.headers().get_all(AUTHORIZATION).count() > 1 {
        return Identity::Anonymous;
    }
    http.headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .and_then(|(_, token)| backend.tokens.read(token.trim(), now))
        .map_or(Identity::Anonymous, |(user_id, session_id)| {
            Identity::Bearer {
                user_id,
                session_id,
            }
        })
}

fn address_of(http: &HttpRequest, backend: &Backend) -> Option<IpAddr> {
    let peer = http.peer_addr().map(|peer| peer.ip());
    if backend.config.is_behind_proxy {
        return client_address(http.headers(), peer);
    }
    peer
}

/// The request's id, and its place in a trace (W3C Trace Context) that the caller began or that begins here.
fn add_trace(http: &HttpRequest, response: &mut HttpResponse, request_id: &str) {
    let span = Uuid::now_v7().simple().to_string();
    let span = span.get(16..).unwrap_or("0000000000000001");
    let trace = http
        .headers()
        .get("traceparent")
        .and_then(|value| value.to_str().ok())
        .and_then(trace_of)
        .unwrap_or_else(|| request_id.replace('-', ""));
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&format!("00-{trace}-{span}-01")) {
        headers.insert(HeaderName::from_static("traceparent"), value);
    }
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

fn trace_of(traceparent: &str) -> Option<String> {
    let mut parts = traceparent.split('-');
    let (version, trace, parent) = (parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length: usize| {
        text.len() == length
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            && text.bytes().any(|b| b != b'0')
    };
    (version.len() == 2 && version != "ff" && is_hex(trace, 32) && is_hex(parent, 16))
        .then(|| trace.to_owned())
}

fn language(http: &HttpRequest) -> Language {
    language_of(
        http.headers()
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok()),
    )
}

fn fresh_id() -> String {
    Uuid::now_v7().to_string()
}

/// The addresses of `info::PUBLIC`; each of them stands here, and nothing else does.
async fn open_to_all(
    path: &'static str,
    http: HttpRequest,
    backend: web::Data<Backend>,
    contract: web::Data<Published>,
) -> HttpResponse {
    let json = "application/json";
    let place = path.strip_prefix(ROOT).unwrap_or(path);
    match place {
        "/health/live" => answer(json, r#"{"status":"live"}"#),
        "/health/ready" => match backend.door.answers().await {
            Ok(()) => answer(json, r#"{"status":"ready"}"#),
            Err(error) => problem::response(&error, language(&http), &fresh_id(), None),
        },
        "/api-info" => {
            let base = base_of(&http, backend.config.is_behind_proxy);
            answer(json, &info::api_info(&base).to_string())
        }
        "/problems/{code}" => {
            let code = http.match_info().query("code");
            match info::problem_type(code, language(&http)) {
                Some(document) => answer(json, &document.to_string()),
                None => problem::bare(ErrorCode::NotFound, language(&http), &fresh_id()),
            }
        }
        "/openapi.yaml" => published("application/yaml", contract.yaml()),
        "/openapi.json" => published(json, contract.json()),
        "/documentation" => {
            let language = info::language_asked(http.query_string()).unwrap_or(language(&http));
            let mut page = published("text/html; charset=utf-8", contract.page(language));
            let headers = page.headers_mut();
            headers.insert(
                CONTENT_LANGUAGE,
                HeaderValue::from_static(problem::language_tag(language)),
            );
            headers.insert(VARY, HeaderValue::from_static("Accept-Language"));
            page
        }
        "/documentation/style.css" => published("text/css; charset=utf-8", STYLE),
        _ => problem::bare(ErrorCode::NotFound, language(&http), &fresh_id()),
    }
}

fn answer(media_type: &'static str, text: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(media_type)
        .body(text.to_owned())
}

/// Holds no personal data and may be kept for a while; a page may load its style from here and nothing else from anywhere.
fn published(media_type: &'static str, text: &str) -> HttpResponse {
    let mut response = answer(media_type, text);
    let headers = response.headers_mut();
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_carried_on_only_if_it_is_one() {
        let trace = "0af7651916cd43dd8448eb211c80319c";
        assert_eq!(
            trace_of(&format!("00-{trace}-b7ad6b7169203331-01")).as_deref(),
            Some(trace)
        );
        assert_eq!(
            trace_of("00-00000000000000000000000000000000-b7ad6b7169203331-01"),
            None
        );
        assert_eq!(trace_of("00-x-b7ad6b7169203331-01"), None);
        assert_eq!(trace_of(""), None);
    }
}

//! Serves `dist` as `trunk serve` does: same files, same headers, but no service worker. In the folders `refuse/NAME/`,
//! `hang/NAME/`, `cut/NAME/` and `mute/NAME/` the same, but of the files whose names begin with NAME none is there, nothing
//! comes, only half comes, or the script of a worker is one that says nothing, until they are [`allow`]ed. The folders `plain/NAME/` are as on a static host: no headers of ours, and the service worker; one can be
//! [`unplug`]ged, or [`publish`] a newer version; in `plain/late/` the service worker comes late.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use tiny_http::{Header, Request, Response, Server};

pub fn dist() -> PathBuf {
    let dist = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("dist");
    assert!(dist.join("index.html").exists(), "dist is not built: run scripts/test build browser");
    dist
}

/// From now on, nothing is wrong any more in a folder, such as `refuse/trainer/`.
pub fn allow(folder: &str) {
    ALLOWED.lock().unwrap().push(folder.to_owned());
}

/// How late the service worker comes in `plain/late/`.
const LATE: std::time::Duration = std::time::Duration::from_secs(5);

/// What is never answered.
static HELD: Mutex<Vec<Request>> = Mutex::new(Vec::new());
static ALLOWED: Mutex<Vec<String>> = Mutex::new(Vec::new());
static UNPLUGGED: Mutex<Vec<String>> = Mutex::new(Vec::new());
static PUBLISHED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From now on, nothing answers in a folder, such as `plain/offline/`.
pub fn unplug(folder: &str) {
    UNPLUGGED.lock().unwrap().push(folder.to_owned());
}

/// From now on, a folder such as `plain/update/` holds a newer version.
pub fn publish(folder: &str) {
    PUBLISHED.lock().unwrap().push(folder.to_owned());
}

/// The folder's faults: its kind, its name, and the file in it.
fn parts(path: &str) -> (&str, &str, &str) {
    match path.splitn(3, '/').collect::<Vec<_>>()[..] {
        [kind @ ("refuse" | "hang" | "cut" | "mute" | "plain"), name, rest] => (kind, name, rest),
        _ => ("", "", path),
    }
}

/// Whether something is wrong with this file.
fn is_faulty(path: &str) -> bool {
    let (kind, name, rest) = parts(path);
    let file = rest.rsplit('/').next().unwrap_or(rest);
    !kind.is_empty() && file.starts_with(name) && !ALLOWED.lock().unwrap().contains(&format!("{kind}/{name}/"))
}

/// Serves a page of one's own beside the app, and returns its address.
pub fn serve_page(html: &str) -> String {
    let mut pages = OWN_PAGES.lock().unwrap();
    pages.push(html.to_owned());
    format!("{}{OWN_PAGE}{}", address(), pages.len() - 1)
}

const OWN_PAGE: &str = "own-page-";
static OWN_PAGES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What is to be sent for a path, if anything is.
fn content(path: &str) -> Option<Vec<u8>> {
    if let Some(number) = path.strip_prefix(OWN_PAGE).and_then(|number| number.parse::<usize>().ok()) {
        return OWN_PAGES.lock().unwrap().get(number).map(|html| html.clone().into_bytes());
    }
    let (fault, name, rest) = parts(path);
    let rest = if rest.is_empty() { "index.html" } else { rest };
    let folder = format!("{fault}/{name}/");
    let file = rest.rsplit('/').next().unwrap_or(rest);
    let is_faulty = is_faulty(path);
    let is_missing = is_faulty && fault == "refuse" || file == "service-worker.js" && fault != "plain";
    if rest.contains("..") || is_missing {
        return None;
    }
    let mut bytes = std::fs::read(dist().join(rest)).ok()?;
    if file == "service-worker.js" && PUBLISHED.lock().unwrap().contains(&folder) {
        let text = String::from_utf8(bytes).unwrap();
        bytes = text.replacen("const VERSION = \"", "const VERSION = \"newer-", 1).into_bytes();
    }
    if is_faulty && fault == "cut" {
        bytes.truncate(bytes.len() / 2);
    }
    if is_faulty && fault == "mute" && file.ends_with("_loader.js") {
        bytes.clear();
    }
    Some(bytes)
}

/// The address of the app, served in this process.
pub fn address() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    ADDRESS.get_or_init(|| {
        let server = Server::http("127.0.0.1:0").unwrap();
        let port = server.server_addr().to_ip().unwrap().port();
        std::thread::spawn(move || {
            for request in server.incoming_requests() {
                let path = request.url().split(['?', '#']).next().unwrap().trim_start_matches('/').to_owned();
                let name = if path.is_empty() || path.ends_with('/') { "index.html" } else { &path };
                let (kind, folder, _) = parts(&path);
                let is_late = kind == "plain" && folder == "late" && name.ends_with("service-worker.js");
                if kind == "hang" && is_faulty(&path) {
                    HELD.lock().unwrap().push(request);
                    continue;
                }
                if UNPLUGGED.lock().unwrap().contains(&format!("{kind}/{folder}/")) {
                    // The connection closes without an answer.
                    drop(request.into_writer());
                    continue;
                }
                let isolation =
                    [("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Embedder-Policy", "require-corp")];
                let headers: Vec<_> = std::iter::once(("Content-Type", content_type(name)))
                    .chain(isolation.into_iter().filter(|_| kind != "plain"))
                    .map(|(name, value)| Header::from_bytes(name, value).unwrap())
                    .collect();
                let answer = move || {
                    // A browser that has gone away is no matter.
                    let _ = match content(&path) {
                        Some(bytes) => {
                            let response = Response::from_data(bytes);
                            request.respond(headers.into_iter().fold(response, Response::with_header))
                        }
                        None => request.respond(Response::empty(404)),
                    };
                };
                if is_late {
                    std::thread::spawn(|| {
                        std::thread::sleep(LATE);
                        answer();
                    });
                } else {
                    answer();
                }
            }
        });
        format!("http://127.0.0.1:{port}/")
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        _ if name.starts_with(OWN_PAGE) => "text/html; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

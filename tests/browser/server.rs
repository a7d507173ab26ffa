//! Serves `dist` as `trunk serve` does: same files, same headers. In the folders `refuse/NAME/` and `cut/NAME/` the same,
//! but files whose names begin with NAME are missing, or only half of them comes, until they are [`allow`]ed.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use tiny_http::{Header, Response, Server};

pub fn dist() -> PathBuf {
    let dist = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("dist");
    assert!(dist.join("index.html").exists(), "dist is not built: run scripts/test build browser");
    dist
}

/// From now on, nothing is wrong any more in a folder, such as `refuse/trainer/`.
pub fn allow(folder: &str) {
    ALLOWED.lock().unwrap().push(folder.to_owned());
}

static ALLOWED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What is to be sent for a path, if anything is.
fn content(path: &str) -> Option<Vec<u8>> {
    let (fault, name, rest) = match path.splitn(3, '/').collect::<Vec<_>>()[..] {
        [fault @ ("refuse" | "cut"), name, rest] => (fault, name, rest),
        _ => ("", "", path),
    };
    let rest = if rest.is_empty() { "index.html" } else { rest };
    let is_faulty =
        !fault.is_empty() && rest.starts_with(name) && !ALLOWED.lock().unwrap().contains(&format!("{fault}/{name}/"));
    if rest.contains("..") || (is_faulty && fault == "refuse") {
        return None;
    }
    let mut bytes = std::fs::read(dist().join(rest)).ok()?;
    if is_faulty {
        bytes.truncate(bytes.len() / 2);
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
                let headers = [
                    ("Content-Type", content_type(name)),
                    ("Cross-Origin-Opener-Policy", "same-origin"),
                    ("Cross-Origin-Embedder-Policy", "require-corp"),
                ]
                .map(|(name, value)| Header::from_bytes(name, value).unwrap());
                // A browser that has gone away is no matter.
                let _ = match content(&path) {
                    Some(bytes) => {
                        let response = Response::from_data(bytes);
                        request.respond(headers.into_iter().fold(response, Response::with_header))
                    }
                    None => request.respond(Response::empty(404)),
                };
            }
        });
        format!("http://127.0.0.1:{port}/")
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

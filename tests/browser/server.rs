//! Serves `dist` as `trunk serve` does: same files, same headers.

use std::path::PathBuf;
use std::sync::OnceLock;

use tiny_http::{Header, Response, Server};

pub fn dist() -> PathBuf {
    let dist = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("dist");
    assert!(dist.join("index.html").exists(), "dist is not built: run scripts/test build browser");
    dist
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
                let name = if path.is_empty() { "index.html" } else { &path };
                let headers = [
                    ("Content-Type", content_type(name)),
                    ("Cross-Origin-Opener-Policy", "same-origin"),
                    ("Cross-Origin-Embedder-Policy", "require-corp"),
                ]
                .map(|(name, value)| Header::from_bytes(name, value).unwrap());
                // A browser that has gone away is no matter.
                let _ = match std::fs::read(dist().join(name)) {
                    Ok(bytes) if !name.contains("..") => {
                        let response = Response::from_data(bytes);
                        request.respond(headers.into_iter().fold(response, Response::with_header))
                    }
                    _ => request.respond(Response::empty(404)),
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

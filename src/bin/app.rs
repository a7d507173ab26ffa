//! The page.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "web"))]
    piecewise::web::start_page();
}

//! On a static host that sends no headers, in a folder, and with the network gone.

use serde_json::json;

use crate::page::{Page, browse};
use crate::server;
use crate::train::use_sample;

const IS_ISOLATED: &str = "return crossOriginIsolated";

/// Opens the app in a folder of a static host, and waits until its service worker has isolated the page: it reloads once.
async fn visit(page: &Page, folder: &str) {
    page.goto_at(folder, "#/train").await;
    page.expect_js(IS_ISOLATED, &json!(true)).await;
    page.wait_for("train-start").await;
}

/// Begins anew as a visitor's browser does: WebDriver's own command passes the service worker by.
async fn begin_anew(page: &Page) {
    page.js("window.isOld = true; location.reload()").await;
    page.expect_js("return window.isOld === undefined && document.readyState", &json!("complete")).await;
}

#[test]
fn after_one_visit_the_network_may_go() {
    browse("#/function", async |page| {
        let folder = "plain/offline/";
        visit(page, folder).await;
        server::unplug(folder);
        begin_anew(page).await;
        page.wait_for("train-start").await;
        assert_eq!(page.js(IS_ISOLATED).await, json!(true), "still");
        let answers = page
            .js_async("const done = arguments[0]; fetch('./missing', { signal: AbortSignal.timeout(3000) }).then(() => done('an answer'), () => done('none'))")
            .await;
        assert_eq!(answers, json!("none"), "the network is really gone");
        // The trainers were never asked for before.
        use_sample(page).await;
        page.fill("workers", "2").await;
        page.fill("epochs", "1").await;
        page.click("train-start").await;
        page.expect("train-status", "finished").await;
        page.click("nav-function").await;
        page.wait_for("plot-function").await;
    });
}

#[test]
fn the_page_reloads_itself_once_and_never_after_a_touch() {
    browse("#/function", async |page| {
        // An input before the service worker is there, which comes late.
        page.goto_at("plain/late/", "#/function").await;
        page.wait_for("plot-function").await;
        page.js("dispatchEvent(new KeyboardEvent('keydown', { key: 'a' })); window.isSame = true").await;
        let ready =
            "const done = arguments[0]; navigator.serviceWorker.ready.then(() => setTimeout(() => done(true), 1000))";
        assert_eq!(page.js_async(ready).await, json!(true));
        assert_eq!(page.js("return window.isSame").await, json!(true), "it has not begun anew");
        // One that was not touched begins anew, once.
        visit(page, "plain/once/").await;
        page.js("window.isSame = true").await;
        assert_eq!(page.js_async(ready).await, json!(true));
        assert_eq!(page.js("return window.isSame").await, json!(true));
    });
}

#[test]
fn a_newer_version_waits_until_it_is_wanted() {
    browse("#/function", async |page| {
        let folder = "plain/update/";
        visit(page, folder).await;
        assert!(!page.is_shown("new-version").await);
        server::publish(folder);
        begin_anew(page).await;
        page.expect_js("return !!document.querySelector('[data-testid=new-version]')?.offsetParent", &json!(true))
            .await;
        let caches = "const done = arguments[0]; caches.keys().then(names => done(names.filter(name => name.includes('/update/')).map(name => name.includes('newer-'))))";
        assert_eq!(page.js_async(caches).await, json!([false, true]), "both are there, and the old one is shown");
        page.click("new-version").await;
        page.expect_js("return !document.querySelector('[data-testid=new-version]')?.offsetParent", &json!(true)).await;
        page.wait_for("train-start").await;
        use_sample(page).await;
    });
}

#[test]
fn it_can_be_installed() {
    browse("#/function", async |page| {
        let manifest = "const done = arguments[0]; fetch(document.querySelector('link[rel=manifest]').href).then(answer => answer.json()).then(async manifest => \
            done([manifest.name, manifest.display, (await fetch(manifest.icons[0].src)).status]))";
        assert_eq!(page.js_async(manifest).await, json!(["Piecewise", "standalone", 200]));
    });
}

//! A page in a browser of its own, and what a person does with it.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, Locator};
use futures_util::FutureExt;
use serde_json::{Value, json};

use crate::engine::Engine;
use crate::server;

/// Longer than anything takes that does work, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Page {
    client: Client,
}

/// Opens the app at a hash (such as `#/train`), lets `body` use it, and closes it whatever happens.
pub fn browse(hash: &str, body: impl AsyncFnOnce(&Page)) {
    browse_sized(hash, (1440, 900), body);
}

pub fn browse_sized(hash: &str, size: (u32, u32), body: impl AsyncFnOnce(&Page)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let engine = Engine::chosen();
    let driver = engine.start();
    let result = runtime.block_on(async {
        let page = Page { client: engine.connect(&driver, size).await };
        page.goto(hash).await;
        let result = AssertUnwindSafe(body(&page)).catch_unwind().await;
        let errors = page.js("return window.seenErrors || []").await;
        let _ = page.client.clone().close().await;
        if result.is_err() && errors != json!([]) {
            eprintln!("the page reported errors: {errors}");
        }
        result.map(|()| errors)
    });
    match result {
        Ok(errors) => assert_eq!(errors, json!([]), "the page reported errors"),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// A command as it goes to the driver.
#[derive(Debug)]
struct Raw {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Raw {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

async fn wait_until<T, F: Future<Output = Result<T, String>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        match look().await {
            Ok(value) => return value,
            Err(seen) => assert!(start.elapsed() < PATIENCE, "waited in vain for {what}; saw {seen}"),
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// A movement of the mouse, in whole numbers, since some drivers take no others.
fn move_to(x: f64, y: f64) -> Value {
    json!({ "type": "pointerMove", "duration": 20, "x": x.round() as i64, "y": y.round() as i64, "origin": "viewport" })
}

impl Page {
    /// Loads the app anew at a hash.
    pub async fn goto(&self, hash: &str) {
        self.goto_at("", hash).await;
    }

    /// Loads the app anew from a folder of the server.
    pub async fn goto_at(&self, folder: &str, hash: &str) {
        let address = format!("{}{folder}{hash}", server::address());
        self.client.goto("about:blank").await.unwrap();
        // A driver may lose sight of a page that has long been there; once more, then.
        if let Err(error) = self.client.goto(&address).await {
            assert!(matches!(&error, CmdError::Standard(error) if error.error == ErrorStatus::Timeout), "{error}");
            self.client.goto("about:blank").await.unwrap();
            self.client.goto(&address).await.unwrap();
        }
        self.watch_errors().await;
    }

    /// Loads a page of one's own, from the app's server.
    pub async fn goto_page(&self, html: &str) {
        self.client.goto(&server::serve_page(html)).await.unwrap();
    }

    /// From now on, all is looked for in a frame of the page.
    pub async fn enter_frame(&self, selector: &str) {
        let frame = self.client.find(Locator::Css(selector)).await.unwrap();
        frame.enter_frame().await.unwrap();
    }

    /// Waits until a script's text is as it should be, and returns it.
    pub async fn expect_js_text(&self, script: &str, condition: impl Fn(&str) -> bool) -> String {
        wait_until(script, || async {
            match self.js(script).await {
                Value::String(text) if condition(&text) => Ok(text),
                other => Err(other.to_string()),
            }
        })
        .await
    }

    /// Waits until a script's number is as it should be twice in a row, and returns it.
    pub async fn expect_js_number(&self, script: &str, condition: impl Fn(f64) -> bool) -> f64 {
        wait_until(script, || async {
            let first = self.js(script).await.as_f64().unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
            let second = self.js(script).await.as_f64().unwrap();
            if condition(first) && first == second { Ok(first) } else { Err(format!("{first}, then {second}")) }
        })
        .await
    }

    /// Waits until a field's content is as it should be.
    pub async fn expect_that_input(&self, testid: &str, what: &str, condition: impl Fn(&str) -> bool) {
        wait_until(&format!("{testid} to hold {what}"), || async {
            let text = self.input(testid).await;
            if condition(&text) { Ok(()) } else { Err(text) }
        })
        .await;
    }

    /// Waits until there is no such element.
    pub async fn expect_gone(&self, testid: &str) {
        wait_until(&format!("{testid} to be gone"), || async {
            if self.has(testid).await { Err("there".into()) } else { Ok::<(), String>(()) }
        })
        .await;
    }

    /// Opens another window of the same browser at a hash, and goes there. Returns the window of before and the new one.
    pub async fn open_window(&self, hash: &str) -> (WindowHandle, WindowHandle) {
        let before = self.client.window().await.unwrap();
        let new = self.client.new_window(false).await.unwrap().handle;
        self.switch_to(&new).await;
        self.goto(hash).await;
        (before, new)
    }

    pub async fn switch_to(&self, window: &WindowHandle) {
        self.client.switch_to_window(window.clone()).await.unwrap();
    }

    /// Closes the window, as when its tab is closed. Another has to be switched to.
    pub async fn close_window(&self) {
        self.client.close_window().await.unwrap();
    }

    /// Asks Chromium itself.
    pub async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Raw { path: "goog/cdp/execute", body }).await.unwrap()
    }

    pub async fn is_checked(&self, testid: &str) -> bool {
        self.wait_for(testid).await;
        self.js(&format!("return document.querySelector('[data-testid={testid}]').checked")).await == true
    }

    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
        self.watch_errors().await;
    }

    async fn watch_errors(&self) {
        self.wait_for("nav-function").await;
        self.js("window.seenErrors = [];
             window.addEventListener('error', event => window.seenErrors.push(String(event.message)));
             const log = console.error;
             console.error = (...text) => { window.seenErrors.push(text.join(' ')); log(...text); };")
            .await;
    }

    pub async fn js(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// Waits until a script returns what it should.
    pub async fn expect_js(&self, script: &str, expected: &Value) {
        wait_until(&format!("{expected} from {script}"), || async {
            let value = self.js(script).await;
            if value == *expected { Ok(()) } else { Err(value.to_string()) }
        })
        .await;
    }

    /// Runs a script that calls its last argument when it is done, with its result.
    pub async fn js_async(&self, script: &str) -> Value {
        self.client.execute_async(script, vec![]).await.unwrap()
    }

    /// Presses keys where the focus is.
    pub async fn press(&self, keys: &str) {
        let mut actions = KeyActions::new("keys".into());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.unwrap();
    }

    pub async fn hash(&self) -> String {
        self.js("return location.hash").await.as_str().unwrap().to_owned()
    }

    pub async fn title(&self) -> String {
        self.client.title().await.unwrap()
    }

    /// The element with this test id.
    pub async fn wait_for(&self, testid: &str) -> Element {
        wait_until(testid, || async {
            let selector = format!("[data-testid=\"{testid}\"]");
            self.client.find(Locator::Css(&selector)).await.map_err(|error| error.to_string())
        })
        .await
    }

    pub async fn has(&self, testid: &str) -> bool {
        let selector = format!("[data-testid=\"{testid}\"]");
        !self.client.find_all(Locator::Css(&selector)).await.unwrap().is_empty()
    }

    pub async fn click(&self, testid: &str) {
        let element = self.wait_for(testid).await;
        wait_until(&format!("{testid} to be enabled"), || async {
            if element.is_enabled().await.unwrap() { Ok(()) } else { Err("a disabled control".into()) }
        })
        .await;
        self.press_on(&element, testid).await;
    }

    /// Clicks where a click is possible: what has just come may have no place yet, and a bar at the screen's edge may lie
    /// over it.
    async fn press_on(&self, element: &Element, testid: &str) {
        wait_until(&format!("{testid} to be in reach"), || async {
            match element.click().await {
                Err(error) if error.is_element_not_interactable() || is_covered(&error) => {
                    self.centre(testid).await;
                    Err(error.to_string())
                }
                other => Ok(other.unwrap()),
            }
        })
        .await;
    }

    /// Scrolls a control to the middle of what is seen, where nothing lies over it.
    pub async fn centre(&self, testid: &str) {
        self.wait_for(testid).await;
        self.js(&format!("document.querySelector('[data-testid=\"{testid}\"]').scrollIntoView({{ block: 'center' }})"))
            .await;
    }

    pub async fn is_shown(&self, testid: &str) -> bool {
        self.wait_for(testid).await.is_displayed().await.unwrap()
    }

    pub async fn is_enabled(&self, testid: &str) -> bool {
        self.wait_for(testid).await.is_enabled().await.unwrap()
    }

    /// Replaces a field's text, key by key, and leaves it.
    pub async fn fill(&self, testid: &str, text: &str) {
        self.type_into(testid, text).await;
        self.wait_for(testid).await.send_keys("\u{e004}").await.unwrap();
    }

    /// Replaces a field's text and stays in it.
    pub async fn type_into(&self, testid: &str, text: &str) {
        let field = self.wait_for(testid).await;
        self.press_on(&field, testid).await;
        field.send_keys("\u{e009}a\u{e000}").await.unwrap();
        field.send_keys(if text.is_empty() { "\u{e003}" } else { text }).await.unwrap();
    }

    pub async fn keys(&self, testid: &str, keys: &str) {
        self.wait_for(testid).await.send_keys(keys).await.unwrap();
    }

    pub async fn select(&self, testid: &str, value: &str) {
        self.wait_for(testid).await.select_by_value(value).await.unwrap();
    }

    /// Chooses files for a file input.
    pub async fn choose_files(&self, testid: &str, paths: &[std::path::PathBuf]) {
        let paths: Vec<_> = paths.iter().map(|path| path.to_str().unwrap()).collect();
        self.wait_for(testid).await.send_keys(&paths.join("\n")).await.unwrap();
    }

    /// Drops files or folders on an element, as from a file manager.
    pub async fn drop_files(&self, testid: &str, paths: &[std::path::PathBuf]) {
        let (x, y, width, height) = self.rectangle(testid).await;
        let data = json!({ "items": [], "files": paths, "dragOperationsMask": 1 });
        for kind in ["dragEnter", "dragOver", "drop"] {
            let parameters = json!({ "type": kind, "x": x + width / 2.0, "y": y + height - 4.0, "data": data });
            self.devtools("Input.dispatchDragEvent", parameters).await;
        }
    }

    /// Opens a folded part of the page.
    pub async fn open(&self, testid: &str) {
        self.wait_for(testid).await;
        self.js(&format!("document.querySelector('[data-testid={testid}]').open = true")).await;
    }

    /// Waits until the address holds this part.
    pub async fn expect_hash(&self, part: &str) {
        wait_until(&format!("the address to hold {part}"), || async {
            let hash = self.hash().await;
            if hash.contains(part) { Ok(()) } else { Err(hash) }
        })
        .await;
    }

    /// Where an element is in the window, scrolled into sight: left, top, width, height.
    async fn rectangle(&self, testid: &str) -> (f64, f64, f64, f64) {
        self.wait_for(testid).await;
        let place = self
            .js(&format!(
                "const element = document.querySelector('[data-testid=\"{testid}\"]');
                element.scrollIntoView({{ block: 'center' }});
                const place = element.getBoundingClientRect();
                return [place.x, place.y, place.width, place.height];"
            ))
            .await;
        let number = |index: usize| place[index].as_f64().unwrap();
        (number(0), number(1), number(2), number(3))
    }

    /// Presses the mouse at a share of an element's width, moves it by some pixels to the right in steps, and lets go.
    pub async fn drag(&self, testid: &str, from: f64, by: f64) {
        self.drag_by(testid, from, by, 0.0).await;
    }

    /// Presses the mouse in the middle of an element, moves it by some pixels right and down, and lets go.
    pub async fn pull(&self, testid: &str, right: f64, down: f64) {
        self.drag_by(testid, 0.5, right, down).await;
    }

    async fn drag_by(&self, testid: &str, from: f64, right: f64, down: f64) {
        let (x, y, width, height) = self.rectangle(testid).await;
        let (x, y) = (x + from * width, y + height / 2.0);
        let mut actions = vec![move_to(x, y), json!({ "type": "pointerDown", "button": 0 })];
        actions.extend((1..=10).map(|step| {
            let share = f64::from(step) / 10.0;
            move_to(x + right * share, y + down * share)
        }));
        actions.push(json!({ "type": "pointerUp", "button": 0 }));
        self.with_mouse(actions).await;
    }

    async fn with_mouse(&self, actions: Vec<Value>) {
        let mouse =
            json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions });
        self.client.issue_cmd(Raw { path: "actions", body: json!({ "actions": [mouse] }) }).await.unwrap();
    }

    /// The same with a finger.
    pub async fn touch(&self, testid: &str, right: f64, down: f64) {
        let (x, y, width, height) = self.rectangle(testid).await;
        self.sweep((x + width / 2.0, y + height / 2.0), (right, down)).await;
    }

    /// Puts a finger down at a place, moves it by some pixels in steps, and lifts it.
    async fn sweep(&self, (x, y): (f64, f64), (right, down): (f64, f64)) {
        let point = |share: f64| json!([{ "x": x + right * share, "y": y + down * share }]);
        self.devtools("Input.dispatchTouchEvent", json!({ "type": "touchStart", "touchPoints": point(0.0) })).await;
        for step in 1..=10 {
            let points = point(f64::from(step) / 10.0);
            self.devtools("Input.dispatchTouchEvent", json!({ "type": "touchMove", "touchPoints": points })).await;
        }
        self.devtools("Input.dispatchTouchEvent", json!({ "type": "touchEnd", "touchPoints": [] })).await;
    }

    /// Sweeps with a finger by so many pixels downwards, from a place within an element, as shares of its width and height.
    pub async fn swipe(&self, testid: &str, from: (f64, f64), down: f64) {
        let (x, y, width, height) = self.rectangle(testid).await;
        let (x, y) = (x + width * from.0, y + height * from.1);
        self.sweep((x, y), (0.0, down)).await;
    }

    /// Turns the wheel over an element, at a share of its width, by so many pixels downwards.
    pub async fn wheel(&self, testid: &str, across: f64, down: f64, with_ctrl: bool) {
        let (x, y, width, height) = self.rectangle(testid).await;
        let event = json!({
            "type": "mouseWheel", "x": x + across * width, "y": y + height / 2.0, "deltaX": 0, "deltaY": down,
            "modifiers": if with_ctrl { 2 } else { 0 },
        });
        self.devtools("Input.dispatchMouseEvent", event).await;
    }

    pub async fn hover(&self, testid: &str, across: f64, down: f64) {
        let (x, y, width, height) = self.rectangle(testid).await;
        self.with_mouse(vec![move_to(x + across * width, y + down * height)]).await;
    }

    async fn text(&self, testid: &str) -> String {
        self.wait_for(testid).await.text().await.unwrap()
    }

    /// Waits until an element's text is what it should be.
    pub async fn expect_text(&self, testid: &str, expected: &str) {
        wait_until(&format!("{testid} to say {expected:?}"), || async {
            let text = self.text(testid).await;
            if text == expected { Ok(()) } else { Err(text) }
        })
        .await;
    }

    /// The text of an element, also of one that is only heard.
    pub async fn said(&self, testid: &str) -> String {
        let script = format!("return document.querySelector('[data-testid=\"{testid}\"]')?.textContent ?? ''");
        self.js(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until such a text is as it should be.
    pub async fn expect_that_text(&self, testid: &str, what: &str, condition: impl Fn(&str) -> bool) {
        wait_until(&format!("{testid} to say {what}"), || async {
            let text = self.said(testid).await;
            if condition(&text) { Ok(()) } else { Err(text) }
        })
        .await;
    }

    /// What an input holds.
    pub async fn input(&self, testid: &str) -> String {
        self.wait_for(testid).await.prop("value").await.unwrap().unwrap()
    }

    /// From now on, files that the page offers are kept for [`export`](Self::export).
    pub async fn catch_downloads(&self) {
        self.js("window.offered = null;
            const made = URL.createObjectURL;
            URL.createObjectURL = blob => { blob.text().then(text => window.offered = text);
                blob.arrayBuffer().then(bytes => window.offeredBytes = Array.from(new Uint8Array(bytes)));
                return made(blob); };
            const click = HTMLAnchorElement.prototype.click;
            HTMLAnchorElement.prototype.click = function() {
                if (!this.download) return click.call(this);
                if (this.href.startsWith('data:')) window.offered = this.href;
            };")
            .await;
    }

    /// The file that a button offers, which may take a while. Downloads must be caught.
    pub async fn download(&self, testid: &str) -> Vec<u8> {
        self.js("window.offeredBytes = null").await;
        self.click(testid).await;
        wait_until("a file", || async {
            match self.js("return window.offeredBytes").await {
                Value::Array(bytes) => Ok(bytes.iter().map(|byte| byte.as_u64().unwrap() as u8).collect()),
                other => Err(other.to_string()),
            }
        })
        .await
    }

    /// The file that a plot's export button offers.
    pub async fn export(&self, plot: &str, kind: &str) -> String {
        self.wait_for(plot).await;
        let press = format!(
            "window.offered = null;
            document.querySelector('[data-testid=\"{plot}\"]').closest('figure').querySelector('[data-testid=export-{kind}]').click()"
        );
        self.js(&press).await;
        wait_until("an exported file", || async {
            match self.js("return window.offered").await {
                Value::String(text) => Ok(text),
                other => Err(other.to_string()),
            }
        })
        .await
    }

    /// An answer's `data-value`.
    pub async fn value(&self, testid: &str) -> String {
        self.wait_for(testid).await.attr("data-value").await.unwrap().unwrap_or_default()
    }

    pub async fn json(&self, testid: &str) -> Value {
        serde_json::from_str(&self.value(testid).await).unwrap()
    }

    pub async fn number(&self, testid: &str) -> f64 {
        let value = self.value(testid).await;
        value.parse().unwrap_or_else(|_| panic!("{testid} is no number: {value:?}"))
    }

    /// Waits until an answer is what it should be.
    pub async fn expect(&self, testid: &str, expected: &str) {
        self.expect_that(testid, expected, |value| value == expected).await;
    }

    /// Waits until an answer satisfies a condition.
    pub async fn expect_that(&self, testid: &str, what: &str, condition: impl Fn(&str) -> bool) {
        wait_until(&format!("{testid} to be {what}"), || async {
            let selector =
                format!("return document.querySelector('[data-testid=\"{testid}\"]')?.dataset.value ?? null");
            match self.js(&selector).await.as_str() {
                Some(value) if condition(value) => Ok(()),
                value => Err(format!("{value:?}; error on screen: {}", self.errors().await)),
            }
        })
        .await;
    }

    /// Waits for an error sentence with this part.
    pub async fn expect_error(&self, part: &str) {
        wait_until(&format!("the error {part:?}"), || async {
            let errors = self.errors().await;
            if errors.contains(part) { Ok(()) } else { Err(format!("{errors:?}")) }
        })
        .await;
    }

    /// Waits until no error is on screen.
    pub async fn expect_no_error(&self) {
        wait_until("no error", || async {
            let errors = self.errors().await;
            if errors.is_empty() { Ok(()) } else { Err(errors) }
        })
        .await;
    }

    /// All error sentences on screen.
    pub async fn errors(&self) -> String {
        let script = "return [...document.querySelectorAll('[data-testid=error]')].map(e => e.textContent).join(' | ')";
        self.js(script).await.as_str().unwrap().to_owned()
    }
}

fn is_covered(error: &CmdError) -> bool {
    matches!(error, CmdError::Standard(error) if error.error == ErrorStatus::ElementClickIntercepted)
}

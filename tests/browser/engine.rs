//! The browsers that the suite can use, each through its own driver: Chromium, or the one that the variable
//! `PIECEWISE_BROWSER` names, `firefox` or `webkit`.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How long a driver may take to listen.
const START: Duration = Duration::from_secs(20);
/// How long a page may take to load.
const PAGE_LOAD: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// A driver that runs; it ends with this.
pub struct Driver {
    child: Child,
    port: u16,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn variable(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.into())
}

impl Engine {
    pub fn chosen() -> Self {
        match &*variable("PIECEWISE_BROWSER", "chromium") {
            "chromium" => Self::Chromium,
            "firefox" => Self::Firefox,
            "webkit" => Self::WebKit,
            other => panic!("PIECEWISE_BROWSER is “{other}”: it can be chromium, firefox or webkit"),
        }
    }

    /// Starts a driver on a free port. Two that start at once may be given the same, and one of them then ends: it is
    /// started again.
    pub fn start(self) -> Driver {
        let (name, usual) = match self {
            Self::Chromium => ("CHROMEDRIVER", "chromedriver"),
            Self::Firefox => ("GECKODRIVER", "geckodriver"),
            Self::WebKit => ("WEBKITDRIVER", "WebKitWebDriver"),
        };
        let program = variable(name, usual);
        (0..5).find_map(|_| listening(&program)).unwrap_or_else(|| panic!("{program} does not listen"))
    }

    /// Opens a window whose page is of this size, in pixels.
    pub async fn connect(self, driver: &Driver, (width, height): (u32, u32)) -> Client {
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(self.capabilities((width, height)))
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .unwrap_or_else(|error| panic!("the driver does not start {self:?}: {error}"));
        if self != Self::Chromium {
            // What the driver sets is the window's size; what is wanted is that of the page in it.
            client.set_window_size(width, height).await.unwrap();
            let page = client.execute("return [innerWidth, innerHeight]", vec![]).await.unwrap();
            let frame = |index: usize, wanted: u32| wanted.saturating_sub(page[index].as_u64().unwrap() as u32);
            client.set_window_size(width + frame(0, width), height + frame(1, height)).await.unwrap();
        }
        client
    }

    fn capabilities(self, (width, height): (u32, u32)) -> Capabilities {
        let with_binary = |mut options: Value, name: &str| {
            if let Ok(binary) = std::env::var(name) {
                options["binary"] = binary.into();
            }
            options
        };
        let mut capabilities = match self {
            Self::Chromium => {
                let mut options = json!({
                    "args": [
                        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                        "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
                        "--disable-sync", format!("--window-size={width},{height}"),
                    ],
                });
                if width < 500 {
                    // A window cannot be that narrow; an emulated phone can.
                    options["mobileEmulation"] =
                        json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2.0 } });
                }
                json!({ "goog:chromeOptions": with_binary(options, "CHROME") })
            }
            Self::Firefox => json!({ "moz:firefoxOptions": with_binary(json!({ "args": ["-headless"] }), "FIREFOX") }),
            Self::WebKit => json!({}),
        };
        capabilities["timeouts"] = json!({ "pageLoad": PAGE_LOAD.as_millis() as u64 });
        capabilities.as_object().unwrap().clone()
    }
}

/// A driver that listens, if it does.
fn listening(program: &str) -> Option<Driver> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let child = Command::new(program)
        .arg(format!("--port={port}"))
        // WebKit shares memory between workers if it is told to; no other browser reads this.
        .env("JSC_useSharedArrayBuffer", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} does not start: {error}; run scripts/test browser"));
    let mut driver = Driver { child, port };
    let start = Instant::now();
    while start.elapsed() < START && driver.child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(30));
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return driver.child.try_wait().unwrap().is_none().then_some(driver);
        }
    }
    None
}

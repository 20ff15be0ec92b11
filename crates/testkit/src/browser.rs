//! A real browser: Chromium without a screen, spoken to over two pipes (the DevTools protocol), gone when dropped.

#![expect(clippy::indexing_slicing, reason = "JSON is indexed by name, and what is not there is null")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A browser that says nothing for so long is broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with one page.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    /// The page that commands are for.
    session: String,
    last: u64,
    /// What happened meanwhile, in order.
    events: Vec<Value>,
    /// Its profile, which vanishes with it.
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts a browser with an empty page.
    ///
    /// # Panics
    /// When there is none, or it does not answer.
    #[must_use]
    pub fn start() -> Self {
        let profile = tempfile::Builder::new().prefix("codexa-browser-").tempdir().expect("a temporary directory");
        // The browser reads from descriptor 3 and writes to 4; a shell puts our pipes there.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null", "sh", "chromium", "--headless"])
            .args(["--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--no-first-run", "--disable-extensions", "--disable-background-networking", "--hide-scrollbars"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .env("HOME", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let to = child.stdin.take().expect("it is piped");
        let answers = BufReader::new(child.stdout.take().expect("it is piped"));
        let (sender, from) = channel();
        std::thread::spawn(move || {
            for message in answers.split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("the browser writes JSON");
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut browser =
            Self { child, to, from, session: String::new(), last: 0, events: Vec::new(), _profile: profile };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}))["targetId"].clone();
        let attached = browser.call("Target.attachToTarget", &json!({"targetId": target, "flatten": true}));
        browser.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser
    }

    /// Says something to the browser, and waits for the answer.
    ///
    /// # Panics
    /// When the answer is an error, or none comes.
    pub fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": parameters});
        if !self.session.is_empty() {
            message["sessionId"] = self.session.as_str().into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("chromium, which scripts/test-setup.sh installs, listens");
        loop {
            let answer = self.next(method);
            if answer["id"] == self.last {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    fn next(&mut self, waiting_for: &str) -> Value {
        let message = self.from.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no answer to {waiting_for}"));
        if message.get("method").is_some() {
            self.events.push(message.clone());
        }
        message
    }

    /// Opens a file, and waits until it is there.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn open(&mut self, file: &Path) {
        self.events.clear();
        let url = format!("file://{}", file.display());
        let opened = self.call("Page.navigate", &json!({"url": url}));
        assert!(opened.get("errorText").is_none(), "{opened}");
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            self.next("Page.loadEventFired");
        }
    }

    /// Size of the window, in pixels; `theme` is what the system prefers, `media` is `screen` or `print`.
    pub fn look(&mut self, (width, height): (u32, u32), theme: &str, media: &str) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &size);
        let features = json!([{"name": "prefers-color-scheme", "value": theme}]);
        self.call("Emulation.setEmulatedMedia", &json!({"media": media, "features": features}));
    }

    /// What an expression comes to; a promise is waited for.
    ///
    /// # Panics
    /// When it throws.
    pub fn eval(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", &asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Presses a key by its name (`Tab`, `Enter`, `ArrowRight`, `Escape`).
    ///
    /// # Panics
    /// When the key is none of those that pages here listen to.
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            other => panic!("the code of {other} is not known"),
        };
        let types = if key == "Enter" { "\r" } else { "" };
        for (kind, text) in [("keyDown", types), ("keyUp", "")] {
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Presses and lets go the mouse at a point of the window.
    pub fn click(&mut self, (x, y): (f64, f64)) {
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", &event);
        }
    }

    /// A picture of the window, or of the first element that a selector names, as a PNG.
    ///
    /// # Panics
    /// When the browser sends none.
    pub fn picture(&mut self, of: Option<&str>) -> Vec<u8> {
        let mut asked = json!({"format": "png"});
        if let Some(selector) = of {
            asked["captureBeyondViewport"] = true.into();
            asked["clip"] = self.eval(&format!(
                "(() => {{ const b = document.querySelector({selector:?}).getBoundingClientRect();
                return {{ x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height, scale: 1 }} }})()"
            ));
        }
        let picture = self.call("Page.captureScreenshot", &asked);
        STANDARD.decode(picture["data"].as_str().expect("a picture")).expect("Base64")
    }

    /// The colours of a picture (`#rrggbb`) and what share of it each has, the largest first.
    ///
    /// # Panics
    /// When it is no picture.
    pub fn colours(&mut self, picture: &[u8]) -> Vec<(String, f64)> {
        let counted = self.eval(&format!(
            "(async () => {{
                const bytes = Uint8Array.from(atob('{}'), (c) => c.charCodeAt(0));
                const image = await createImageBitmap(new Blob([bytes]));
                const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
                canvas.drawImage(image, 0, 0);
                const pixels = canvas.getImageData(0, 0, image.width, image.height).data;
                const found = new Map();
                for (let at = 0; at < pixels.length; at += 4) {{
                    const key = pixels[at] << 16 | pixels[at + 1] << 8 | pixels[at + 2];
                    found.set(key, (found.get(key) ?? 0) + 1);
                }}
                const rows = [...found].sort((a, b) => b[1] - a[1]).slice(0, 64);
                return rows.map(([key, n]) => ['#' + key.toString(16).padStart(6, '0'), n * 4 / pixels.length]);
            }})()",
            STANDARD.encode(picture)
        ));
        serde_json::from_value(counted).expect("colours and shares")
    }

    /// The page as it is printed: a PDF.
    ///
    /// # Panics
    /// When the browser sends none.
    pub fn print(&mut self) -> Vec<u8> {
        let printed = self.call("Page.printToPDF", &json!({"preferCSSPageSize": true, "printBackground": true}));
        STANDARD.decode(printed["data"].as_str().expect("a PDF")).expect("Base64")
    }

    /// What the page asked for beyond the files that were opened, and what was complained about since the last one was.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let asked = |event: &Value| {
            let url = event["params"]["request"]["url"].as_str().unwrap_or_default();
            let is_document = event["params"]["type"] == "Document" && url.starts_with("file://");
            (!is_document).then(|| format!("asked for {url}"))
        };
        let of = |event: &Value| match event["method"].as_str()? {
            "Network.requestWillBeSent" => asked(event),
            "Runtime.exceptionThrown" | "Log.entryAdded" => Some(event["params"].to_string()),
            "Runtime.consoleAPICalled" => Some(event["params"]["args"].to_string()),
            _ => None,
        };
        self.events.iter().filter_map(of).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked to, it ends with all its processes before its profile goes. The rest fails only where it has ended already.
        let _ = self.to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        while self.from.recv_timeout(PATIENCE).is_ok() {}
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

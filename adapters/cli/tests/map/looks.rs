//! How the page looks, and how it is moved on, in a real browser. Pictures lie beside the build, under `tmp/map/`.

use super::project::{discovered, drawn};
use codexa_testkit::browser::Browser;
use std::path::PathBuf;

const WIDE: (u32, u32) = (1280, 800);
const NARROW: (u32, u32) = (390, 844);

/// Every text whose contrast with what lies behind it is below 4.5, with that contrast. A colour of this page is opaque.
const TOO_FAINT: &str = r"(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const rgb = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const light = (colour) => rgb(colour).slice(0, 3).map((v) => linear(v / 255))
        .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
    const behind = (element) => {
        const cell = element.closest('.cell');
        if (cell) return getComputedStyle(cell.querySelector('rect')).fill;
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (rgb(colour)[3] === 255) return colour;
        }
        return 'white';
    };
    const faint = [];
    let seen = 0;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const element = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !element.getClientRects().length || element.closest('script, style, title')) continue;
        seen += 1;
        const style = getComputedStyle(element);
        const [a, b] = [light(element.ownerSVGElement ? style.fill : style.color), light(behind(element))].sort((a, b) => b - a);
        const contrast = (a + .05) / (b + .05);
        if (contrast < 4.5) faint.push(`${walk.currentNode.data.trim()}: ${contrast.toFixed(2)}`);
    }
    return seen > 50 ? faint : ['hardly a text was seen'];
})()";

/// Labels of the treemap that leave their cell, or lie on another label.
const MISPLACED: &str = r"(() => {
    const map = [...document.querySelectorAll('.treemap')].find((map) => map.getClientRects().length);
    const labels = [...map.querySelectorAll('text')].filter((text) => text.getClientRects().length);
    const bad = [];
    labels.forEach((label, at) => {
        const [text, cell] = [label.getBoundingClientRect(), label.parentNode.querySelector('rect').getBoundingClientRect()];
        const leaves = text.left < cell.left || text.right > cell.right || text.bottom > cell.bottom + 1;
        if (leaves) bad.push(`${label.textContent} leaves its cell`);
        for (const other of labels.slice(0, at)) {
            const box = other.getBoundingClientRect();
            const beside = text.left >= box.right || box.left >= text.right || text.top >= box.bottom || box.top >= text.bottom;
            if (!beside) bad.push(`${label.textContent} lies on ${other.textContent}`);
        }
    });
    return labels.length > 5 ? bad : ['hardly a label was seen'];
})()";

fn none() -> serde_json::Value {
    serde_json::json!([])
}

fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("map");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_map_is_looked_at_in_light_and_dark_on_wide_and_narrow_screens() {
    let shop = discovered(2, &[]);
    let page = drawn(&shop);
    let mut browser = Browser::start();
    let mut grounds = Vec::new();
    for (name, size) in [("wide", WIDE), ("narrow", NARROW)] {
        for theme in ["light", "dark"] {
            browser.look(size, theme, "screen");
            browser.open(&page);
            let picture = browser.picture(None);
            std::fs::write(pictures().join(format!("{name}-{theme}.png")), &picture).unwrap();
            let ground = browser.colours(&picture)[0].clone();
            assert!(ground.1 < 0.95, "{name} {theme} is blank: {ground:?}");
            grounds.push(ground.0);
            let shown = if name == "wide" { ".treemap.wide" } else { ".treemap.tall" };
            let map = browser.picture(Some(shown));
            std::fs::write(pictures().join(format!("{name}-{theme}-treemap.png")), &map).unwrap();
            let fills = browser.colours(&map).iter().filter(|(_, share)| *share > 0.005).count();
            assert!(fills >= 3, "{name} {theme}: {fills} heats are seen");
            let overflow = browser.eval("document.documentElement.scrollWidth - innerWidth");
            assert!(overflow.as_i64().unwrap() <= 0, "{name} {theme} is {overflow} pixels too wide");
            assert_eq!(browser.eval(TOO_FAINT), none(), "{name} {theme}");
            assert_eq!(browser.eval(MISPLACED), none(), "{name} {theme}");
            assert_eq!(browser.complaints(), Vec::<String>::new());
        }
    }
    assert!(grounds[0] != grounds[1] && grounds[0] == grounds[2] && grounds[1] == grounds[3], "{grounds:?}");
    assert_eq!(browser.eval("document.images.length"), 0);
}

#[test]
fn keys_move_on_the_map_open_a_component_and_come_back() {
    let shop = discovered(1, &[]);
    let mut browser = Browser::start();
    browser.look(WIDE, "light", "screen");
    browser.open(&drawn(&shop));
    let at = |browser: &mut Browser| {
        let said = browser.eval("document.activeElement.getAttribute('aria-label') ?? ''");
        said.as_str().unwrap().split(',').next().unwrap().to_owned()
    };
    let details = "document.querySelector('#details h3')?.textContent ?? ''";
    // Links, the button, the filter, and then one stop for the whole map.
    for _ in 0..20 {
        if at(&mut browser).starts_with("shop/") {
            break;
        }
        browser.press("Tab");
    }
    let first = at(&mut browser);
    assert!(first.starts_with("shop/"), "Tab comes to the map, and not to {first}");
    assert_eq!(browser.eval(details), first.as_str());
    assert_ne!(browser.eval("getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth"), "1px");
    browser.press("ArrowRight");
    let second = at(&mut browser);
    assert_ne!(second, first);
    assert_eq!(browser.eval(details), second.as_str());
    browser.press("ArrowLeft");
    assert_eq!(at(&mut browser), first);

    let looked_at = "document.querySelector('.treemap.wide').getAttribute('viewBox')";
    let whole = browser.eval(looked_at);
    browser.press("Enter");
    let file = at(&mut browser);
    assert!(file.starts_with(&format!("{first}/")), "{file} is a file of {first}");
    assert_ne!(browser.eval(looked_at), whole);
    assert_eq!(browser.eval(MISPLACED), none());
    browser.press("ArrowRight");
    assert_ne!(at(&mut browser), file);
    browser.press("Enter");
    assert_eq!(browser.eval("document.querySelectorAll('[aria-current]').length"), 1);
    std::fs::write(pictures().join("opened.png"), browser.picture(None)).unwrap();
    browser.press("Escape");
    assert_eq!((browser.eval(looked_at), at(&mut browser)), (whole, first));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn the_mouse_opens_words_filter_and_a_zone_is_shown_on_the_map() {
    let shop = discovered(1, &[]);
    let mut browser = Browser::start();
    browser.look(WIDE, "light", "screen");
    browser.open(&drawn(&shop));
    let middle = |browser: &mut Browser, what: &str| {
        let point = browser.eval(&format!(
            "(() => {{ document.documentElement.style.scrollBehavior = 'auto'; const e = document.querySelector({what:?});
            e.scrollIntoView({{ block: 'center' }}); const b = e.getBoundingClientRect();
            return [b.x + b.width / 2, b.y + b.height / 2] }})()"
        ));
        (point[0].as_f64().unwrap(), point[1].as_f64().unwrap())
    };
    let point = middle(&mut browser, ".treemap.wide .file");
    browser.click(point);
    let said = browser.eval("document.querySelector('#details').textContent");
    assert!(said.as_str().unwrap().contains("lines of code in shop/"), "{said}");
    let point = middle(&mut browser, "#filter");
    browser.click(point);
    browser.call("Input.insertText", &serde_json::json!({"text": "payment view"}));
    let left = "document.querySelectorAll('.treemap.wide .file:not(.dim)').length";
    assert_eq!(browser.eval(left), 1);
    assert!(browser.eval("document.querySelector('#found').textContent").as_str().unwrap().starts_with("1 of "));

    let point = middle(&mut browser, ".zone .pick");
    browser.click(point);
    assert_eq!(browser.eval("document.querySelector('.pick').getAttribute('aria-pressed')"), "true");
    assert!(browser.eval("document.querySelector('#details').textContent").as_str().unwrap().contains("outlined: "));
    let picked =
        browser.eval("[...document.querySelectorAll('.treemap.wide .picked')].map((file) => file.dataset.zone)");
    assert!(picked.as_array().unwrap().iter().all(|zone| zone == "1") && picked != none(), "{picked}");

    let ground = "getComputedStyle(document.body).backgroundColor";
    let light = browser.eval(ground);
    let point = middle(&mut browser, "#theme");
    browser.click(point);
    assert_ne!(browser.eval(ground), light, "the theme can be chosen");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn the_map_is_readable_on_paper_and_without_a_script() {
    let shop = discovered(2, &[]);
    let page = drawn(&shop);
    let mut browser = Browser::start();
    browser.look(WIDE, "dark", "print");
    browser.open(&page);
    assert_eq!(browser.eval("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    let buttons = "[...document.querySelectorAll('button, input')].filter((it) => it.getClientRects().length).length";
    assert_eq!(browser.eval(buttons), 0, "nothing to press on paper");
    assert_eq!(browser.eval(TOO_FAINT), none());
    let printed = browser.print();
    std::fs::write(pictures().join("printed.pdf"), &printed).unwrap();
    assert!(printed.starts_with(b"%PDF"));

    browser.look(WIDE, "light", "screen");
    browser.call("Emulation.setScriptExecutionDisabled", &serde_json::json!({"value": true}));
    browser.open(&page);
    let map = browser.picture(Some(".treemap.wide"));
    std::fs::write(pictures().join("without-a-script.png"), browser.picture(None)).unwrap();
    browser.call("Emulation.setScriptExecutionDisabled", &serde_json::json!({"value": false}));
    assert_eq!(browser.eval("document.documentElement.classList.contains('live')"), false);
    assert_eq!(browser.eval(buttons), 0, "nothing that would do nothing");
    assert_eq!(browser.eval(MISPLACED), none());
    assert!(browser.colours(&map).iter().filter(|(_, share)| *share > 0.005).count() >= 3);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

//! What a browser loads: the widget, the demo's pages, and the headers that keep it careful.

use shopbell_l10n::Lang;

use crate::support::{Asked, Juniper};

#[tokio::test]
async fn the_widget_is_cached_until_it_changes() {
    let juniper = Juniper::open().await;
    let first = juniper.ask(Asked::get("/widget.js")).await;
    assert_eq!(first.headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(first.headers["cross-origin-resource-policy"], "cross-origin");
    assert!(first.body.len() > 1_000);
    let etag = first.headers["etag"].to_str().unwrap();
    for known in [etag.to_owned(), format!("\"other\", W/{etag}"), "*".to_owned()] {
        let again = juniper.ask(Asked::get("/widget.js").header("if-none-match", &known)).await;
        assert_eq!(
            (again.status.as_u16(), again.body.len(), &again.headers["etag"]),
            (304, 0, &first.headers["etag"])
        );
    }
    let changed = juniper.ask(Asked::get("/widget.js").header("if-none-match", "\"older\"")).await;
    assert_eq!((changed.status.as_u16(), changed.body), (200, first.body));
}

#[tokio::test]
async fn the_widgets_words_are_there_for_every_page_in_each_language_but_english() {
    let juniper = Juniper::open().await;
    for lang in Lang::all().into_iter().filter(|lang| *lang != Lang::En) {
        let path = format!("/widget/{}.json", lang.tag());
        let words = juniper.ask(Asked::get(&path)).await;
        assert_eq!(words.headers["content-type"], "application/json");
        assert_eq!(words.headers["access-control-allow-origin"], "*");
        let text: serde_json::Value = serde_json::from_slice(&words.body).unwrap();
        assert!(text["launcher"].is_string() && text["new-below"]["other"].is_string(), "{path}");
        let etag = words.headers["etag"].to_str().unwrap();
        let again = juniper.ask(Asked::get(&path).header("if-none-match", etag)).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    }
    for path in
        ["/widget/en.json", "/widget/de.json", "/widget/pl", "/widget/PL.json", "/widget/..%2Fwidget.js"]
    {
        assert_eq!(juniper.ask(Asked::get(path)).await.problem(), (404, "not-found".into()), "{path}");
    }
}

#[tokio::test]
async fn the_demo_shop_is_there_only_for_a_demo() {
    let juniper = Juniper::open().await;
    for path in ["/shop/", "/shop/kettle", "/shop/shop.css"] {
        assert_eq!(juniper.ask(Asked::get(path)).await.problem(), (404, "not-found".into()));
    }
    let demo = Juniper::open_with(1, |config| config.demo_shop = Some("pk_demo".to_owned())).await;
    for path in ["/shop/", "/shop/kettle"] {
        let page = demo.ask(Asked::get(path)).await;
        let text = String::from_utf8(page.body).unwrap();
        assert!(text.contains(r#"src="/widget.js" data-key="pk_demo""#) && !text.contains("{{"));
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(page.headers["cache-control"], "no-cache");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'; connect-src 'self' ws: wss:"));
    }
    let style = demo.ask(Asked::get("/shop/shop.css")).await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn the_icon_that_browsers_ask_for_is_there() {
    let juniper = Juniper::open().await;
    let icon = juniper.ask(Asked::get("/favicon.ico")).await;
    assert_eq!(
        (icon.status.as_u16(), &icon.headers["content-type"]),
        (200, &"image/svg+xml".parse().unwrap())
    );
    assert!(icon.body.starts_with(b"<svg "));
}

#[tokio::test]
async fn every_answer_keeps_browsers_careful() {
    let juniper = Juniper::open().await;
    for path in ["/healthz", "/nothing", "/widget.js", "/v1/pull"] {
        let answer = juniper.ask(Asked::get(path)).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer", "{path}");
        assert!(answer.headers.contains_key("content-security-policy"), "{path}");
        let is_cached = answer.headers["cache-control"] != "no-store";
        assert_eq!(is_cached, path == "/widget.js", "{path}");
    }
}

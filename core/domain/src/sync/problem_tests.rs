use super::*;

#[test]
fn a_problem_is_read_back_as_its_kind() {
    for kind in ProblemKind::ALL {
        let json = serde_json::to_string(&Problem::new(*kind).because("why")).unwrap();
        let read: Problem = serde_json::from_str(&json).unwrap();
        assert_eq!(read.kind(), Some(*kind));
        assert_eq!(read.status, kind.status());
    }
}

#[test]
fn a_page_of_something_in_between_is_no_kind_of_ours() {
    let read: Problem =
        serde_json::from_str(r#"{"type":"about:blank","title":"Bad Gateway","status":502}"#).unwrap();
    assert_eq!(read.kind(), None);
    assert!(!read.is_ours());
}

#[test]
fn a_problem_of_a_newer_server_is_told_from_one_of_somebody_in_between() {
    let read: Problem = serde_json::from_str(
        r#"{"type":"https://shopbell.dev/problems/too-early","title":"Too early","status":425}"#,
    )
    .unwrap();
    assert_eq!((read.kind(), read.is_ours()), (None, true));
}

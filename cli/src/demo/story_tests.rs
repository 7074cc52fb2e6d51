use super::*;

#[test]
fn a_block_is_a_conversation() {
    let stories =
        read("# no\n@ Ana, 4\n< Is it blue?\n> Mina It is.\n= assigned Theo\n\n@ Bo, 9\n< Hi\n= closed\n");
    assert_eq!(stories.len(), 2);
    assert_eq!((stories[0].customer.as_str(), stories[0].minutes_ago), ("Ana", 4));
    assert_eq!(stories[0].lines[1], Line { staff: Some("Mina".into()), text: "It is.".into() });
    assert_eq!((stories[0].assignee.as_deref(), stories[0].closed), (Some("Theo"), false));
    assert!(stories[1].closed);
}

#[test]
fn the_demo_has_forty_conversations_that_somebody_began() {
    let stories = stories();
    assert_eq!(stories.len(), 40);
    for story in stories {
        let first = story.lines.first();
        assert!(first.is_some_and(|line| line.staff.is_none()), "{}: the customer begins", story.customer);
        assert!(story.minutes_ago > 0, "{}", story.customer);
    }
}

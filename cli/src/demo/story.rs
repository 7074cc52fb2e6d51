//! The demo's conversations, as they are written in `demo/conversations.txt`.

/// One customer's conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// What the customer's page calls them.
    pub customer: String,
    /// How long ago it began, in minutes.
    pub minutes_ago: i64,
    /// What was said, in order.
    pub lines: Vec<Line>,
    /// Whether it was closed at the end.
    pub closed: bool,
    /// Who it is assigned to, by name.
    pub assignee: Option<String>,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The person of the shop who said it; `None`: the customer.
    pub staff: Option<String>,
    /// What they said.
    pub text: String,
}

/// The forty conversations.
pub fn stories() -> Vec<Story> {
    read(include_str!("../../demo/conversations.txt"))
}

fn read(text: &str) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    for line in text.lines() {
        let Some((mark, rest)) = line.split_once(' ') else { continue };
        if mark == "@" {
            let (customer, minutes) = rest.rsplit_once(", ").unwrap_or((rest, "0"));
            stories.push(Story {
                customer: customer.to_owned(),
                minutes_ago: minutes.parse().unwrap_or(0),
                lines: Vec::new(),
                closed: false,
                assignee: None,
            });
        }
        let Some(story) = stories.last_mut() else { continue };
        match (mark, rest.split_once(' ')) {
            ("<", _) => story.lines.push(Line { staff: None, text: rest.to_owned() }),
            (">", Some((staff, text))) => {
                story.lines.push(Line { staff: Some(staff.to_owned()), text: text.to_owned() });
            }
            ("=", Some(("assigned", staff))) => story.assignee = Some(staff.to_owned()),
            ("=", None) if rest == "closed" => story.closed = true,
            _ => {}
        }
    }
    stories
}

#[cfg(test)]
#[path = "story_tests.rs"]
mod tests;

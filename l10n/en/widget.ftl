### Web chat: what a shop's customer sees and hears in the widget.
### Plain text, variables, and at most one plural choice a message; server/widget/build/words.mjs compiles it.

## The button
launcher = Chat with us
launcher-unread = { $count ->
    [one] Chat with us, { $count } unread message
   *[other] Chat with us, { $count } unread messages
}

## The panel's head
# Read aloud when the panel opens.
panel = Chat with { $shop }
close = Close the chat
somebody-there = Online
nobody-there = We will answer as soon as we can

## What stands above the messages
offline = No connection. You can go on writing: it will be sent when the connection is back.
offline-waiting = { $count ->
    [one] No connection. { $count } message will be sent when it is back.
   *[other] No connection. { $count } messages will be sent when it is back.
}
not-kept = This browser does not let us store the conversation. It will be gone when you close this page.
older-not-shown = Older messages are no longer shown here. The shop still has them.

## The messages
messages = Messages
empty = Ask us anything. We read every message.
you = You
new-below = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
# Read aloud when a message arrives while the panel is closed.
message-arrived = New message from { $who }
# Stands below a message of the shop's.
edited = Edited
deleted = Message deleted
# Read aloud when a message that stands there is changed or deleted.
message-edited = { $who } changed a message: { $text }
message-deleted = { $who } deleted a message

## The state of one's own message
sending = Sending…
waiting = Will be sent when you are back online
sent = Sent
refused-too-long = Not sent: it is longer than { $limit } characters. Your text is kept.
refused = Not sent: the shop could not accept this message. Your text is kept.
retry = Try again
edit = Edit

## Writing
field = Your message
placeholder = Write a message
send = Send
characters-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
characters-over = { $count ->
    [one] { $count } character too many. Please shorten your message.
   *[other] { $count } characters too many. Please shorten your message.
}

### What the phones' shells say themselves: titles, actions, labels, states. Errors, refusals, previews and the offline
### bar come from the core, ready to show, and so are not here.
### A variable that chooses a form is a whole number. Every other one is text that the shell has formatted for the
### person: a name, a time, an amount. `export-strings` makes Apple's and Android's files of this.

## Actions
action-assign = Assign
action-back = Back
action-cancel = Cancel
action-close = Close
action-copy = Copy
action-delete = Delete
action-edit = Edit
action-mark-unread = Mark as unread
action-more = More actions
action-reopen = Reopen
action-retry = Try again
action-save = Save
action-send = Send
action-star = Star
action-unassign = Unassign
action-undo = Undo
action-unstar = Remove star

## States
loading = Loading
signed-out-title = You are signed out
signed-out-text = Sign in again to go on. Everything you wrote is kept.
no-permission-title = You may not see this
no-permission-text = The shop's owner can allow it.

## Sign in
sign-in-title = Sign in
sign-in-server = Server address
sign-in-email = Email
sign-in-password = Password
sign-in-button = Sign in
sign-in-forgotten = Forgotten password?
sign-in-google = Continue with Google
sign-in-locked = Too many attempts. Try again at { $time }.
sign-in-choose-shop = Choose a shop
sign-in-working = Signing in…

## Inbox
inbox-title = Inbox
inbox-search = Search names, tags and messages
inbox-search-older = Search older conversations
inbox-search-nothing = Nothing found for “{ $query }”.
inbox-tab-all = All
inbox-filter-all = All
inbox-filter-mine = Mine
inbox-filter-unassigned = Unassigned
inbox-filter-starred = Starred
inbox-filter-closed = Closed
inbox-filter-not-sent = Not sent
inbox-filter-tag = Tag
inbox-filter-agent = Agent
inbox-filter-group = Group
inbox-filter-period = Period
inbox-filter-rating = Rating
inbox-filter-clear = Clear filters
inbox-empty-title = No conversations yet
inbox-empty-text = When a customer writes, it appears here.
inbox-filter-nothing = Nothing matches these filters.
inbox-row-draft = Draft: { $text }
inbox-row-time-left = { $time } left to reply
inbox-row-unread = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
inbox-row-more-topics = { $count ->
    [one] { $count } more topic
   *[other] { $count } more topics
}
inbox-selected = { $count ->
    [one] { $count } conversation selected
   *[other] { $count } conversations selected
}
inbox-closed-undo = { $count ->
    [one] { $count } conversation closed
   *[other] { $count } conversations closed
}
inbox-reopened-undo = { $count ->
    [one] { $count } conversation reopened
   *[other] { $count } conversations reopened
}
presence-online = Online
presence-offline = Offline
presence-back-at = Back at { $time }

## Conversation
conversation-online = Online
conversation-left-email = Left. Your reply will be emailed to { $email }
conversation-left = Left. Will see your reply on return
conversation-local-time = { $time } there
conversation-empty = No messages yet.
conversation-gap = { $count ->
    [one] { $count } earlier message: load
   *[other] { $count } earlier messages: load
}
conversation-new-below = { $count ->
    [one] { $count } new
   *[other] { $count } new
}
conversation-typing = { $name } is typing…
conversation-viewing = { $name } is viewing
conversation-tags = Tags
conversation-profile = Profile
conversation-block = Block
conversation-today = Today
conversation-yesterday = Yesterday
event-greeting = Greeting sent
event-cart = Cart changed
event-assigned = Assigned to { $name }
event-unassigned = Unassigned
event-closed = Closed by { $name }
event-reopened = Reopened by { $name }
message-waiting = Waiting
message-sent = Sent
message-delivered = Delivered
message-read = Read
message-not-sent = Not sent: { $reason }
message-unknown = May not have arrived
composer-placeholder = Write a reply
composer-add = Add
composer-photo = Photo
composer-camera = Camera
composer-product = Product
composer-discount = Discount
composer-order = Order
composer-chat = Chat
composer-email = Email
composer-window-left = { $time } left to reply on this channel
saved-replies-suggested = Saved replies

## Customer
customer-title = Customer
customer-new = New customer
customer-returning = Returning customer
customer-information = Information
customer-email = Email
customer-phone = Phone
customer-place = Place
customer-local-time = Local time
customer-since = Customer since { $date }
customer-spent = Total spent
customer-tier = Tier
customer-orders = Orders
customer-orders-all = All orders
customer-orders-none = No orders in the last 60 days
customer-notes = Notes
customer-note-add = Add a note
customer-note-by = { $name }, { $time }
customer-note-delete = Delete this note?
customer-tags = Tags
customer-tag-add = Add a tag
customer-this-conversation = This conversation
customer-began = Began { $time } on { $channel }
customer-earlier = Earlier conversations
customer-visits = Visits
customer-browsing = Pages seen
customer-open-admin = Open in the shop's admin
customer-as-of = As of { $time }
customer-copied = Copied

## Settings
settings-title = Settings
settings-profile = Profile and presence
settings-availability = Availability
settings-saved-replies = Saved replies
settings-notifications = Notifications
settings-chat-apps = Chat apps
settings-devices = Devices
settings-device-this = This device
settings-device-sign-out = Sign out this device
settings-appearance = Appearance
settings-appearance-system = As the system
settings-appearance-light = Light
settings-appearance-dark = Dark
settings-language = Language
settings-help = Help
settings-about = About
settings-sign-out = Sign out
settings-sign-out-unsent = { $count ->
    [one] { $count } reply was not sent yet. Wait until it is sent, or export it before you sign out.
   *[other] { $count } replies were not sent yet. Wait until they are sent, or export them before you sign out.
}
settings-sign-out-wait = Wait
settings-sign-out-export = Export

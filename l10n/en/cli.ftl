# What the command line says.

cli-about = Shopbell: answer a shop's customers, with or without a network.
cli-more =
    Try it: shopbell demo starts a shop with its web chat and shows what to type.
    Each command explains itself: shopbell inbox send --help

help-serve = Run the server that customers' channels and staff's phones talk to
help-serve-more = Example: shopbell serve --data /var/lib/shopbell --listen 127.0.0.1:8080
help-data = The folder that holds the database and the server's key; made when it is not there
help-listen = The address and port to listen on
help-public-url = How customers and staff reach this server from outside, such as https://chat.example.com
help-trusted-proxy = The address of a proxy whose X-Forwarded-For may be believed (may stand several times)
help-demo-shop = Also serve two pages, at /shop/, that embed the chat of the shop with this public key
help-log-json = Log in JSON, a line an event

help-demo = A made-up shop with forty conversations, its web chat and you at the counter
help-demo-more =
    Starts a server on this machine, prints the shop page's address, then watches as Theo, who answers.
    Write to the shop in a browser; answer here. Everything stays in the data folder: delete it to start over.
help-headless = For scripts: print one line of JSON about the demo, then run until told to stop

help-admin = Set up shops and staff on this machine, back up and restore; the server may be running or not
help-admin-shop = Shops: add, list
help-admin-shop-add = Add a shop; prints the public key that its pages embed
help-admin-shop-list = List the shops
help-admin-channel = Channels of a shop: add, list
help-admin-channel-add = Add another web chat to a shop; prints its own public key
help-admin-channel-list = List the channels of a shop and their public keys
help-admin-staff = Staff: add, list, permit, password, remove
help-admin-staff-add = Add a person; asks for the password on standard input
help-admin-staff-list = List the staff of a shop
help-admin-staff-permit = Set what a person may do
help-admin-staff-password = Set a new password, read from standard input; the person's sessions end
help-admin-staff-remove = Remove a person; their devices delete everything when they are next heard of
help-admin-device = Devices of a shop's staff: list, remove
help-admin-device-list = List the devices that have signed in
help-admin-device-remove = Remove a device; it deletes everything when it is next heard of
help-device = The device, by the id that device list shows
help-admin-backup = Write everything to one file, while the server goes on
help-backup-file = Where to; a backup that stands there is replaced
help-admin-restore = Put a backup in the place of the database; the server must be stopped
help-restore-file = The backup
help-name = What customers and colleagues see
help-channel-name = What colleagues see above the list of conversations
help-origin = A web origin whose pages may embed the chat, such as https://juniper.example (may stand several times)
help-shop = The shop, by id; not needed when there is only one
help-email = The address that the person signs in with
help-permission = One of: chat, customers, products, discounts, draft_orders, apps, full (may stand several times)
help-owner = The shop is theirs; they may do everything

help-inbox = Read and answer customers from this terminal, on the same core as the phone apps
help-inbox-more =
    A profile is a folder that remembers one person's inbox on this machine, like a phone does.
    { "  " }shopbell inbox --profile ~/theo login --server http://127.0.0.1:8080 --email theo@juniper.example
    { "  " }shopbell inbox --profile ~/theo watch
    Conversations are named by the short id that list shows, or by any longer ending of the whole id.
help-profile = The folder of this person's inbox; made when it is not there
help-offline = Do not touch the network: read what is stored, keep what is written
help-json = Print JSON for scripts
help-login = Sign in; asks for the password on standard input
help-server = The server's address, such as http://127.0.0.1:8080
help-login-shop = Which shop, when the address works in several (its id)
help-list = List conversations; open ones with the unread first, others newest first
help-filter = Which ones
help-sort = In which order
help-channel = Only those of this channel, by name
help-by-tag = Only those of customers with this tag
help-agent = Only those assigned to this colleague: name, address or id; "me" for yourself
help-since = Only those with a message in this time: 90m, 12h, 7d
help-until = Only those without a message in this time: 90m, 12h, 7d
help-limit = How many at most
help-search = Find names, tags, notes and messages, the newest first
help-search-words = What to look for; all words must be there, the last one may be a beginning
help-search-older = Also fetch what only the server has
help-counts = How many conversations each list has, and how many are unread
help-show = Show a conversation
help-conversation = The conversation, by the short id that list shows
help-conversations = The conversation, by the short id that list shows; several with commas between them
help-send = Reply to a customer; kept on disk first, then sent
help-send-discount = Share a discount: its code, which only those may see who may share discounts
help-send-draft-order = Share a draft order: its number, which only those may see who may create draft orders
help-send-details = What else to say about what is shared
help-text = What to say; read from standard input when left out
help-draft = Show what you have begun to write to a customer, or begin
help-draft-text = What is written so far; an empty text takes the draft away
help-star = Mark a conversation as one to follow up, for everybody
help-unstar = It needs no following up any more
help-unread = Mark a conversation as unread, for yourself
help-join = Assign a conversation to yourself
help-tag = Sort customers: add, remove
help-tag-add = Give a conversation's customer a tag
help-tag-remove = Take a tag from a conversation's customer
help-tag-word = The tag, up to 40 characters
help-note = What staff write down about a customer, for each other: list, add, edit, delete
help-note-list = Show the notes about a conversation's customer
help-note-add = Write something down about a conversation's customer
help-note-edit = Change what a note says
help-note-delete = Delete a note
help-message = Change, delete or take back a reply of your own
help-message-id = The message, by the ending of its id as show --json gives it
help-message-edit = Change what a sent message says, where the channel can
help-message-delete = Delete a sent message, where the channel can
help-message-take-back = Take back a reply that the customer does not have yet
help-note-id = The note, by the short id that note list shows
help-undo = Take changes back, the last one first
help-change = The change, by the id that it was done with
help-close = Close a conversation
help-reopen = Reopen a conversation
help-assign = Assign a conversation
help-assignee = To whom: a colleague's name, address or id; "me" for yourself
help-unassign = Take the assignment away
help-read = Mark a conversation as read
help-outbox = What waits to be sent and what was not sent, with the reason
help-outbox-entry = What waits or was not sent, by the short id in the first column of outbox
help-outbox-retry = Send again what was not sent
help-outbox-edit = Change the text of what was not sent and send it
help-outbox-delete = Delete what was not sent, or take back what waits
help-unsent = What signing out would delete, as a text to keep elsewhere
help-notices = What happened to this profile: a damaged database, a device that was removed
help-notices-dismiss = Do not say it again; a damaged database that was set aside is deleted
help-accounts = Who is signed in on this profile, and on the profiles that lie in its folder
help-sign-out = Sign out: everything of this person is deleted from this machine
help-sign-out-send = Send first what is not sent yet
help-sign-out-delete = Delete also what is not sent yet
help-sync = Send what waits and fetch what is new
help-watch = Show messages as they come and answer them, line by line

serve-listening = Listening on { $url }

demo-shop-name = Juniper & Clay
demo-ready = The demo shop is open.
demo-customer = As the customer: open { $url } in a browser and write in the chat, bottom corner.
demo-answer = As the staff: you are { $name }. Type /list, then /open and a short id; what you type then is your reply. /help shows more.
demo-others = Others who can sign in: { $list }. Every password is { $password }
demo-data = Everything is kept in { $folder }
demo-local-only = The demo has known passwords and so listens only on this machine. Use an address such as 127.0.0.1:8077.

inbox-empty = No conversations here yet. When a customer writes, it appears here.
inbox-empty-filter = Nothing here with this filter.
inbox-signed-in = Signed in to { $shop } as { $name }.
inbox-signed-out = Signed out. Everything that was here is deleted.
inbox-account = { $shop }, { $name }, { $server }
inbox-account-ended = { $shop }, { $name }, { $server }: sign in again
inbox-password-prompt = Password:{ " " }
inbox-kept-offline = Kept. It will be sent when you are back online (shopbell inbox … sync).
inbox-kept-unreachable = Kept. The server cannot be reached; it will be sent when it is back (shopbell inbox … sync).
inbox-sent = Sent.
inbox-done = Done.
inbox-undo = To take it back: shopbell inbox undo { $changes }
inbox-refused = Not done: { $reason }
inbox-outbox-empty = Nothing waits. Everything you wrote has been sent.
inbox-outbox-waiting = waiting
inbox-outbox-cancelling = being taken back
inbox-outbox-not-sent = not sent
inbox-outbox-set-aside = set aside after a fault of the program
inbox-synced = Up to date.
inbox-synced-waiting = { $count ->
    [one] { $count } change still waits.
   *[other] { $count } changes still wait.
}
inbox-gap = { $count ->
    [one] … { $count } earlier message is not loaded
   *[other] … { $count } earlier messages are not loaded
}
inbox-unread = { $count ->
    [one] { $count } new
   *[other] { $count } new
}
inbox-marked-unread = marked unread
inbox-waiting = { $count } waiting
inbox-not-sent = not sent
inbox-closed = closed
inbox-no-such = No conversation ends in “{ $id }”. Short ids are in the first column of list.
inbox-ambiguous = Several conversations end in “{ $id }”. Type more of the id: { $choices }
inbox-no-such-note = No note about this customer, or more than one, ends in “{ $id }”. Short ids are in the first column of note list.
inbox-no-such-message = No message shown in this conversation, or more than one, ends in “{ $id }”. The ids are in show --json.
inbox-no-such-entry = Nothing that waits or was not sent, or more than one, ends in “{ $id }”. Short ids are in the first column of outbox.
inbox-no-such-channel = No channel is called “{ $name }”. Channels: { $choices }
inbox-no-notes = No notes about this customer yet.
inbox-note-conflict = a colleague changed this note at the same time
inbox-bad-period = “{ $period }” is not a time. It looks like 90m, 12h or 7d.
inbox-search-empty = Nothing here has all of these words.
inbox-search-more = There is more here: --limit shows more of it.
inbox-search-not-complete = What was stored before the update is still being prepared: search again in a minute.
inbox-search-on-server = Older conversations are on the server: --older fetches them.
inbox-search-more-older = The server has still older ones: more words find them.
inbox-search-no-more-older = The server has no more.
inbox-count-open = { $count } open, { $unread } unread
inbox-count-mine = { $count } mine
inbox-count-unassigned = { $count } unassigned
inbox-count-starred = { $count } starred
inbox-count-closed = { $count } closed
inbox-count-not-sent = { $count } with a reply that was not sent
inbox-count-channel = { $name }: { $count } open, { $unread } unread
inbox-no-such-staff = Nobody is called “{ $name }” here. Staff: { $choices }
inbox-offline-line = Offline: showing what is stored here.

watch-hello = Watching { $shop } as { $name }. /help shows what you can type.
watch-connected = Connected.
watch-disconnected = Offline. You can go on reading and answering; replies are sent when the server is back.
watch-opened = { $short }  { $name }. What you type now goes to { $name }; /back leaves.
watch-nobody = Whom is this for? Type /list, then /open and a short id. Your text was not sent: { $text }
watch-unknown = There is no “{ $command }”. /help shows what you can type.
watch-help =
    /list            conversations, newest first
    /open ID         open one; then every line you type is a reply
    /back            leave it
    /close  /reopen  the open conversation, or: /close ID
    /join            assign it to yourself
    /assign NAME     assign it to a colleague     /unassign
    /outbox          what waits and what was not sent
    /quit            leave; what waits is kept
watch-bye = { $count ->
    [0] Bye. Nothing waits.
    [one] Bye. { $count } change waits here and is sent next time.
   *[other] Bye. { $count } changes wait here and are sent next time.
}

admin-shop-added = Added { $name } ({ $id }).
admin-shop-key = Public key for its pages: { $key }
admin-shop-embed = Put this before the end of each page's body:
admin-channel-added = Added the web chat { $name } ({ $id }).
admin-no-key = (no key)
admin-staff-added = Added { $name } ({ $id }).
admin-staff-updated = { $name } may now: { $permissions }
admin-password-set = The password is set. { $name } must sign in again everywhere.
admin-staff-removed = Removed { $name }. Their devices delete everything when they are next heard of.
admin-device-removed = Removed. The device deletes everything when it is next heard of.
admin-backed-up = Everything is in { $file }.
admin-restored = Restored { $file }. Start the server: phones bring back what they have learned since.
admin-restored-kept = The database from before is kept: { $file }
admin-which-shop = There are several shops here. Say which one with --shop: { $shops }
admin-no-shop = There is no shop here yet. Add one: shopbell admin --data … shop add --name …
admin-no-staff = Nobody in this shop has the address { $email }.
admin-nothing = nothing
admin-which-data = Say which server with --data: the folder that holds its database.

cli-failed = { $reason }
cli-stdin-empty = Nothing came in on standard input.
cli-bad-id = “{ $id }” is not an id. It looks like 0190a8f2-5c1e-7b7a-9a53-0d5f3c1e2b4a.
demo-preparing = Setting up the demo shop …

# Help and usage.
help-usage = Usage:
help-commands = Commands
help-arguments = Arguments
help-options = Options
help-command-place = COMMAND
help-default = [default: { $value }]
help-environment = [environment: { $name }]
help-choices = [one of: { $values }]
help-help = Show this help
help-version = Show the version
help-lang = The language to speak; otherwise that of the environment (SHOPBELL_LANG, LC_ALL, LC_MESSAGES, LANG)
usage-unknown-argument = There is no “{ $argument }” here.
usage-unknown-command = There is no command “{ $command }” here.
usage-wrong-value = “{ $value }” does not fit { $argument }.
usage-choices = It takes one of: { $values }
usage-no-value = { $argument } needs a value.
usage-missing = This is missing: { $arguments }
usage-missing-command = Say what to do, with one of: { $commands }
usage-twice = { $argument } may stand only once.
usage-unreadable = The command line cannot be read.
usage-help = How it is used: { $command } --help

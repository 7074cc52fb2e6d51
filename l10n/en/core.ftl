# What the core hands to every shell: refusals, states, errors.

offline-bar = { $count ->
    [0] Offline. You can read and write; replies are sent when you are back.
    [one] Offline. { $count } reply will be sent when you are back.
   *[other] Offline. { $count } replies will be sent when you are back.
}

visitor-name = Visitor { $number }
somebody = somebody
customer-word = The customer

preview-draft = Draft: { $text }
preview-own = You: { $text }
preview-colleague = { $name }: { $text }
shared-discount = Shared a discount
shared-draft-order = Shared a draft order
message-was-deleted = This message was deleted

state-waiting = Waiting
state-cancelling = Being taken back
state-sending = Sending
state-sent = Sent
state-sent-before-restore = Sent before the restore
state-unknown = May not have arrived
state-not-sent = Not sent: { $reason }
mark-edited = edited
mark-brought-back = brought back by the phone of { $name }

refusal-no-permission = You may not do this. The shop's owner can allow it.
refusal-unknown-conversation = This conversation is not there any more.
refusal-unknown-customer = This customer is not there any more.
refusal-too-many-tags = A customer carries at most { $limit } tags. Take one away, then add this one.
refusal-too-many-notes = There are at most { $limit } notes about a customer. Delete one, then write this one.
refusal-customer-wrote-since = { $name } wrote since. Read it, then close again.
refusal-changed-since = { $name } changed this first. Look again, then decide.
refusal-text-empty = There is nothing to send.
refusal-text-too-long = The text is longer than { $limit } characters. Shorten it, then send again.
refusal-unknown-mutation = The server is older than this app and does not know this action. Your text is kept; try again when the server was updated.
refusal-unreadable = The server could not read this. Your text is kept.
refusal-assignee-may-not = { $name } may not answer customers. The shop's owner can allow it.
refusal-unknown-staff = This person is not in the shop's staff any more.
refusal-already-sent = This was already sent.
refusal-unknown-message = This message is not there any more.
refusal-not-the-author = Only the person who wrote a message can change it.
refusal-channel-cannot = This channel cannot change what it has shown. Write a new message instead.
refusal-message-deleted = This message was deleted.
refusal-channel = The channel refused it: { $reason }
refusal-too-large = This is too large to be sent.
refusal-internal = The server failed three times at this. Your text is kept; tell whoever runs the server.
refusal-other = The server refused it ({ $code }). Your text is kept.

error-unreachable = The server at { $address } cannot be reached. What you wrote is kept and sent when it is back.
error-wrong-password = This address and password do not belong together. Check both and try again.
error-sign-in-again = Sign in again to go on. Everything you wrote is kept.
error-too-old = The server is older than this app. Ask whoever runs it to update it. Everything you wrote is kept.
error-too-new = This app is older than the server. Update the app. Everything you wrote is kept.
error-choose-shop = This address works in several shops. Say which one: { $shops }
error-not-signed-in = Nobody is signed in here. Sign in first.
error-unknown-conversation = There is no conversation { $id } here.
error-server-busy = The server is busy. Try again in a moment.
error-storage = The database here cannot be written: { $reason } Nothing that was saved before is lost.
error-damaged = The database here was damaged. What you had not sent yet was saved as far as it could be read; the rest comes from the server. Try again.
error-disk-full = The disk here is full, so nothing new can be saved. What was saved before is kept. Make room; it goes on by itself.
error-disk-read-only = The disk here cannot be written. What was saved before is kept. Check that the app may write in its folder and that the disk is not locked.
error-unsent = { $count ->
    [one] { $count } change has not been sent yet and would be deleted. Nothing was deleted; send or export it first.
   *[other] { $count } changes have not been sent yet and would be deleted. Nothing was deleted; send or export them first.
}
notice-salvaged = { $count ->
    [0] The database here was damaged and was begun anew. Nothing unsent could be found; the rest comes from the server. The damaged file lies in { $folder } until you dismiss this.
    [one] The database here was damaged and was begun anew. { $count } unsent change was saved and goes on; the rest comes from the server. The damaged file lies in { $folder } until you dismiss this.
   *[other] The database here was damaged and was begun anew. { $count } unsent changes were saved and go on; the rest comes from the server. The damaged file lies in { $folder } until you dismiss this.
}
notice-salvaged-in-part = The database here was damaged and was begun anew. Unsent changes that were saved: { $saved }; that could not be read: { $lost }. Look in your conversations for what is missing and write it again. The damaged file lies in { $folder } until you dismiss this.
unsent-title = Not sent yet by { $name } at { $shop }
unsent-waiting = For { $customer }, waiting to be sent: { $text }
unsent-refused = For { $customer }, not sent ({ $reason }): { $text }
unsent-draft = For { $customer }, a draft: { $text }
error-newer-schema = The database here was written by a newer Shopbell (version { $found }, this one knows { $known }). Update the app; nothing was touched.
error-database-in-use = Another process has the database here open. Stop it, or use another profile.
error-removed = This device was removed from the shop. What it held was deleted.
error-other-account = This profile belongs to { $name }. Sign in with that address, or use another profile.
error-too-many-at-once = At most { $limit } conversations can be changed at once. Nothing was changed; choose fewer.
error-cannot-undo = A reply cannot be undone: it may be with the customer already.
error-on-its-way = It is on its way. Take it back, or change it once it was sent.
error-cannot-revise = This message cannot be changed: it was deleted, or somebody else wrote it.
error-not-found = There is nothing with the id { $id } here.
error-bad-address = { $address } is not the address of a server. It looks like https://inbox.example.com.
error-other = That did not work: { $reason } Everything you wrote is kept.
sync-trouble = { $reason } It is tried again by itself; everything you wrote is kept.
error-internal = Something went wrong inside the app. What was saved before is kept. Start it again; if it comes back, tell whoever runs the shop's server.
trouble-unreachable = The server cannot be reached.
trouble-busy = The server is busy.
trouble-unreadable = What answers there is no Shopbell server.
trouble-server = The server says: { $said }.
trouble-own-tokens = The server refuses the session that it has just given.
trouble-no-result = The server took a change in and did not say what became of it.
trouble-storage = The database here cannot be written: { $said }.
trouble-closed = The profile was closed meanwhile.
trouble-broken-off = It was broken off.

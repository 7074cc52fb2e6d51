# What the server tells those who run it, and the titles of its problem documents.

server-port-in-use = Another program listens on { $address }. Stop it, or take another port: --listen 127.0.0.1:8081
server-cannot-listen = The server cannot listen on { $address }: { $reason } Take another address with --listen.
server-data-folder-in-use = Another shopbell serves from { $folder }. Stop it, or take another folder with --data. Nothing was touched.
server-data-folder = The folder { $folder } cannot be used: { $reason } Check that it is yours to write, or take another one with --data.
server-newer-schema = The database was written by a newer Shopbell (version { $found }, this one knows { $known }). Update this program; nothing was touched.
server-older-schema = The server that runs here is older than this program (database version { $found }, this one needs { $known }). Stop it and start this one; nothing was touched.
server-disk-full = The disk is full. Make room, then start again; everything that was stored is kept.
server-storage = The database cannot be used: { $reason }

server-admin-unknown-shop = There is no such shop here. List the shops with: shopbell admin shop list
server-admin-unknown-staff = There is nobody like that in this shop's staff. List them with: shopbell admin staff list
server-admin-email-taken = Somebody in this shop signs in with this address already. Take another one.
server-admin-email-invalid = This is not an email address. It looks like name@example.com.
server-admin-name-invalid = A name is one line of 1 to { $limit } characters.
server-admin-password-length = A password has at least { $limit } characters. Several words are easy to remember.
server-admin-unknown-permission = There is no permission “{ $word }”. There are: { $words }
server-admin-origin-invalid = “{ $origin }” is not a web origin. It looks like https://shop.example.com, without a path.
server-admin-unknown-kind = This server has no channel of the kind “{ $kind }”.
server-admin-busy = The server is busy. Try again in a moment.
server-admin-unknown-device = This shop has no such device. List them with: shopbell admin device list
server-admin-backup-taken = { $file } is not a backup. Take another name; nothing was touched.
server-admin-backup-file = The backup cannot be written to { $file }: { $reason } Nothing is left of it, and the server’s data is as it was.
server-not-a-backup = { $file } cannot be restored ({ $reason }). Take another backup; nothing was touched.
server-restore-file = The file { $file } cannot be used: { $reason } Nothing was restored; the database is as it was.

# Titles of problem documents (docs/protocol.md): shown where a phone knows no better words for the kind.
problem-sign-in-again = Sign in again
problem-wrong-password = Address and password do not belong together
problem-session-expired = This chat session is unknown
problem-no-permission = Not permitted
problem-origin-not-allowed = This page is not one of the shop's
problem-not-found = Not found
problem-unknown-shop-key = No shop has this key
problem-method-not-allowed = Method not allowed
problem-epoch-changed = The server's history changed
problem-choose-shop = Say which shop
problem-device-removed = This device was removed
problem-too-large = The request is too large
problem-malformed = The request cannot be read
problem-text-invalid = This text cannot be sent
problem-protocol-too-new = The server is older than this app
problem-slow-down = Too many requests: slow down
problem-internal = Internal error
problem-busy = Busy: try again in a moment

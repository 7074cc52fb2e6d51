-- A web chat has a public key of its own, so that a shop can have several. A shop's first web chat keeps the key that
-- the shop's pages embed already; another one that is there has none, and no page could reach it before either.

ALTER TABLE channel ADD COLUMN public_key TEXT; -- what pages embed; NULL: no web chat, or one without a key
UPDATE channel SET public_key = (SELECT shop.public_key FROM shop WHERE shop.id = channel.shop)
    WHERE id IN (SELECT MIN(id) FROM channel WHERE kind = 'web_chat' GROUP BY shop);
CREATE UNIQUE INDEX channel_by_key ON channel (public_key) WHERE public_key IS NOT NULL;

### Czat: co klient sklepu widzi i słyszy.

## The button
launcher = Napisz do nas
launcher-unread = { $count ->
    [one] Napisz do nas, { $count } nieprzeczytana wiadomość
    [few] Napisz do nas, { $count } nieprzeczytane wiadomości
    [many] Napisz do nas, { $count } nieprzeczytanych wiadomości
   *[other] Napisz do nas, { $count } nieprzeczytanej wiadomości
}

## The panel's head
panel = Czat: { $shop }
close = Zamknij czat
somebody-there = Online
nobody-there = Odpowiemy najszybciej, jak to możliwe

## What stands above the messages
offline = Brak połączenia. Możesz pisać dalej: wyślemy wszystko, gdy połączenie wróci.
offline-waiting = { $count ->
    [one] Brak połączenia. { $count } wiadomość zostanie wysłana, gdy połączenie wróci.
    [few] Brak połączenia. { $count } wiadomości zostaną wysłane, gdy połączenie wróci.
    [many] Brak połączenia. { $count } wiadomości zostanie wysłanych, gdy połączenie wróci.
   *[other] Brak połączenia. { $count } wiadomości zostanie wysłane, gdy połączenie wróci.
}
not-kept = Ta przeglądarka nie pozwala nam zapisać rozmowy. Zniknie ona po zamknięciu tej strony.
older-not-shown = Starsze wiadomości nie są już tutaj wyświetlane. Sklep nadal je ma.

## The messages
messages = Wiadomości
empty = Zapytaj nas o cokolwiek. Czytamy każdą wiadomość.
you = Ty
new-below = { $count ->
    [one] { $count } nowa wiadomość
    [few] { $count } nowe wiadomości
    [many] { $count } nowych wiadomości
   *[other] { $count } nowej wiadomości
}
message-arrived = Nowa wiadomość od: { $who }
edited = Edytowano
deleted = Wiadomość usunięta
message-edited = { $who } zmienia wiadomość: { $text }
message-deleted = { $who } usuwa wiadomość

## The state of one's own message
sending = Wysyłanie…
waiting = Zostanie wysłane, gdy wróci połączenie
sent = Wysłano
refused-too-long = Nie wysłano: wiadomość przekracza limit znaków ({ $limit }). Twój tekst jest zachowany.
refused = Nie wysłano: sklep nie mógł przyjąć tej wiadomości. Twój tekst jest zachowany.
retry = Spróbuj ponownie
edit = Edytuj

## Writing
field = Twoja wiadomość
placeholder = Napisz wiadomość
send = Wyślij
characters-left = { $count ->
    [one] Pozostał { $count } znak
    [few] Pozostały { $count } znaki
    [many] Pozostało { $count } znaków
   *[other] Pozostało { $count } znaku
}
characters-over = { $count ->
    [one] O { $count } znak za dużo. Skróć wiadomość.
    [few] O { $count } znaki za dużo. Skróć wiadomość.
    [many] O { $count } znaków za dużo. Skróć wiadomość.
   *[other] O { $count } znaku za dużo. Skróć wiadomość.
}

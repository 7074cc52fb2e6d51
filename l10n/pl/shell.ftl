### Co mówią same aplikacje: tytuły, czynności, etykiety, stany.

## Actions
action-assign = Przypisz
action-back = Wstecz
action-cancel = Anuluj
action-close = Zamknij
action-copy = Kopiuj
action-delete = Usuń
action-edit = Edytuj
action-mark-unread = Oznacz jako nieprzeczytaną
action-more = Więcej czynności
action-reopen = Otwórz ponownie
action-retry = Spróbuj ponownie
action-save = Zapisz
action-send = Wyślij
action-star = Oznacz gwiazdką
action-unassign = Cofnij przypisanie
action-undo = Cofnij
action-unstar = Usuń gwiazdkę

## States
loading = Wczytywanie
signed-out-title = Sesja została zakończona
signed-out-text = Zaloguj się ponownie, aby kontynuować. Wszystkie Twoje teksty są zachowane.
no-permission-title = Nie masz do tego dostępu
no-permission-text = Może go nadać osoba, do której należy sklep.

## Sign in
sign-in-title = Logowanie
sign-in-server = Adres serwera
sign-in-email = E-mail
sign-in-password = Hasło
sign-in-button = Zaloguj się
sign-in-forgotten = Nie pamiętasz hasła?
sign-in-google = Kontynuuj z Google
sign-in-locked = Zbyt wiele prób. Spróbuj ponownie o { $time }.
sign-in-choose-shop = Wybierz sklep
sign-in-working = Logowanie…

## Inbox
inbox-title = Skrzynka odbiorcza
inbox-search = Szukaj imion, etykiet i wiadomości
inbox-search-older = Szukaj w starszych rozmowach
inbox-search-nothing = Brak wyników dla „{ $query }”.
inbox-tab-all = Wszystkie
inbox-filter-all = Wszystkie
inbox-filter-mine = Moje
inbox-filter-unassigned = Nieprzypisane
inbox-filter-starred = Z gwiazdką
inbox-filter-closed = Zamknięte
inbox-filter-not-sent = Niewysłane
inbox-filter-tag = Etykieta
inbox-filter-agent = Agent
inbox-filter-group = Grupa
inbox-filter-period = Okres
inbox-filter-rating = Ocena
inbox-filter-clear = Wyczyść filtry
inbox-empty-title = Nie ma jeszcze rozmów
inbox-empty-text = Pojawią się tutaj, gdy napisze klient.
inbox-filter-nothing = Nic nie pasuje do tych filtrów.
inbox-row-draft = Szkic: { $text }
inbox-row-time-left = Czas na odpowiedź: { $time }
inbox-row-unread = { $count ->
    [one] { $count } nieprzeczytana wiadomość
    [few] { $count } nieprzeczytane wiadomości
    [many] { $count } nieprzeczytanych wiadomości
   *[other] { $count } nieprzeczytanej wiadomości
}
inbox-row-more-topics = { $count ->
    [one] Jeszcze { $count } temat
    [few] Jeszcze { $count } tematy
    [many] Jeszcze { $count } tematów
   *[other] Jeszcze { $count } tematu
}
inbox-selected = { $count ->
    [one] Zaznaczono { $count } rozmowę
    [few] Zaznaczono { $count } rozmowy
    [many] Zaznaczono { $count } rozmów
   *[other] Zaznaczono { $count } rozmowy
}
inbox-closed-undo = { $count ->
    [one] Zamknięto { $count } rozmowę
    [few] Zamknięto { $count } rozmowy
    [many] Zamknięto { $count } rozmów
   *[other] Zamknięto { $count } rozmowy
}
inbox-reopened-undo = { $count ->
    [one] Ponownie otwarto { $count } rozmowę
    [few] Ponownie otwarto { $count } rozmowy
    [many] Ponownie otwarto { $count } rozmów
   *[other] Ponownie otwarto { $count } rozmowy
}
presence-online = Online
presence-offline = Offline
presence-back-at = Powrót o { $time }

## Conversation
conversation-online = Online
conversation-left-email = Już nie na stronie. Odpowiedź zostanie wysłana e-mailem na adres { $email }
conversation-left = Już nie na stronie. Odpowiedź będzie widoczna po powrocie
conversation-local-time = Na miejscu jest { $time }
conversation-empty = Nie ma jeszcze wiadomości.
conversation-gap = { $count ->
    [one] { $count } wcześniejsza wiadomość: wczytaj
    [few] { $count } wcześniejsze wiadomości: wczytaj
    [many] { $count } wcześniejszych wiadomości: wczytaj
   *[other] { $count } wcześniejszej wiadomości: wczytaj
}
conversation-new-below = { $count ->
    [one] { $count } nowa
    [few] { $count } nowe
    [many] { $count } nowych
   *[other] { $count } nowej
}
conversation-typing = { $name } pisze…
conversation-viewing = { $name } przegląda tę rozmowę
conversation-tags = Etykiety
conversation-profile = Profil
conversation-block = Zablokuj
conversation-today = Dzisiaj
conversation-yesterday = Wczoraj
event-greeting = Wysłano powitanie
event-cart = Zmieniono koszyk
event-assigned = Przypisano do: { $name }
event-unassigned = Cofnięto przypisanie
event-closed = Rozmowę zamyka { $name }
event-reopened = Rozmowę ponownie otwiera { $name }
message-waiting = Oczekuje
message-sent = Wysłano
message-delivered = Dostarczono
message-read = Przeczytano
message-not-sent = Nie wysłano: { $reason }
message-unknown = Mogło nie dotrzeć
composer-placeholder = Napisz odpowiedź
composer-add = Dodaj
composer-photo = Zdjęcie
composer-camera = Aparat
composer-product = Produkt
composer-discount = Rabat
composer-order = Zamówienie
composer-chat = Czat
composer-email = E-mail
composer-window-left = Czas na odpowiedź w tym kanale: { $time }
saved-replies-suggested = Zapisane odpowiedzi

## Customer
customer-title = Klient
customer-new = Nowy klient
customer-returning = Powracający klient
customer-information = Informacje
customer-email = E-mail
customer-phone = Telefon
customer-place = Miejsce
customer-local-time = Czas lokalny
customer-since = Klient od { $date }
customer-spent = Suma wydatków
customer-tier = Poziom
customer-orders = Zamówienia
customer-orders-all = Wszystkie zamówienia
customer-orders-none = Brak zamówień w ostatnich 60 dniach
customer-notes = Notatki
customer-note-add = Dodaj notatkę
customer-note-by = { $name }, { $time }
customer-note-delete = Usunąć tę notatkę?
customer-tags = Etykiety
customer-tag-add = Dodaj etykietę
customer-this-conversation = Ta rozmowa
customer-began = Początek: { $time }, { $channel }
customer-earlier = Wcześniejsze rozmowy
customer-visits = Wizyty
customer-browsing = Obejrzane strony
customer-open-admin = Otwórz w panelu sklepu
customer-as-of = Stan na { $time }
customer-copied = Skopiowano

## Settings
settings-title = Ustawienia
settings-profile = Profil i obecność
settings-availability = Dostępność
settings-saved-replies = Zapisane odpowiedzi
settings-notifications = Powiadomienia
settings-chat-apps = Aplikacje czatu
settings-devices = Urządzenia
settings-device-this = To urządzenie
settings-device-sign-out = Wyloguj to urządzenie
settings-appearance = Wygląd
settings-appearance-system = Jak w systemie
settings-appearance-light = Jasny
settings-appearance-dark = Ciemny
settings-language = Język
settings-help = Pomoc
settings-about = Informacje
settings-sign-out = Wyloguj się
settings-sign-out-unsent = { $count ->
    [one] { $count } odpowiedź nie została jeszcze wysłana. Poczekaj na wysłanie albo ją wyeksportuj przed wylogowaniem.
    [few] { $count } odpowiedzi nie zostały jeszcze wysłane. Poczekaj na wysłanie albo je wyeksportuj przed wylogowaniem.
    [many] { $count } odpowiedzi nie zostało jeszcze wysłanych. Poczekaj na wysłanie albo je wyeksportuj przed wylogowaniem.
   *[other] { $count } odpowiedzi nie zostało jeszcze wysłane. Poczekaj na wysłanie albo je wyeksportuj przed wylogowaniem.
}
settings-sign-out-wait = Poczekaj
settings-sign-out-export = Eksportuj

# Co rdzeń przekazuje aplikacjom: odmowy, stany, błędy.

offline-bar = { $count ->
    [0] Jesteś offline. Możesz czytać i pisać; odpowiedzi zostaną wysłane, gdy wróci połączenie.
    [one] Jesteś offline. { $count } odpowiedź zostanie wysłana, gdy wróci połączenie.
    [few] Jesteś offline. { $count } odpowiedzi zostaną wysłane, gdy wróci połączenie.
    [many] Jesteś offline. { $count } odpowiedzi zostanie wysłanych, gdy wróci połączenie.
   *[other] Jesteś offline. { $count } odpowiedzi zostanie wysłane, gdy wróci połączenie.
}

visitor-name = Gość { $number }
somebody = ktoś
customer-word = Klient
preview-draft = Szkic: { $text }

preview-own = Ty: { $text }
preview-colleague = { $name }: { $text }
shared-discount = Udostępniono rabat
shared-draft-order = Udostępniono zamówienie robocze
message-was-deleted = Ta wiadomość została usunięta

state-waiting = Oczekuje
state-cancelling = Trwa cofanie
state-sending = Wysyłanie
state-sent = Wysłano
state-sent-before-restore = Wysłano przed przywróceniem
state-unknown = Mogło nie dotrzeć
state-not-sent = Nie wysłano: { $reason }
mark-edited = edytowano
mark-brought-back = przywrócono z telefonu ({ $name })

refusal-no-permission = Nie masz do tego uprawnień. Może je nadać osoba, do której należy sklep.
refusal-unknown-conversation = Tej rozmowy już nie ma.
refusal-unknown-customer = Tego klienta już nie ma.
refusal-too-many-tags = Limit etykiet klienta to { $limit }. Usuń jedną i dodaj tę.
refusal-too-many-notes = Limit notatek o kliencie to { $limit }. Usuń jedną i napisz tę.
refusal-customer-wrote-since = W międzyczasie przyszła nowa wiadomość ({ $name }). Przeczytaj ją i zamknij rozmowę ponownie.
refusal-changed-since = Ktoś wprowadził zmianę wcześniej ({ $name }). Sprawdź jeszcze raz i zdecyduj.
refusal-text-empty = Nie ma nic do wysłania.
refusal-text-too-long = Tekst przekracza limit znaków ({ $limit }). Skróć go i wyślij ponownie.
refusal-unknown-mutation = Serwer jest starszy niż ta aplikacja i nie zna tej czynności. Twój tekst jest zachowany; spróbuj ponownie po aktualizacji serwera.
refusal-unreadable = Serwer nie mógł tego odczytać. Twój tekst jest zachowany.
refusal-assignee-may-not = { $name } nie może odpowiadać klientom. Uprawnienia może nadać osoba, do której należy sklep.
refusal-unknown-staff = Tej osoby nie ma już w zespole sklepu.
refusal-already-sent = To zostało już wysłane.
refusal-unknown-message = Tej wiadomości już nie ma.
refusal-not-the-author = Wiadomość może zmienić tylko osoba, która ją napisała.
refusal-channel-cannot = Ten kanał nie może zmienić tego, co już pokazał. Napisz nową wiadomość.
refusal-message-deleted = Ta wiadomość została usunięta.
refusal-channel = Kanał to odrzucił: { $reason }
refusal-too-large = To jest zbyt duże, aby to wysłać.
refusal-internal = Serwer trzykrotnie nie zdołał tego wykonać. Twój tekst jest zachowany; powiadom osobę, która prowadzi serwer.
refusal-other = Serwer to odrzucił ({ $code }). Twój tekst jest zachowany.

error-unreachable = Nie można połączyć się z serwerem { $address }. Twoje teksty są zachowane i zostaną wysłane, gdy wróci połączenie.
error-wrong-password = Adres i hasło do siebie nie pasują. Sprawdź je i spróbuj ponownie.
error-sign-in-again = Zaloguj się ponownie, aby kontynuować. Wszystkie Twoje teksty są zachowane.
error-too-old = Serwer jest starszy niż ta aplikacja. Poproś osobę, która go prowadzi, o aktualizację. Wszystkie Twoje teksty są zachowane.
error-too-new = Ta aplikacja jest starsza niż serwer. Zaktualizuj ją. Wszystkie Twoje teksty są zachowane.
error-choose-shop = Ten adres działa w kilku sklepach. Podaj, w którym: { $shops }
error-not-signed-in = Nikt nie jest tu zalogowany. Najpierw się zaloguj.
error-unknown-conversation = Nie ma tu rozmowy { $id }.
error-server-busy = Serwer jest zajęty. Spróbuj za chwilę.
error-storage = Nie można zapisywać w lokalnej bazie danych: { $reason } Wcześniej zapisane dane nie zginęły.
error-damaged = Baza danych na tym urządzeniu była uszkodzona. To, co nie zostało jeszcze wysłane, uratowano, o ile dało się odczytać; reszta przyjdzie z serwera. Spróbuj ponownie.
error-disk-full = Dysk jest pełny i niczego nowego nie można zapisać. To, co zapisano wcześniej, zostało. Zwolnij miejsce; wszystko ruszy samo.
error-disk-read-only = Na dysku nie można zapisywać. To, co zapisano wcześniej, zostało. Sprawdź, czy aplikacja może pisać w swoim folderze i czy dysk nie jest zablokowany.
error-unsent = { $count ->
    [one] { $count } zmiana nie została jeszcze wysłana i zostałaby usunięta. Niczego nie usunięto; najpierw ją wyślij albo wyeksportuj.
    [few] { $count } zmiany nie zostały jeszcze wysłane i zostałyby usunięte. Niczego nie usunięto; najpierw je wyślij albo wyeksportuj.
    [many] { $count } zmian nie zostało jeszcze wysłanych i zostałoby usuniętych. Niczego nie usunięto; najpierw je wyślij albo wyeksportuj.
   *[other] { $count } zmiany nie zostało jeszcze wysłane i zostałoby usunięte. Niczego nie usunięto; najpierw je wyślij albo wyeksportuj.
}
notice-salvaged = { $count ->
    [0] Baza danych na tym urządzeniu była uszkodzona i zaczęto ją od nowa. Nie znaleziono niczego niewysłanego; reszta przyjdzie z serwera. Uszkodzony plik leży w { $folder }, dopóki nie zamkniesz tej wiadomości.
    [one] Baza danych na tym urządzeniu była uszkodzona i zaczęto ją od nowa. Uratowano { $count } niewysłaną zmianę; reszta przyjdzie z serwera. Uszkodzony plik leży w { $folder }, dopóki nie zamkniesz tej wiadomości.
    [few] Baza danych na tym urządzeniu była uszkodzona i zaczęto ją od nowa. Uratowano { $count } niewysłane zmiany; reszta przyjdzie z serwera. Uszkodzony plik leży w { $folder }, dopóki nie zamkniesz tej wiadomości.
    [many] Baza danych na tym urządzeniu była uszkodzona i zaczęto ją od nowa. Uratowano { $count } niewysłanych zmian; reszta przyjdzie z serwera. Uszkodzony plik leży w { $folder }, dopóki nie zamkniesz tej wiadomości.
   *[other] Baza danych na tym urządzeniu była uszkodzona i zaczęto ją od nowa. Uratowano { $count } niewysłanej zmiany; reszta przyjdzie z serwera. Uszkodzony plik leży w { $folder }, dopóki nie zamkniesz tej wiadomości.
}
notice-salvaged-in-part = Baza danych na tym urządzeniu była uszkodzona i zaczęto ją od nowa. Niewysłane zmiany, które uratowano: { $saved }; których nie dało się odczytać: { $lost }. Poszukaj w rozmowach tego, czego brakuje, i napisz to ponownie. Uszkodzony plik leży w { $folder }, dopóki nie zamkniesz tej wiadomości.
unsent-title = Jeszcze nie wysłano: { $name }, { $shop }
unsent-waiting = Do: { $customer } (czeka na wysłanie): { $text }
unsent-refused = Do: { $customer } (nie wysłano: { $reason }): { $text }
unsent-draft = Do: { $customer } (szkic): { $text }
error-newer-schema = Lokalną bazę danych zapisała nowsza wersja Shopbell (wersja { $found }, ta zna { $known }). Zaktualizuj aplikację; nic nie zostało zmienione.
error-database-in-use = Inny proces używa tej bazy danych. Zatrzymaj go albo wybierz inny profil.
error-removed = To urządzenie zostało usunięte ze sklepu. Jego dane zostały skasowane.
error-other-account = Ten profil należy do: { $name }. Zaloguj się adresem tej osoby albo wybierz inny profil.
error-too-many-at-once = Naraz można zmienić najwyżej { $limit } rozmów. Nic się nie zmieniło; wybierz mniej.
error-cannot-undo = Odpowiedzi nie można cofnąć: klient mógł ją już otrzymać.
error-on-its-way = Wiadomość jest już w drodze. Cofnij ją albo zmień, gdy zostanie wysłana.
error-cannot-revise = Tej wiadomości nie można zmienić: została usunięta albo napisał ją ktoś inny.
error-not-found = Nic tutaj nie ma identyfikatora { $id }.
error-bad-address = { $address } nie jest adresem serwera. Adres wygląda na przykład tak: https://inbox.example.com.
error-other = Nie udało się: { $reason } Wszystkie Twoje teksty są zachowane.
sync-trouble = { $reason } Kolejna próba nastąpi samoczynnie; wszystkie Twoje teksty są zachowane.
error-internal = W aplikacji wystąpił błąd. Wcześniej zapisane dane są zachowane. Uruchom ją ponownie; jeśli błąd się powtórzy, powiadom osobę, która prowadzi serwer sklepu.
trouble-unreachable = Nie można połączyć się z serwerem.
trouble-busy = Serwer jest zajęty.
trouble-unreadable = Pod tym adresem nie odpowiada serwer Shopbell.
trouble-server = Serwer odpowiada: { $said }.
trouble-own-tokens = Serwer odrzuca sesję, którą sam przed chwilą utworzył.
trouble-no-result = Serwer przyjął zmianę, ale nie podał jej wyniku.
trouble-storage = Nie można zapisywać w lokalnej bazie danych: { $said }.
trouble-closed = Profil został w międzyczasie zamknięty.
trouble-broken-off = Operacja została przerwana.

# Co mówi wiersz poleceń.

cli-about = Shopbell: odpowiadaj klientom sklepu, z siecią lub bez niej.
cli-more =
    Wypróbuj: shopbell demo uruchamia sklep z czatem i pokazuje, co wpisać.
    Każde polecenie samo się objaśnia: shopbell inbox send --help

help-serve = Uruchom serwer, z którym łączą się kanały klientów i telefony zespołu
help-serve-more = Przykład: shopbell serve --data /var/lib/shopbell --listen 127.0.0.1:8080
help-data = Folder z bazą danych i kluczem serwera; tworzony, jeśli go nie ma
help-listen = Adres i port, na których serwer nasłuchuje
help-public-url = Adres, pod którym klienci i zespół łączą się z tym serwerem z zewnątrz, na przykład https://chat.example.com
help-trusted-proxy = Adres serwera proxy, którego nagłówkowi X-Forwarded-For można wierzyć (można podać kilka razy)
help-demo-shop = Udostępnij też dwie strony, pod /shop/, z czatem sklepu o tym kluczu publicznym
help-log-json = Zapisuj dziennik w formacie JSON, jeden wiersz na zdarzenie

help-demo = Przykładowy sklep z czterdziestoma rozmowami, czatem i Tobą za ladą
help-demo-more =
    Uruchamia serwer na tym komputerze, wypisuje adres strony sklepu i pokazuje skrzynkę odbiorczą Theo, który odpowiada.
    Napisz do sklepu w przeglądarce; odpowiedz tutaj. Wszystko zostaje w folderze danych: usuń go, aby zacząć od nowa.
help-headless = Dla skryptów: wypisz jeden wiersz JSON o demonstracji i działaj do polecenia zatrzymania

help-admin = Zarządzaj sklepami i zespołem na tym komputerze, twórz kopie i przywracaj je, niezależnie od tego, czy serwer działa
help-admin-shop = Sklepy: add, list
help-admin-shop-add = Dodaj sklep; wypisuje klucz publiczny do umieszczenia na stronach
help-admin-shop-list = Wyświetl sklepy
help-admin-channel = Kanały sklepu: add, list
help-admin-channel-add = Dodaj do sklepu kolejny czat; wypisuje jego własny klucz publiczny
help-admin-channel-list = Wyświetl kanały sklepu i ich klucze publiczne
help-admin-staff = Zespół: add, list, permit, password, remove
help-admin-staff-add = Dodaj osobę; hasło jest czytane ze standardowego wejścia
help-admin-staff-list = Wyświetl zespół sklepu
help-admin-staff-permit = Ustal, co dana osoba może robić
help-admin-staff-password = Ustaw nowe hasło, czytane ze standardowego wejścia; sesje tej osoby się kończą
help-admin-staff-remove = Usuń osobę; jej urządzenia skasują wszystko przy następnym połączeniu
help-admin-device = Urządzenia zespołu sklepu: list, remove
help-admin-device-list = Wyświetl urządzenia, które się zalogowały
help-admin-device-remove = Usuń urządzenie; skasuje wszystko przy następnym połączeniu
help-device = Urządzenie, według identyfikatora z device list
help-admin-backup = Zapisz wszystko do jednego pliku, podczas gdy serwer działa dalej
help-backup-file = Dokąd; kopia, która tam jest, zostanie zastąpiona
help-admin-restore = Wstaw kopię zapasową w miejsce bazy danych; serwer musi być zatrzymany
help-restore-file = Kopia zapasowa
help-name = Co widzą klienci i zespół
help-channel-name = Co widzi zespół nad listą rozmów
help-origin = Źródło w sieci, którego strony mogą osadzać czat, na przykład https://juniper.example (można podać kilka razy)
help-shop = Sklep, według identyfikatora; niepotrzebny, gdy jest tylko jeden
help-email = Adres, którym dana osoba się loguje
help-permission = Jedno z: chat, customers, products, discounts, draft_orders, apps, full (można podać kilka razy)
help-owner = Sklep należy do tej osoby; może ona wszystko

help-inbox = Czytaj i odpowiadaj klientom z tego terminala, na tym samym rdzeniu co aplikacje w telefonach
help-inbox-more =
    Profil to folder, który pamięta skrzynkę odbiorczą jednej osoby na tym komputerze, tak jak telefon.
    { "  " }shopbell inbox --profile ~/theo login --server http://127.0.0.1:8080 --email theo@juniper.example
    { "  " }shopbell inbox --profile ~/theo watch
    Rozmowę wskazuje krótki identyfikator, który pokazuje list, albo dowolne dłuższe zakończenie pełnego identyfikatora.
help-profile = Folder skrzynki odbiorczej tej osoby; tworzony, jeśli go nie ma
help-offline = Nie używaj sieci: czytaj to, co zapisane, zachowuj to, co napisane
help-json = Wypisuj JSON dla skryptów
help-login = Zaloguj się; hasło jest czytane ze standardowego wejścia
help-server = Adres serwera, na przykład http://127.0.0.1:8080
help-login-shop = Który sklep, jeśli adres działa w kilku (jego identyfikator)
help-list = Wyświetl rozmowy, od najnowszych
help-filter = Które
help-sort = W jakiej kolejności
help-channel = Tylko z tego kanału, według nazwy
help-by-tag = Tylko klientów z tą etykietą
help-agent = Tylko przypisane tej osobie z zespołu: imię, adres lub identyfikator; „me” oznacza Ciebie
help-since = Tylko z wiadomością z tego czasu: 90m, 12h, 7d
help-until = Tylko bez wiadomości z tego czasu: 90m, 12h, 7d
help-limit = Ile najwyżej
help-search = Znajdź imiona, etykiety, notatki i wiadomości, od najnowszych
help-search-words = Czego szukać; muszą być wszystkie słowa, ostatnie może być początkiem
help-search-older = Pobierz także to, co ma tylko serwer
help-counts = Ile rozmów jest na każdej liście i ile z nich jest nieprzeczytanych
help-show = Pokaż rozmowę
help-conversation = Rozmowa, według krótkiego identyfikatora, który pokazuje list
help-conversations = Rozmowa, według krótkiego identyfikatora, który pokazuje list; kilka rozdziel przecinkami
help-send = Odpowiedz klientowi; najpierw zapis na dysku, potem wysłanie
help-send-discount = Udostępnij rabat: jego kod, widoczny tylko dla osób, które mogą udostępniać rabaty
help-send-draft-order = Udostępnij zamówienie robocze: jego numer, widoczny tylko dla osób, które mogą je tworzyć
help-send-details = Co jeszcze powiedzieć o tym, co jest udostępniane
help-text = Treść; jeśli jej nie podano, czytana ze standardowego wejścia
help-draft = Pokaż, co zaczęto pisać do klienta, albo zacznij
help-draft-text = Co jest napisane do tej pory; pusty tekst usuwa szkic
help-star = Oznacz rozmowę gwiazdką dla wszystkich, aby do niej wrócić
help-unstar = Usuń gwiazdkę: do rozmowy nie trzeba już wracać
help-unread = Oznacz rozmowę jako nieprzeczytaną, tylko dla siebie
help-join = Przypisz rozmowę sobie
help-tag = Porządkuj klientów: add, remove
help-tag-add = Nadaj etykietę klientowi z rozmowy
help-tag-remove = Usuń etykietę klientowi z rozmowy
help-tag-word = Etykieta, najwyżej 40 znaków
help-note = Co zespół zapisuje o kliencie dla siebie nawzajem: list, add, edit, delete
help-note-list = Pokaż notatki o kliencie z rozmowy
help-note-add = Zapisz coś o kliencie z rozmowy
help-note-edit = Zmień treść notatki
help-note-delete = Usuń notatkę
help-message = Zmień, usuń lub cofnij własną odpowiedź
help-message-id = Wiadomość, według końcówki identyfikatora, jaki podaje show --json
help-message-edit = Zmień treść wysłanej wiadomości, jeśli kanał na to pozwala
help-message-delete = Usuń wysłaną wiadomość, jeśli kanał na to pozwala
help-message-take-back = Cofnij odpowiedź, której klient jeszcze nie ma
help-note-id = Notatka, według krótkiego identyfikatora, który pokazuje note list
help-undo = Cofnij zmiany, od ostatniej
help-change = Zmiana, według identyfikatora, z którym ją wykonano
help-close = Zamknij rozmowę
help-reopen = Otwórz rozmowę ponownie
help-assign = Przypisz rozmowę
help-assignee = Komu: imię, adres lub identyfikator osoby z zespołu; „me” oznacza Ciebie
help-unassign = Cofnij przypisanie
help-read = Oznacz rozmowę jako przeczytaną
help-outbox = Co czeka na wysłanie i czego nie wysłano, wraz z przyczyną
help-outbox-entry = To, co czeka lub nie zostało wysłane, według krótkiego identyfikatora z pierwszej kolumny outbox
help-outbox-retry = Wyślij ponownie to, co nie zostało wysłane
help-outbox-edit = Zmień treść tego, co nie zostało wysłane, i wyślij
help-outbox-delete = Usuń to, co nie zostało wysłane, lub cofnij to, co czeka
help-unsent = To, co usunęłoby wylogowanie, jako tekst do zachowania
help-notices = Co stało się z tym profilem: uszkodzona baza danych, usunięte urządzenie
help-notices-dismiss = Nie mów tego więcej; odłożona uszkodzona baza danych zostanie usunięta
help-accounts = Kto jest zalogowany w tym profilu i w profilach w jego folderze
help-sign-out = Wyloguj: wszystko, co należy do tej osoby, zostanie usunięte z tego komputera
help-sign-out-send = Najpierw wyślij to, co jeszcze nie zostało wysłane
help-sign-out-delete = Usuń także to, co jeszcze nie zostało wysłane
help-sync = Wyślij to, co czeka, i pobierz nowości
help-watch = Pokazuj wiadomości na bieżąco i odpowiadaj na nie, wiersz po wierszu

serve-listening = Serwer nasłuchuje pod adresem { $url }

demo-shop-name = Juniper & Clay
demo-ready = Sklep demonstracyjny jest otwarty.
demo-customer = Jako klient: otwórz { $url } w przeglądarce i napisz na czacie w dolnym rogu.
demo-answer = Jako zespół: Twoje imię to { $name }. Wpisz /list, potem /open i krótki identyfikator; to, co wpiszesz dalej, jest odpowiedzią. /help pokazuje więcej.
demo-others = Inne osoby, które mogą się zalogować: { $list }. Każde hasło to { $password }
demo-data = Wszystko jest zapisane w folderze { $folder }
demo-local-only = Hasła w demonstracji są znane, dlatego nasłuchuje ona tylko na tym komputerze. Użyj adresu takiego jak 127.0.0.1:8077.

inbox-empty = Nie ma tu jeszcze rozmów. Pojawią się, gdy napisze klient.
inbox-empty-filter = Nic nie pasuje do tego filtra.
inbox-signed-in = Zalogowano do sklepu { $shop } jako { $name }.
inbox-signed-out = Wylogowano. Wszystko, co tu było, zostało usunięte.
inbox-account = { $shop }, { $name }, { $server }
inbox-account-ended = { $shop }, { $name }, { $server }: trzeba zalogować się ponownie
inbox-password-prompt = Hasło:{ " " }
inbox-kept-offline = Zachowano. Zostanie wysłane, gdy wróci połączenie (shopbell inbox … sync).
inbox-kept-unreachable = Zachowano. Nie można połączyć się z serwerem; zostanie wysłane, gdy wróci (shopbell inbox … sync).
inbox-sent = Wysłano.
inbox-done = Gotowe.
inbox-undo = Aby cofnąć: shopbell inbox undo { $changes }
inbox-refused = Nie wykonano: { $reason }
inbox-outbox-empty = Nic nie czeka. Wszystkie Twoje teksty są wysłane.
inbox-outbox-waiting = oczekuje
inbox-outbox-cancelling = trwa cofanie
inbox-outbox-not-sent = nie wysłano
inbox-outbox-set-aside = odłożono po błędzie programu
inbox-synced = Wszystko jest aktualne.
inbox-synced-waiting = { $count ->
    [one] { $count } zmiana jeszcze czeka.
    [few] { $count } zmiany jeszcze czekają.
    [many] { $count } zmian jeszcze czeka.
   *[other] { $count } zmiany jeszcze czeka.
}
inbox-gap = { $count ->
    [one] … { $count } wcześniejsza wiadomość nie jest wczytana
    [few] … { $count } wcześniejsze wiadomości nie są wczytane
    [many] … { $count } wcześniejszych wiadomości nie jest wczytanych
   *[other] … { $count } wcześniejszej wiadomości nie jest wczytane
}
inbox-unread = { $count ->
    [one] { $count } nowa
    [few] { $count } nowe
    [many] { $count } nowych
   *[other] { $count } nowej
}
inbox-marked-unread = oznaczona jako nieprzeczytana
inbox-waiting = oczekuje: { $count }
inbox-not-sent = nie wysłano
inbox-closed = zamknięta
inbox-no-such = Żadna rozmowa nie kończy się na „{ $id }”. Krótkie identyfikatory są w pierwszej kolumnie list.
inbox-ambiguous = Kilka rozmów kończy się na „{ $id }”. Podaj dłuższe zakończenie: { $choices }
inbox-no-such-note = Na „{ $id }” nie kończy się żadna notatka o tym kliencie albo kończy się ich kilka. Krótkie identyfikatory są w pierwszej kolumnie note list.
inbox-no-such-message = Na „{ $id }” nie kończy się żadna wiadomość w tej rozmowie albo kończy się ich kilka. Identyfikatory podaje show --json.
inbox-no-such-entry = Na „{ $id }” nie kończy się nic, co czeka lub nie zostało wysłane, albo kończy się kilka rzeczy. Krótkie identyfikatory są w pierwszej kolumnie outbox.
inbox-no-such-channel = Żaden kanał nie nazywa się „{ $name }”. Kanały: { $choices }
inbox-no-notes = Nie ma jeszcze notatek o tym kliencie.
inbox-note-conflict = ktoś z zespołu zmienił tę notatkę w tym samym czasie
inbox-bad-period = „{ $period }” nie jest czasem. Wygląda on tak: 90m, 12h lub 7d.
inbox-search-empty = Nic tutaj nie zawiera wszystkich tych słów.
inbox-search-more = Jest tego tutaj więcej: --limit pokaże więcej.
inbox-search-not-complete = To, co zapisano przed aktualizacją, jest jeszcze przygotowywane: poszukaj ponownie za minutę.
inbox-search-on-server = Na serwerze są starsze rozmowy: --older je pobiera.
inbox-search-more-older = Serwer ma jeszcze starsze: więcej słów je znajdzie.
inbox-search-no-more-older = Serwer nie ma nic więcej.
inbox-count-open = Otwarte: { $count }, nieprzeczytane: { $unread }
inbox-count-mine = Moje: { $count }
inbox-count-unassigned = Nieprzypisane: { $count }
inbox-count-starred = Z gwiazdką: { $count }
inbox-count-closed = Zamknięte: { $count }
inbox-count-not-sent = Z niewysłaną odpowiedzią: { $count }
inbox-count-channel = { $name }: otwarte { $count }, nieprzeczytane { $unread }
inbox-no-such-staff = Nikt tu nie nazywa się „{ $name }”. Zespół: { $choices }
inbox-offline-line = Tryb offline: dane zapisane na tym komputerze.

watch-hello = Skrzynka sklepu { $shop }, zalogowano jako { $name }. /help pokazuje, co można wpisać.
watch-connected = Połączono.
watch-disconnected = Jesteś offline. Możesz dalej czytać i odpowiadać; odpowiedzi zostaną wysłane, gdy serwer wróci.
watch-opened = { $short }  { $name }. Teraz piszesz do: { $name }; /back kończy.
watch-nobody = Do kogo to jest? Wpisz /list, potem /open i krótki identyfikator. Twój tekst nie został wysłany: { $text }
watch-unknown = Nie ma polecenia „{ $command }”. /help pokazuje, co można wpisać.
watch-help =
    /list            rozmowy, od najnowszych
    /open ID         otwórz jedną; każdy następny wiersz jest odpowiedzią
    /back            wyjdź z niej
    /close  /reopen  otwarta rozmowa albo: /close ID
    /join            przypisz ją sobie
    /assign IMIĘ     przypisz ją komuś z zespołu     /unassign
    /outbox          co czeka i czego nie wysłano
    /quit            zakończ; to, co czeka, zostaje zachowane
watch-bye = { $count ->
    [0] Do zobaczenia. Nic nie czeka.
    [one] Do zobaczenia. { $count } zmiana czeka tutaj i zostanie wysłana następnym razem.
    [few] Do zobaczenia. { $count } zmiany czekają tutaj i zostaną wysłane następnym razem.
    [many] Do zobaczenia. { $count } zmian czeka tutaj i zostanie wysłanych następnym razem.
   *[other] Do zobaczenia. { $count } zmiany czeka tutaj i zostanie wysłane następnym razem.
}

admin-shop-added = Dodano sklep { $name } ({ $id }).
admin-shop-key = Klucz publiczny do jego stron: { $key }
admin-shop-embed = Umieść to przed końcem elementu body na każdej stronie:
admin-channel-added = Dodano czat { $name } ({ $id }).
admin-no-key = (bez klucza)
admin-staff-added = Dodano: { $name } ({ $id }).
admin-staff-updated = { $name } ma teraz uprawnienia: { $permissions }
admin-password-set = Hasło jest ustawione. { $name } musi zalogować się wszędzie ponownie.
admin-staff-removed = Usunięto: { $name }. Urządzenia tej osoby skasują wszystko przy następnym połączeniu.
admin-device-removed = Usunięto. Urządzenie skasuje wszystko przy następnym połączeniu.
admin-backed-up = Wszystko jest w { $file }.
admin-restored = Przywrócono { $file }. Uruchom serwer: telefony przyniosą to, co wiedzą od tamtej pory.
admin-restored-kept = Poprzednia baza danych jest zachowana: { $file }
admin-which-shop = Jest tu kilka sklepów. Wskaż jeden za pomocą --shop: { $shops }
admin-no-shop = Nie ma tu jeszcze sklepu. Dodaj go: shopbell admin --data … shop add --name …
admin-no-staff = Nikt w tym sklepie nie ma adresu { $email }.
admin-nothing = brak
admin-which-data = Wskaż serwer za pomocą --data: folder z jego bazą danych.

cli-failed = { $reason }
cli-stdin-empty = Na standardowym wejściu nic nie było.
cli-bad-id = „{ $id }” nie jest identyfikatorem. Identyfikator wygląda na przykład tak: 0190a8f2-5c1e-7b7a-9a53-0d5f3c1e2b4a.
demo-preparing = Przygotowywanie sklepu demonstracyjnego …

# Pomoc i użycie.
help-usage = Użycie:
help-commands = Polecenia
help-arguments = Argumenty
help-options = Opcje
help-command-place = POLECENIE
help-default = [domyślnie: { $value }]
help-environment = [środowisko: { $name }]
help-choices = [jedno z: { $values }]
help-help = Pokaż tę pomoc
help-version = Pokaż wersję
help-lang = Język komunikatów; w przeciwnym razie język środowiska (SHOPBELL_LANG, LC_ALL, LC_MESSAGES, LANG)
usage-unknown-argument = Nie ma tu „{ $argument }”.
usage-unknown-command = Nie ma tu polecenia „{ $command }”.
usage-wrong-value = „{ $value }” nie pasuje do { $argument }.
usage-choices = Dozwolone wartości: { $values }
usage-no-value = { $argument } wymaga wartości.
usage-missing = Brakuje: { $arguments }
usage-missing-command = Powiedz, co zrobić, jednym z poleceń: { $commands }
usage-twice = { $argument } można podać tylko raz.
usage-unreadable = Nie można odczytać wiersza poleceń.
usage-help = Jak tego używać: { $command } --help

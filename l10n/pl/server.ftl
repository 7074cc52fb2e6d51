# Co serwer mówi tym, którzy go prowadzą, oraz tytuły jego dokumentów problemów.

server-port-in-use = Inny program nasłuchuje pod adresem { $address }. Zatrzymaj go albo wybierz inny port: --listen 127.0.0.1:8081
server-cannot-listen = Serwer nie może nasłuchiwać pod adresem { $address }: { $reason } Wybierz inny adres za pomocą --listen.
server-data-folder-in-use = Inny proces shopbell używa folderu { $folder }. Zatrzymaj go albo wybierz inny folder za pomocą --data. Nic nie zostało zmienione.
server-data-folder = Nie można użyć folderu { $folder }: { $reason } Sprawdź, czy masz prawo zapisu, albo wybierz inny za pomocą --data.
server-newer-schema = Bazę danych zapisała nowsza wersja Shopbell (wersja { $found }, ta zna { $known }). Zaktualizuj ten program; nic nie zostało zmienione.
server-older-schema = Działający tu serwer jest starszy niż ten program (wersja bazy danych { $found }, ten potrzebuje { $known }). Zatrzymaj go i uruchom ten; nic nie zostało zmienione.
server-disk-full = Dysk jest pełny. Zwolnij miejsce i uruchom ponownie; wszystko, co zapisano, jest zachowane.
server-storage = Nie można użyć bazy danych: { $reason }

server-admin-unknown-shop = Nie ma tu takiego sklepu. Lista sklepów: shopbell admin shop list
server-admin-unknown-staff = Nie ma takiej osoby w zespole tego sklepu. Lista zespołu: shopbell admin staff list
server-admin-email-taken = Ktoś w tym sklepie loguje się już tym adresem. Wybierz inny.
server-admin-email-invalid = To nie jest adres e-mail. Adres wygląda na przykład tak: name@example.com.
server-admin-name-invalid = Nazwa to jeden wiersz o długości od 1 do { $limit } znaków.
server-admin-password-length = Minimalna długość hasła w znakach: { $limit }. Kilka słów łatwo zapamiętać.
server-admin-unknown-permission = Nie ma uprawnienia „{ $word }”. Dostępne: { $words }
server-admin-origin-invalid = „{ $origin }” nie jest źródłem w sieci. Źródło wygląda na przykład tak: https://shop.example.com, bez ścieżki.
server-admin-unknown-kind = Ten serwer nie ma kanału typu „{ $kind }”.
server-admin-busy = Serwer jest zajęty. Spróbuj za chwilę.
server-admin-unknown-device = Ten sklep nie ma takiego urządzenia. Lista: shopbell admin device list
server-admin-backup-taken = { $file } to nie jest kopia zapasowa. Wybierz inną nazwę; niczego nie zmieniono.
server-admin-backup-file = Nie można zapisać kopii w { $file }: { $reason } Nic z niej nie zostało, a dane serwera są nienaruszone.
server-not-a-backup = Nie można przywrócić { $file } ({ $reason }). Weź inną kopię; niczego nie zmieniono.
server-restore-file = Nie można użyć pliku { $file }: { $reason } Niczego nie przywrócono; baza danych jest nienaruszona.

problem-sign-in-again = Zaloguj się ponownie
problem-wrong-password = Adres i hasło do siebie nie pasują
problem-session-expired = Ta sesja czatu jest nieznana
problem-no-permission = Brak uprawnień
problem-origin-not-allowed = Ta strona nie należy do sklepu
problem-not-found = Nie znaleziono
problem-unknown-shop-key = Żaden sklep nie ma tego klucza
problem-method-not-allowed = Niedozwolona metoda
problem-epoch-changed = Historia serwera się zmieniła
problem-choose-shop = Podaj sklep
problem-device-removed = To urządzenie zostało usunięte
problem-too-large = Żądanie jest zbyt duże
problem-malformed = Nie można odczytać żądania
problem-text-invalid = Tego tekstu nie można wysłać
problem-protocol-too-new = Serwer jest starszy niż ta aplikacja
problem-slow-down = Zbyt wiele żądań: zwolnij
problem-internal = Błąd wewnętrzny
problem-busy = Serwer zajęty: spróbuj za chwilę

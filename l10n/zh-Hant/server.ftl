# 伺服器對管理者說的話，以及問題文件的標題。

server-port-in-use = 另一個程式正在監聽 { $address }。請停止該程式，或改用其他連接埠：--listen 127.0.0.1:8081
server-cannot-listen = 伺服器無法監聽 { $address }：{ $reason } 請以 --listen 指定其他位址。
server-data-folder-in-use = 另一個 shopbell 正在使用資料夾 { $folder }。請停止該程式，或以 --data 指定其他資料夾。資料未受任何更動。
server-data-folder = 無法使用資料夾 { $folder }：{ $reason } 請確認您有寫入權限，或以 --data 指定其他資料夾。
server-newer-schema = 資料庫是由較新版的 Shopbell 寫入的（版本 { $found }，目前程式支援到 { $known }）。請更新此程式；資料未受任何更動。
server-older-schema = 正在執行的伺服器比此程式舊（資料庫版本 { $found }，此程式需要 { $known }）。請停止舊的並啟動此程式；資料未受任何更動。
server-disk-full = 磁碟已滿。請清出空間後重新啟動；已儲存的內容都已保留。
server-storage = 無法使用資料庫：{ $reason }

server-admin-unknown-shop = 這裡沒有這間商店。列出所有商店：shopbell admin shop list
server-admin-unknown-staff = 這間商店的團隊中沒有這個人。列出團隊成員：shopbell admin staff list
server-admin-email-taken = 這間商店已有人使用此地址登入。請改用其他地址。
server-admin-email-invalid = 這不是電子郵件地址。正確的格式例如 name@example.com。
server-admin-name-invalid = 名稱為單行文字，長度 1 到 { $limit } 個字元。
server-admin-password-length = 密碼至少要有 { $limit } 個字元。由幾個詞組成的密碼比較好記。
server-admin-unknown-permission = 沒有「{ $word }」這項權限。可用的權限：{ $words }
server-admin-origin-invalid = 「{ $origin }」不是網頁來源。正確的格式例如 https://shop.example.com，不含路徑。
server-admin-unknown-kind = 此伺服器沒有「{ $kind }」類型的頻道。
server-admin-busy = 伺服器忙碌中。請稍後再試。
server-admin-unknown-device = 這家商店沒有這部裝置。列出裝置：shopbell admin device list
server-admin-backup-taken = { $file } 不是備份檔。請改用其他名稱；未變更任何內容。
server-admin-backup-file = 無法將備份寫入 { $file }：{ $reason } 未留下任何殘檔，伺服器的資料維持原狀。
server-not-a-backup = 無法還原 { $file }（{ $reason }）。請改用其他備份；未變更任何內容。
server-restore-file = 無法使用檔案 { $file }：{ $reason } 未還原任何內容；資料庫維持原狀。

problem-sign-in-again = 請重新登入
problem-wrong-password = 電子郵件地址與密碼不符
problem-session-expired = 找不到這個聊天工作階段
problem-no-permission = 沒有權限
problem-origin-not-allowed = 這個頁面不屬於該商店
problem-not-found = 找不到
problem-unknown-shop-key = 沒有商店使用這個金鑰
problem-method-not-allowed = 不允許此方法
problem-epoch-changed = 伺服器的歷史記錄已變更
problem-choose-shop = 請指明商店
problem-device-removed = 此裝置已移除
problem-too-large = 請求太大
problem-malformed = 無法讀取請求
problem-text-invalid = 無法送出這段文字
problem-protocol-too-new = 伺服器的版本比此應用程式舊
problem-slow-down = 請求過於頻繁，請放慢速度
problem-internal = 內部錯誤
problem-busy = 忙碌中，請稍後再試

# 核心交給各個應用程式的文字：拒絕、狀態、錯誤。

offline-bar = { $count ->
    [0] 目前離線。您可以照常閱讀和撰寫，恢復連線後就會送出回覆。
   *[other] 目前離線。恢復連線後將送出 { $count } 則回覆。
}

visitor-name = 訪客 { $number }
somebody = 某人
customer-word = 顧客
preview-draft = 草稿：{ $text }

preview-own = 您：{ $text }
preview-colleague = { $name }：{ $text }
shared-discount = 分享了折扣
shared-draft-order = 分享了訂單草稿
message-was-deleted = 這則訊息已刪除

state-waiting = 等待中
state-cancelling = 正在收回
state-sending = 傳送中
state-sent = 已送出
state-sent-before-restore = 還原前已送出
state-unknown = 可能未送達
state-not-sent = 未送出：{ $reason }
mark-edited = 已編輯
mark-brought-back = 由 { $name } 的手機帶回

refusal-no-permission = 您沒有這項權限。商店擁有者可以為您開啟。
refusal-unknown-conversation = 這個對話已不存在。
refusal-unknown-customer = 這位顧客已不存在。
refusal-too-many-tags = 每位顧客最多有 { $limit } 個標籤。請先移除一個，再新增。
refusal-too-many-notes = 每位顧客最多有 { $limit } 則備註。請先刪除一則，再撰寫。
refusal-customer-wrote-since = { $name } 剛剛又傳了訊息。請先閱讀，再重新關閉。
refusal-changed-since = { $name } 已先做了變更。請再看一次，然後決定。
refusal-text-empty = 沒有可以送出的內容。
refusal-text-too-long = 文字超過 { $limit } 個字元。請縮短後再送出。
refusal-unknown-mutation = 伺服器的版本比此應用程式舊，不支援這個動作。您的文字已保留，請在伺服器更新後再試。
refusal-unreadable = 伺服器無法讀取這項內容。您的文字已保留。
refusal-assignee-may-not = { $name } 沒有回覆顧客的權限。商店擁有者可以為其開啟。
refusal-unknown-staff = 這個人已不在商店的團隊中。
refusal-already-sent = 這則訊息已經送出。
refusal-unknown-message = 這則訊息已經不在了。
refusal-not-the-author = 只有撰寫訊息的人可以修改它。
refusal-channel-cannot = 這個頻道無法更改已經顯示的內容。請改寫一則新訊息。
refusal-message-deleted = 這則訊息已被刪除。
refusal-channel = 頻道拒絕了這則訊息：{ $reason }
refusal-too-large = 內容太大，無法送出。
refusal-internal = 伺服器處理這項內容失敗了三次。您的文字已保留，請告知伺服器的管理者。
refusal-other = 伺服器拒絕了這項內容（{ $code }）。您的文字已保留。

error-unreachable = 無法連線到伺服器 { $address }。您寫的內容已保留，恢復連線後就會送出。
error-wrong-password = 電子郵件地址與密碼不符。請檢查後再試一次。
error-sign-in-again = 請重新登入以繼續。您寫的所有內容都已保留。
error-too-old = 伺服器的版本比此應用程式舊。請要求管理者更新伺服器。您寫的所有內容都已保留。
error-too-new = 此應用程式的版本比伺服器舊。請更新應用程式。您寫的所有內容都已保留。
error-choose-shop = 這個地址可用於多間商店。請指明是哪一間：{ $shops }
error-not-signed-in = 這裡沒有人登入。請先登入。
error-unknown-conversation = 這裡沒有對話 { $id }。
error-server-busy = 伺服器忙碌中。請稍後再試。
error-storage = 無法寫入這裡的資料庫：{ $reason } 先前儲存的內容都沒有遺失。
error-damaged = 這裡的資料庫損壞了。尚未傳送的內容已盡可能救回，其餘會從伺服器重新取得。請再試一次。
error-disk-full = 磁碟已滿，無法儲存新內容。先前儲存的都還在。請騰出空間，之後會自動繼續。
error-disk-read-only = 磁碟無法寫入。先前儲存的都還在。請確認應用程式可以寫入其資料夾，且磁碟未被鎖定。
error-unsent = { $count ->
   *[other] 還有 { $count } 項變更尚未傳送，登出會將其刪除。目前沒有刪除任何內容；請先傳送或匯出。
}
notice-salvaged = { $count ->
    [0] 這裡的資料庫損壞了，已重新建立。沒有找到尚未傳送的內容，其餘會從伺服器取得。損壞的檔案放在 { $folder }，直到您關閉此訊息。
   *[other] 這裡的資料庫損壞了，已重新建立。已救回 { $count } 項尚未傳送的變更，其餘會從伺服器取得。損壞的檔案放在 { $folder }，直到您關閉此訊息。
}
notice-salvaged-in-part = 這裡的資料庫損壞了，已重新建立。已救回的未傳送變更：{ $saved }；無法讀取的：{ $lost }。請在對話中找出缺少的內容並重新撰寫。損壞的檔案放在 { $folder }，直到您關閉此訊息。
unsent-title = { $shop } { $name } 尚未傳送的內容
unsent-waiting = 給 { $customer }，等待傳送：{ $text }
unsent-refused = 給 { $customer }，未傳送（{ $reason }）：{ $text }
unsent-draft = 給 { $customer }，草稿：{ $text }
error-newer-schema = 這裡的資料庫是由較新版的 Shopbell 寫入的（版本 { $found }，目前程式支援到 { $known }）。請更新應用程式；資料未受任何更動。
error-database-in-use = 另一個程序正在使用這裡的資料庫。請停止該程序，或使用其他設定檔。
error-removed = 此裝置已從商店移除，裝置上的資料已刪除。
error-other-account = 此設定檔屬於 { $name }。請使用該地址登入，或使用其他設定檔。
error-too-many-at-once = 一次最多可變更 { $limit } 個對話。尚未做任何變更；請選擇較少的對話。
error-cannot-undo = 回覆無法復原：顧客可能已經收到。
error-on-its-way = 訊息已在傳送途中。請收回，或等送出後再修改。
error-cannot-revise = 無法修改此訊息：它已被刪除，或由他人撰寫。
error-not-found = 這裡沒有識別碼為 { $id } 的項目。
error-bad-address = { $address } 不是伺服器位址。正確的格式例如 https://inbox.example.com。
error-other = 操作未成功：{ $reason } 您寫的所有內容都已保留。
sync-trouble = { $reason } 系統會自動重試；您寫的所有內容都已保留。
error-internal = 應用程式發生問題。先前儲存的內容都已保留。請重新啟動；若再次發生，請告知商店伺服器的管理者。
trouble-unreachable = 無法連線到伺服器。
trouble-busy = 伺服器忙碌中。
trouble-unreadable = 該位址回應的不是 Shopbell 伺服器。
trouble-server = 伺服器回應：{ $said }。
trouble-own-tokens = 伺服器拒絕了自己剛建立的工作階段。
trouble-no-result = 伺服器收到了變更，但沒有回報結果。
trouble-storage = 無法寫入這裡的資料庫：{ $said }。
trouble-closed = 設定檔在這段期間已關閉。
trouble-broken-off = 操作已中斷。

# 命令列的文字。

cli-about = Shopbell：回覆商店的顧客，有沒有網路都可以。
cli-more =
    試試看：shopbell demo 會開啟一間附有線上聊天的商店，並告訴您該輸入什麼。
    每個命令都有自己的說明：shopbell inbox send --help

help-serve = 執行伺服器，供顧客的頻道和團隊的手機連線
help-serve-more = 範例：shopbell serve --data /var/lib/shopbell --listen 127.0.0.1:8080
help-data = 存放資料庫與伺服器金鑰的資料夾；不存在時會自動建立
help-listen = 要監聽的位址與連接埠
help-public-url = 顧客與團隊從外部連到此伺服器的網址，例如 https://chat.example.com
help-trusted-proxy = 可信任其 X-Forwarded-For 的代理伺服器位址（可重複指定）
help-demo-shop = 同時在 /shop/ 提供兩個頁面，嵌入擁有此公開金鑰的商店的聊天
help-log-json = 以 JSON 記錄日誌，每個事件一行

help-demo = 一間虛構的商店，有四十個對話和線上聊天，由您顧店
help-demo-more =
    在這台電腦上啟動伺服器，顯示商店頁面的網址，然後以負責回覆的 Theo 的身分觀看收件匣。
    在瀏覽器中寫訊息給商店，並在這裡回覆。所有內容都保存在資料夾中：刪除它即可重新開始。
help-headless = 供指令碼使用：輸出一行關於示範的 JSON，然後持續執行直到被要求停止

help-admin = 在這台電腦上設定商店與團隊、備份與還原；伺服器是否執行中皆可
help-admin-shop = 商店：add、list
help-admin-shop-add = 新增商店；會顯示要嵌入網頁的公開金鑰
help-admin-shop-list = 列出商店
help-admin-channel = 商店的頻道：add、list
help-admin-channel-add = 為商店新增另一個網頁聊天；會顯示它自己的公開金鑰
help-admin-channel-list = 列出商店的頻道及其公開金鑰
help-admin-staff = 團隊：add、list、permit、password、remove
help-admin-staff-add = 新增成員；密碼由標準輸入讀取
help-admin-staff-list = 列出商店的團隊成員
help-admin-staff-permit = 設定成員的權限
help-admin-staff-password = 設定新密碼，由標準輸入讀取；該成員的所有工作階段都會結束
help-admin-staff-remove = 移除成員；其裝置下次連線時會刪除所有資料
help-admin-device = 商店團隊的裝置：list、remove
help-admin-device-list = 列出曾登入的裝置
help-admin-device-remove = 移除裝置；它下次連線時會刪除所有資料
help-device = 裝置，以 device list 顯示的識別碼指定
help-admin-backup = 將所有資料寫入一個檔案，伺服器照常運作
help-backup-file = 寫入位置；該處已有的備份會被取代
help-admin-restore = 以備份取代資料庫；伺服器必須先停止
help-restore-file = 備份檔
help-name = 顧客與同事看到的名稱
help-channel-name = 同事在對話列表上方看到的名稱
help-origin = 可嵌入聊天的網頁來源，例如 https://juniper.example（可重複指定）
help-shop = 商店的識別碼；只有一間時不需要
help-email = 成員用來登入的電子郵件地址
help-permission = 下列其中之一：chat、customers、products、discounts、draft_orders、apps、full（可重複指定）
help-owner = 此人是商店的擁有者，擁有所有權限

help-inbox = 在這個終端機閱讀並回覆顧客，與手機應用程式使用相同的核心
help-inbox-more =
    設定檔是一個資料夾，像手機一樣在這台電腦上記住一個人的收件匣。
    { "  " }shopbell inbox --profile ~/theo login --server http://127.0.0.1:8080 --email theo@juniper.example
    { "  " }shopbell inbox --profile ~/theo watch
    對話以 list 顯示的短識別碼指定，也可以使用完整識別碼結尾的任何一段較長文字。
help-profile = 此人收件匣的資料夾；不存在時會自動建立
help-offline = 不使用網路：讀取已儲存的內容，保留寫下的內容
help-json = 輸出 JSON 供指令碼使用
help-login = 登入；密碼由標準輸入讀取
help-server = 伺服器的網址，例如 http://127.0.0.1:8080
help-login-shop = 當地址可用於多間商店時，指定是哪一間（識別碼）
help-list = 列出對話，最新的在前
help-filter = 要列出哪些
help-sort = 以何種順序
help-channel = 只列出此頻道的對話，以名稱指定
help-by-tag = 只列出有此標籤的顧客的對話
help-agent = 只列出指派給此同事的對話：名字、地址或識別碼；「me」代表您自己
help-since = 只列出這段時間內有訊息的對話：90m、12h、7d
help-until = 只列出這段時間內沒有訊息的對話：90m、12h、7d
help-limit = 最多列出幾個
help-search = 尋找姓名、標籤、備註和訊息，最新的在前
help-search-words = 要尋找的內容；必須包含所有字詞，最後一個可以只是開頭
help-search-older = 同時取回只有伺服器才有的內容
help-counts = 每個列表有多少對話，其中多少未讀
help-show = 顯示對話
help-conversation = 對話，以 list 顯示的短識別碼指定
help-conversations = 對話，以 list 顯示的短識別碼指定；多個對話以逗號分隔
help-send = 回覆顧客；先存到磁碟，再送出
help-send-discount = 分享折扣：折扣碼，只有可分享折扣的人看得到
help-send-draft-order = 分享訂單草稿：訂單編號，只有可建立訂單草稿的人看得到
help-send-details = 關於分享內容的其他說明
help-text = 要說的內容；省略時由標準輸入讀取
help-draft = 顯示您開始寫給顧客的內容，或開始撰寫
help-draft-text = 目前寫好的內容；空白文字會移除草稿
help-star = 為所有人將對話標示為需要跟進
help-unstar = 對話不再需要跟進
help-unread = 將對話標示為未讀，只對您自己有效
help-join = 將對話指派給您自己
help-tag = 為顧客分類：add、remove
help-tag-add = 為對話的顧客加上標籤
help-tag-remove = 移除對話的顧客的標籤
help-tag-word = 標籤，最多 40 個字元
help-note = 團隊彼此記錄的顧客備註：list、add、edit、delete
help-note-list = 顯示對話的顧客的備註
help-note-add = 為對話的顧客寫下備註
help-note-edit = 變更備註的內容
help-note-delete = 刪除備註
help-message = 修改、刪除或收回自己的回覆
help-message-id = 訊息，以 show --json 顯示的識別碼結尾指定
help-message-edit = 修改已送出訊息的內容（需頻道支援）
help-message-delete = 刪除已送出的訊息（需頻道支援）
help-message-take-back = 收回顧客尚未收到的回覆
help-note-id = 備註，以 note list 顯示的短識別碼指定
help-undo = 復原變更，從最後一項開始
help-change = 變更，以執行時的識別碼指定
help-close = 關閉對話
help-reopen = 重新開啟對話
help-assign = 指派對話
help-assignee = 指派給誰：同事的名字、地址或識別碼；「me」代表您自己
help-unassign = 取消指派
help-read = 將對話標示為已讀
help-outbox = 等待送出的內容，以及未送出的內容與原因
help-outbox-entry = 等待中或未送出的項目，以 outbox 第一欄的短識別碼指定
help-outbox-retry = 重新送出未送出的內容
help-outbox-edit = 修改未送出內容的文字並送出
help-outbox-delete = 刪除未送出的內容，或收回等待中的內容
help-unsent = 登出會刪除的內容，以文字輸出供另外保存
help-notices = 這個設定檔發生過的事：資料庫損壞、裝置被移除
help-notices-dismiss = 不再提示；先前保留的損壞資料庫會被刪除
help-accounts = 這個設定檔以及其資料夾內各設定檔的登入者
help-sign-out = 登出：從這台機器刪除此人的所有資料
help-sign-out-send = 先送出尚未傳送的內容
help-sign-out-delete = 連同尚未傳送的內容一併刪除
help-sync = 送出等待中的內容並取得新內容
help-watch = 即時顯示訊息，並逐行回覆

serve-listening = 正在監聽 { $url }

demo-shop-name = Juniper & Clay
demo-ready = 示範商店已開張。
demo-customer = 以顧客身分：在瀏覽器中開啟 { $url }，並在底部角落的聊天中寫訊息。
demo-answer = 以團隊身分：您是 { $name }。輸入 /list，再輸入 /open 和短識別碼；之後輸入的內容就是您的回覆。輸入 /help 查看更多。
demo-others = 其他可以登入的人：{ $list }。密碼都是 { $password }
demo-data = 所有內容都保存在 { $folder }
demo-local-only = 示範使用公開的密碼，因此只在這台電腦上監聽。請使用 127.0.0.1:8077 之類的位址。

inbox-empty = 這裡還沒有對話。顧客傳來訊息後就會出現在這裡。
inbox-empty-filter = 沒有符合此篩選條件的對話。
inbox-signed-in = 已以 { $name } 的身分登入 { $shop }。
inbox-signed-out = 已登出。這裡的所有資料都已刪除。
inbox-account = { $shop }，{ $name }，{ $server }
inbox-account-ended = { $shop }，{ $name }，{ $server }：請重新登入
inbox-password-prompt = 密碼：{ " " }
inbox-kept-offline = 已保留。恢復連線後就會送出（shopbell inbox … sync）。
inbox-kept-unreachable = 已保留。無法連線到伺服器，恢復後就會送出（shopbell inbox … sync）。
inbox-sent = 已送出。
inbox-done = 已完成。
inbox-undo = 若要復原：shopbell inbox undo { $changes }
inbox-refused = 未執行：{ $reason }
inbox-outbox-empty = 沒有等待中的內容。您寫的都已送出。
inbox-outbox-waiting = 等待中
inbox-outbox-cancelling = 正在收回
inbox-outbox-not-sent = 未送出
inbox-outbox-set-aside = 因程式錯誤而擱置
inbox-synced = 已是最新狀態。
inbox-synced-waiting = { $count ->
   *[other] 還有 { $count } 項變更等待中。
}
inbox-gap = { $count ->
   *[other] … 有 { $count } 則較早的訊息尚未載入
}
inbox-unread = { $count ->
   *[other] { $count } 則新訊息
}
inbox-marked-unread = 已標示為未讀
inbox-waiting = { $count } 則等待中
inbox-not-sent = 未送出
inbox-closed = 已關閉
inbox-no-such = 沒有以「{ $id }」結尾的對話。短識別碼在 list 的第一欄。
inbox-ambiguous = 有多個對話以「{ $id }」結尾。請輸入更長的識別碼：{ $choices }
inbox-no-such-note = 這位顧客沒有以「{ $id }」結尾的備註，或不只一則。短識別碼在 note list 的第一欄。
inbox-no-such-message = 這個對話中沒有以「{ $id }」結尾的訊息，或不只一則。識別碼在 show --json 中。
inbox-no-such-entry = 沒有以「{ $id }」結尾的等待中或未送出項目，或不只一項。短識別碼在 outbox 的第一欄。
inbox-no-such-channel = 沒有名為「{ $name }」的頻道。頻道：{ $choices }
inbox-no-notes = 這位顧客還沒有備註。
inbox-note-conflict = 同事同時變更了這則備註
inbox-bad-period = 「{ $period }」不是時間。格式如 90m、12h 或 7d。
inbox-search-empty = 這裡沒有內容包含所有這些字詞。
inbox-search-more = 這裡還有更多：以 --limit 顯示更多。
inbox-search-not-complete = 更新之前儲存的內容仍在準備中：請一分鐘後再搜尋。
inbox-search-on-server = 伺服器上有更舊的對話：以 --older 取回。
inbox-search-more-older = 伺服器還有更舊的內容：使用更多字詞即可找到。
inbox-search-no-more-older = 伺服器沒有更多內容了。
inbox-count-open = 開啟 { $count }，未讀 { $unread }
inbox-count-mine = 我的 { $count }
inbox-count-unassigned = 未指派 { $count }
inbox-count-starred = 需跟進 { $count }
inbox-count-closed = 已關閉 { $count }
inbox-count-not-sent = 有未送出的回覆 { $count }
inbox-count-channel = { $name }：開啟 { $count }，未讀 { $unread }
inbox-no-such-staff = 這裡沒有人叫「{ $name }」。團隊成員：{ $choices }
inbox-offline-line = 離線：顯示此處儲存的內容。

watch-hello = 正以 { $name } 的身分觀看 { $shop }。輸入 /help 查看可用的命令。
watch-connected = 已連線。
watch-disconnected = 目前離線。您可以繼續閱讀和回覆，伺服器恢復後就會送出。
watch-opened = { $short }  { $name }。現在輸入的內容會送給 { $name }；輸入 /back 離開。
watch-nobody = 這要給誰？請輸入 /list，再輸入 /open 和短識別碼。您的文字未送出：{ $text }
watch-unknown = 沒有「{ $command }」。輸入 /help 查看可用的命令。
watch-help =
    /list            列出對話，最新的在前
    /open ID         開啟一個對話；之後輸入的每一行都是回覆
    /back            離開對話
    /close  /reopen  目前開啟的對話，或：/close ID
    /join            指派給自己
    /assign 名字     指派給同事     /unassign
    /outbox          等待中與未送出的內容
    /quit            離開；等待中的內容會保留
watch-bye = { $count ->
    [0] 再見。沒有等待中的內容。
   *[other] 再見。有 { $count } 項變更在此等待，下次會送出。
}

admin-shop-added = 已新增 { $name }（{ $id }）。
admin-shop-key = 網頁使用的公開金鑰：{ $key }
admin-shop-embed = 請將此行放在每個頁面的 body 結尾之前：
admin-channel-added = 已新增網頁聊天 { $name }（{ $id }）。
admin-no-key = （沒有金鑰）
admin-staff-added = 已新增 { $name }（{ $id }）。
admin-staff-updated = { $name } 現在的權限：{ $permissions }
admin-password-set = 密碼已設定。{ $name } 必須在所有裝置上重新登入。
admin-staff-removed = 已移除 { $name }。其裝置下次連線時會刪除所有資料。
admin-device-removed = 已移除。該裝置下次連線時會刪除所有資料。
admin-backed-up = 所有資料都在 { $file }。
admin-restored = 已還原 { $file }。請啟動伺服器：手機會帶回之後的內容。
admin-restored-kept = 先前的資料庫已保留：{ $file }
admin-which-shop = 這裡有多間商店。請以 --shop 指定：{ $shops }
admin-no-shop = 這裡還沒有商店。請新增：shopbell admin --data … shop add --name …
admin-no-staff = 這間商店沒有人使用地址 { $email }。
admin-nothing = 無
admin-which-data = 請以 --data 指定伺服器：存放其資料庫的資料夾。

cli-failed = { $reason }
cli-stdin-empty = 標準輸入沒有任何內容。
cli-bad-id = 「{ $id }」不是識別碼。正確的格式例如 0190a8f2-5c1e-7b7a-9a53-0d5f3c1e2b4a。
demo-preparing = 正在準備示範商店 …

# 說明與用法。
help-usage = 用法：
help-commands = 命令
help-arguments = 引數
help-options = 選項
help-command-place = 命令
help-default = [預設：{ $value }]
help-environment = [環境變數：{ $name }]
help-choices = [可用值：{ $values }]
help-help = 顯示此說明
help-version = 顯示版本
help-lang = 使用的語言；未指定時依環境而定（SHOPBELL_LANG、LC_ALL、LC_MESSAGES、LANG）
usage-unknown-argument = 這裡沒有「{ $argument }」。
usage-unknown-command = 這裡沒有命令「{ $command }」。
usage-wrong-value = 「{ $value }」不適用於 { $argument }。
usage-choices = 可用值：{ $values }
usage-no-value = { $argument } 需要一個值。
usage-missing = 缺少：{ $arguments }
usage-missing-command = 請說明要做什麼，使用下列命令之一：{ $commands }
usage-twice = { $argument } 只能指定一次。
usage-unreadable = 無法讀取命令列。
usage-help = 使用方法：{ $command } --help

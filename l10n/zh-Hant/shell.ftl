### 應用程式自身的文字：標題、動作、標籤、狀態。

## Actions
action-assign = 指派
action-back = 返回
action-cancel = 取消
action-close = 關閉
action-copy = 拷貝
action-delete = 刪除
action-edit = 編輯
action-mark-unread = 標示為未讀
action-more = 更多動作
action-reopen = 重新開啟
action-retry = 再試一次
action-save = 儲存
action-send = 傳送
action-star = 加星號
action-unassign = 取消指派
action-undo = 復原
action-unstar = 移除星號

## States
loading = 載入中
signed-out-title = 您已登出
signed-out-text = 請重新登入以繼續。您寫的所有內容都已保留。
no-permission-title = 您沒有檢視權限
no-permission-text = 商店擁有者可以為您開啟。

## Sign in
sign-in-title = 登入
sign-in-server = 伺服器位址
sign-in-email = 電子郵件
sign-in-password = 密碼
sign-in-button = 登入
sign-in-forgotten = 忘記密碼？
sign-in-google = 使用 Google 繼續
sign-in-locked = 嘗試次數過多。請於 { $time } 再試。
sign-in-choose-shop = 選擇商店
sign-in-working = 登入中…

## Inbox
inbox-title = 收件匣
inbox-search = 搜尋姓名、標籤與訊息
inbox-search-older = 搜尋較舊的對話
inbox-search-nothing = 找不到「{ $query }」的結果。
inbox-tab-all = 全部
inbox-filter-all = 全部
inbox-filter-mine = 我的
inbox-filter-unassigned = 未指派
inbox-filter-starred = 已加星號
inbox-filter-closed = 已關閉
inbox-filter-not-sent = 未送出
inbox-filter-tag = 標籤
inbox-filter-agent = 客服人員
inbox-filter-group = 群組
inbox-filter-period = 期間
inbox-filter-rating = 評分
inbox-filter-clear = 清除篩選條件
inbox-empty-title = 還沒有對話
inbox-empty-text = 顧客傳來訊息後就會出現在這裡。
inbox-filter-nothing = 沒有符合這些篩選條件的對話。
inbox-row-draft = 草稿：{ $text }
inbox-row-time-left = 回覆時限剩餘 { $time }
inbox-row-unread = { $count ->
   *[other] { $count } 則未讀訊息
}
inbox-row-more-topics = { $count ->
   *[other] 另有 { $count } 個主題
}
inbox-selected = { $count ->
   *[other] 已選取 { $count } 個對話
}
inbox-closed-undo = { $count ->
   *[other] 已關閉 { $count } 個對話
}
inbox-reopened-undo = { $count ->
   *[other] 已重新開啟 { $count } 個對話
}
presence-online = 線上
presence-offline = 離線
presence-back-at = { $time } 回來

## Conversation
conversation-online = 線上
conversation-left-email = 已離開。您的回覆將以電子郵件寄到 { $email }
conversation-left = 已離開。回來時會看到您的回覆
conversation-local-time = 當地時間 { $time }
conversation-empty = 還沒有訊息。
conversation-gap = { $count ->
   *[other] { $count } 則較早的訊息：載入
}
conversation-new-below = { $count ->
   *[other] { $count } 則新訊息
}
conversation-typing = { $name } 正在輸入…
conversation-viewing = { $name } 正在檢視
conversation-tags = 標籤
conversation-profile = 個人檔案
conversation-block = 封鎖
conversation-today = 今天
conversation-yesterday = 昨天
event-greeting = 已傳送問候語
event-cart = 購物車已變更
event-assigned = 已指派給 { $name }
event-unassigned = 已取消指派
event-closed = { $name } 已關閉對話
event-reopened = { $name } 已重新開啟對話
message-waiting = 等待中
message-sent = 已送出
message-delivered = 已送達
message-read = 已讀
message-not-sent = 未送出：{ $reason }
message-unknown = 可能未送達
composer-placeholder = 輸入回覆
composer-add = 加入
composer-photo = 照片
composer-camera = 相機
composer-product = 商品
composer-discount = 折扣
composer-order = 訂單
composer-chat = 聊天
composer-email = 電子郵件
composer-window-left = 此頻道的回覆時限剩餘 { $time }
saved-replies-suggested = 罐頭回覆

## Customer
customer-title = 顧客
customer-new = 新顧客
customer-returning = 回頭客
customer-information = 資訊
customer-email = 電子郵件
customer-phone = 電話
customer-place = 地點
customer-local-time = 當地時間
customer-since = 自 { $date } 起的顧客
customer-spent = 消費總額
customer-tier = 等級
customer-orders = 訂單
customer-orders-all = 所有訂單
customer-orders-none = 最近 60 天沒有訂單
customer-notes = 備註
customer-note-add = 新增備註
customer-note-by = { $name }，{ $time }
customer-note-delete = 要刪除這則備註嗎？
customer-tags = 標籤
customer-tag-add = 新增標籤
customer-this-conversation = 此對話
customer-began = { $time } 於 { $channel } 開始
customer-earlier = 先前的對話
customer-visits = 造訪
customer-browsing = 瀏覽過的頁面
customer-open-admin = 在商店後台開啟
customer-as-of = 截至 { $time }
customer-copied = 已拷貝

## Settings
settings-title = 設定
settings-profile = 個人檔案與狀態
settings-availability = 服務時間
settings-saved-replies = 罐頭回覆
settings-notifications = 通知
settings-chat-apps = 聊天應用程式
settings-devices = 裝置
settings-device-this = 此裝置
settings-device-sign-out = 登出此裝置
settings-appearance = 外觀
settings-appearance-system = 依系統設定
settings-appearance-light = 淺色
settings-appearance-dark = 深色
settings-language = 語言
settings-help = 說明
settings-about = 關於
settings-sign-out = 登出
settings-sign-out-unsent = { $count ->
   *[other] 還有 { $count } 則回覆未送出。請在登出前等待送出或將其匯出。
}
settings-sign-out-wait = 等待
settings-sign-out-export = 匯出

### 線上聊天：商店顧客看到和聽到的文字。

## The button
launcher = 與我們聊聊
launcher-unread = { $count ->
   *[other] 與我們聊聊，{ $count } 則未讀訊息
}

## The panel's head
panel = 與 { $shop } 聊天
close = 關閉聊天
somebody-there = 線上
nobody-there = 我們會儘快回覆您

## What stands above the messages
offline = 沒有網路連線。您可以繼續撰寫，恢復連線後就會送出。
offline-waiting = { $count ->
   *[other] 沒有網路連線。恢復連線後將送出 { $count } 則訊息。
}
not-kept = 此瀏覽器不允許我們保存對話。關閉此頁面後，對話就會消失。
older-not-shown = 較舊的訊息不再顯示於此，但商店仍保有這些訊息。

## The messages
messages = 訊息
empty = 有任何問題都歡迎提出，我們會閱讀每一則訊息。
you = 您
new-below = { $count ->
   *[other] { $count } 則新訊息
}
message-arrived = { $who } 傳來新訊息
edited = 已編輯
deleted = 訊息已刪除
message-edited = { $who } 編輯了一則訊息：{ $text }
message-deleted = { $who } 刪除了一則訊息

## The state of one's own message
sending = 傳送中…
waiting = 恢復連線後就會送出
sent = 已送出
refused-too-long = 未送出：訊息超過 { $limit } 個字元。您的文字已保留。
refused = 未送出：商店無法接收這則訊息。您的文字已保留。
retry = 再試一次
edit = 編輯

## Writing
field = 您的訊息
placeholder = 輸入訊息
send = 送出
characters-left = { $count ->
   *[other] 還可輸入 { $count } 個字元
}
characters-over = { $count ->
   *[other] 超出 { $count } 個字元。請縮短您的訊息。
}

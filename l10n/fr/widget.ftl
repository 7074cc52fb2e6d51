### Le chat : ce que le client de la boutique voit et entend.

## The button
launcher = Discuter avec nous
launcher-unread = { $count ->
    [one] Discuter avec nous, { $count } message non lu
    [many] Discuter avec nous, { $count } de messages non lus
   *[other] Discuter avec nous, { $count } messages non lus
}

## The panel's head
panel = Discussion avec { $shop }
close = Fermer le chat
somebody-there = En ligne
nobody-there = Nous répondrons dès que possible

## What stands above the messages
offline = Pas de connexion. Vous pouvez continuer à écrire : vos messages partiront dès son retour.
offline-waiting = { $count ->
    [one] Pas de connexion. { $count } message partira dès son retour.
    [many] Pas de connexion. { $count } de messages partiront dès son retour.
   *[other] Pas de connexion. { $count } messages partiront dès son retour.
}
not-kept = Ce navigateur ne nous permet pas de conserver la conversation. Elle disparaîtra quand vous fermerez cette page.
older-not-shown = Les messages plus anciens ne sont plus affichés ici. La boutique les a toujours.

## The messages
messages = Messages
empty = Posez-nous vos questions. Nous lisons chaque message.
you = Vous
new-below = { $count ->
    [one] { $count } nouveau message
    [many] { $count } de nouveaux messages
   *[other] { $count } nouveaux messages
}
message-arrived = Nouveau message de { $who }
edited = Modifié
deleted = Message supprimé
message-edited = { $who } a modifié un message : { $text }
message-deleted = { $who } a supprimé un message

## The state of one's own message
sending = Envoi…
waiting = Sera envoyé à votre retour en ligne
sent = Envoyé
refused-too-long = Non envoyé : le message dépasse { $limit } caractères. Votre texte est conservé.
refused = Non envoyé : la boutique n’a pas pu accepter ce message. Votre texte est conservé.
retry = Réessayer
edit = Modifier

## Writing
field = Votre message
placeholder = Écrivez un message
send = Envoyer
characters-left = { $count ->
    [one] { $count } caractère restant
    [many] { $count } de caractères restants
   *[other] { $count } caractères restants
}
characters-over = { $count ->
    [one] { $count } caractère de trop. Merci de raccourcir votre message.
    [many] { $count } de caractères de trop. Merci de raccourcir votre message.
   *[other] { $count } caractères de trop. Merci de raccourcir votre message.
}

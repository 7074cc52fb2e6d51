### Ce que disent les applications elles-mêmes : titres, actions, libellés, états.

## Actions
action-assign = Attribuer
action-back = Retour
action-cancel = Annuler
action-close = Fermer
action-copy = Copier
action-delete = Supprimer
action-edit = Modifier
action-mark-unread = Marquer comme non lue
action-more = Autres actions
action-reopen = Rouvrir
action-retry = Réessayer
action-save = Enregistrer
action-send = Envoyer
action-star = Ajouter aux favoris
action-unassign = Retirer l’attribution
action-undo = Annuler l’action
action-unstar = Retirer des favoris

## States
loading = Chargement
signed-out-title = Vous êtes déconnecté
signed-out-text = Reconnectez-vous pour continuer. Tout ce que vous avez écrit est conservé.
no-permission-title = Vous n’avez pas accès à cette page
no-permission-text = Le propriétaire de la boutique peut vous en donner le droit.

## Sign in
sign-in-title = Connexion
sign-in-server = Adresse du serveur
sign-in-email = E-mail
sign-in-password = Mot de passe
sign-in-button = Se connecter
sign-in-forgotten = Mot de passe oublié ?
sign-in-google = Continuer avec Google
sign-in-locked = Trop de tentatives. Réessayez à { $time }.
sign-in-choose-shop = Choisissez une boutique
sign-in-working = Connexion…

## Inbox
inbox-title = Boîte de réception
inbox-search = Rechercher noms, étiquettes et messages
inbox-search-older = Rechercher dans les conversations plus anciennes
inbox-search-nothing = Aucun résultat pour « { $query } ».
inbox-tab-all = Tous
inbox-filter-all = Toutes
inbox-filter-mine = Les miennes
inbox-filter-unassigned = Non attribuées
inbox-filter-starred = Favoris
inbox-filter-closed = Fermées
inbox-filter-not-sent = Non envoyés
inbox-filter-tag = Étiquette
inbox-filter-agent = Agent
inbox-filter-group = Groupe
inbox-filter-period = Période
inbox-filter-rating = Évaluation
inbox-filter-clear = Effacer les filtres
inbox-empty-title = Pas encore de conversation
inbox-empty-text = Quand un client écrira, elle apparaîtra ici.
inbox-filter-nothing = Rien ne correspond à ces filtres.
inbox-row-draft = Brouillon : { $text }
inbox-row-time-left = Encore { $time } pour répondre
inbox-row-unread = { $count ->
    [one] { $count } message non lu
    [many] { $count } de messages non lus
   *[other] { $count } messages non lus
}
inbox-row-more-topics = { $count ->
    [one] { $count } autre sujet
    [many] { $count } d’autres sujets
   *[other] { $count } autres sujets
}
inbox-selected = { $count ->
    [one] { $count } conversation sélectionnée
    [many] { $count } de conversations sélectionnées
   *[other] { $count } conversations sélectionnées
}
inbox-closed-undo = { $count ->
    [one] { $count } conversation fermée
    [many] { $count } de conversations fermées
   *[other] { $count } conversations fermées
}
inbox-reopened-undo = { $count ->
    [one] { $count } conversation rouverte
    [many] { $count } de conversations rouvertes
   *[other] { $count } conversations rouvertes
}
presence-online = En ligne
presence-offline = Hors ligne
presence-back-at = De retour à { $time }

## Conversation
conversation-online = En ligne
conversation-left-email = N’est plus là. Votre réponse sera envoyée par e-mail à { $email }
conversation-left = N’est plus là. Verra votre réponse à son retour
conversation-local-time = { $time } sur place
conversation-empty = Pas encore de message.
conversation-gap = { $count ->
    [one] { $count } message antérieur : charger
    [many] { $count } de messages antérieurs : charger
   *[other] { $count } messages antérieurs : charger
}
conversation-new-below = { $count ->
    [one] { $count } nouveau
    [many] { $count } de nouveaux
   *[other] { $count } nouveaux
}
conversation-typing = { $name } est en train d’écrire…
conversation-viewing = { $name } consulte cette conversation
conversation-tags = Étiquettes
conversation-profile = Profil
conversation-block = Bloquer
conversation-today = Aujourd’hui
conversation-yesterday = Hier
event-greeting = Message d’accueil envoyé
event-cart = Panier modifié
event-assigned = Attribuée à { $name }
event-unassigned = Attribution retirée
event-closed = Fermée par { $name }
event-reopened = Rouverte par { $name }
message-waiting = En attente
message-sent = Envoyé
message-delivered = Distribué
message-read = Lu
message-not-sent = Non envoyé : { $reason }
message-unknown = N’est peut-être pas arrivé
composer-placeholder = Écrivez une réponse
composer-add = Ajouter
composer-photo = Photo
composer-camera = Appareil photo
composer-product = Produit
composer-discount = Réduction
composer-order = Commande
composer-chat = Chat
composer-email = E-mail
composer-window-left = Encore { $time } pour répondre sur ce canal
saved-replies-suggested = Réponses enregistrées

## Customer
customer-title = Client
customer-new = Nouveau client
customer-returning = Client fidèle
customer-information = Informations
customer-email = E-mail
customer-phone = Téléphone
customer-place = Lieu
customer-local-time = Heure locale
customer-since = Client depuis { $date }
customer-spent = Total dépensé
customer-tier = Niveau
customer-orders = Commandes
customer-orders-all = Toutes les commandes
customer-orders-none = Aucune commande ces 60 derniers jours
customer-notes = Notes
customer-note-add = Ajouter une note
customer-note-by = { $name }, { $time }
customer-note-delete = Supprimer cette note ?
customer-tags = Étiquettes
customer-tag-add = Ajouter une étiquette
customer-this-conversation = Cette conversation
customer-began = Commencée { $time } sur { $channel }
customer-earlier = Conversations antérieures
customer-visits = Visites
customer-browsing = Pages consultées
customer-open-admin = Ouvrir dans l’administration de la boutique
customer-as-of = Situation à { $time }
customer-copied = Copié

## Settings
settings-title = Réglages
settings-profile = Profil et présence
settings-availability = Disponibilité
settings-saved-replies = Réponses enregistrées
settings-notifications = Notifications
settings-chat-apps = Applications de chat
settings-devices = Appareils
settings-device-this = Cet appareil
settings-device-sign-out = Déconnecter cet appareil
settings-appearance = Apparence
settings-appearance-system = Comme le système
settings-appearance-light = Claire
settings-appearance-dark = Sombre
settings-language = Langue
settings-help = Aide
settings-about = À propos
settings-sign-out = Se déconnecter
settings-sign-out-unsent = { $count ->
    [one] { $count } réponse n’est pas encore envoyée. Attendez qu’elle parte, ou exportez-la avant de vous déconnecter.
    [many] { $count } de réponses ne sont pas encore envoyées. Attendez qu’elles partent, ou exportez-les avant de vous déconnecter.
   *[other] { $count } réponses ne sont pas encore envoyées. Attendez qu’elles partent, ou exportez-les avant de vous déconnecter.
}
settings-sign-out-wait = Attendre
settings-sign-out-export = Exporter

# Ce que dit la ligne de commande.

cli-about = Shopbell : répondre aux clients d’une boutique, avec ou sans réseau.
cli-more =
    Pour essayer : shopbell demo ouvre une boutique avec son chat et montre quoi taper.
    Chaque commande s’explique elle-même : shopbell inbox send --help

help-serve = Lancer le serveur auquel parlent les canaux des clients et les téléphones de l’équipe
help-serve-more = Exemple : shopbell serve --data /var/lib/shopbell --listen 127.0.0.1:8080
help-data = Le dossier qui contient la base de données et la clé du serveur ; créé s’il n’existe pas
help-listen = L’adresse et le port d’écoute
help-public-url = L’adresse à laquelle clients et équipe joignent ce serveur de l’extérieur, par exemple https://chat.example.com
help-trusted-proxy = L’adresse d’un proxy dont l’en-tête X-Forwarded-For est digne de confiance (peut être répété)
help-demo-shop = Servir aussi deux pages, sous /shop/, qui intègrent le chat de la boutique ayant cette clé publique
help-log-json = Journaliser en JSON, une ligne par événement

help-demo = Une boutique fictive avec quarante conversations, son chat et vous au comptoir
help-demo-more =
    Démarre un serveur sur cette machine, affiche l’adresse de la page de la boutique, puis suit la boîte de réception de Theo, qui répond.
    Écrivez à la boutique dans un navigateur ; répondez ici. Tout reste dans le dossier de données : supprimez-le pour recommencer.
help-headless = Pour les scripts : afficher une ligne de JSON sur la démo, puis tourner jusqu’à l’ordre d’arrêt

help-admin = Gérer les boutiques et l’équipe sur cette machine, sauvegarder et restaurer, que le serveur tourne ou non
help-admin-shop = Boutiques : add, list
help-admin-shop-add = Ajouter une boutique ; affiche la clé publique que ses pages intègrent
help-admin-shop-list = Lister les boutiques
help-admin-channel = Canaux d’une boutique : add, list
help-admin-channel-add = Ajouter un autre chat web à une boutique ; affiche sa propre clé publique
help-admin-channel-list = Lister les canaux d’une boutique et leurs clés publiques
help-admin-staff = Équipe : add, list, permit, password, remove
help-admin-staff-add = Ajouter une personne ; le mot de passe est lu sur l’entrée standard
help-admin-staff-list = Lister l’équipe d’une boutique
help-admin-staff-permit = Définir ce qu’une personne peut faire
help-admin-staff-password = Définir un nouveau mot de passe, lu sur l’entrée standard ; les sessions de la personne prennent fin
help-admin-staff-remove = Retirer une personne ; ses appareils effacent tout à leur prochain contact
help-admin-device = Appareils de l’équipe d’une boutique : list, remove
help-admin-device-list = Lister les appareils qui se sont connectés
help-admin-device-remove = Retirer un appareil ; il efface tout à son prochain contact
help-device = L’appareil, par l’identifiant qu’affiche device list
help-admin-backup = Tout écrire dans un seul fichier, pendant que le serveur continue
help-backup-file = Où l’écrire ; une sauvegarde qui s’y trouve est remplacée
help-admin-restore = Mettre une sauvegarde à la place de la base ; le serveur doit être arrêté
help-restore-file = La sauvegarde
help-name = Ce que voient les clients et les collègues
help-channel-name = Ce que les collègues voient au-dessus de la liste des conversations
help-origin = Une origine web dont les pages peuvent intégrer le chat, par exemple https://juniper.example (peut être répété)
help-shop = La boutique, par son identifiant ; inutile s’il n’y en a qu’une
help-email = L’adresse avec laquelle la personne se connecte
help-permission = L’une de : chat, customers, products, discounts, draft_orders, apps, full (peut être répété)
help-owner = La boutique lui appartient ; cette personne peut tout faire

help-inbox = Lire et répondre aux clients depuis ce terminal, avec le même noyau que les applications mobiles
help-inbox-more =
    Un profil est un dossier qui retient la boîte de réception d’une personne sur cette machine, comme le fait un téléphone.
    { "  " }shopbell inbox --profile ~/theo login --server http://127.0.0.1:8080 --email theo@juniper.example
    { "  " }shopbell inbox --profile ~/theo watch
    Une conversation se désigne par l’identifiant court qu’affiche list, ou par toute fin plus longue de l’identifiant complet.
help-profile = Le dossier de la boîte de réception de cette personne ; créé s’il n’existe pas
help-offline = Ne pas toucher au réseau : lire ce qui est stocké, conserver ce qui est écrit
help-json = Afficher du JSON pour les scripts
help-login = Se connecter ; le mot de passe est lu sur l’entrée standard
help-server = L’adresse du serveur, par exemple http://127.0.0.1:8080
help-login-shop = Quelle boutique, si l’adresse est valable dans plusieurs (son identifiant)
help-list = Lister les conversations, les plus récentes d’abord
help-filter = Lesquelles
help-sort = Dans quel ordre
help-channel = Seulement celles de ce canal, par son nom
help-by-tag = Seulement celles des clients qui portent cette étiquette
help-agent = Seulement celles attribuées à ce collègue : nom, adresse ou identifiant ; « me » pour vous-même
help-since = Seulement celles qui ont un message dans cette durée : 90m, 12h, 7d
help-until = Seulement celles sans message dans cette durée : 90m, 12h, 7d
help-limit = Combien au plus
help-search = Trouver noms, étiquettes, notes et messages, les plus récents d’abord
help-search-words = Ce qu’il faut chercher ; tous les mots doivent y être, le dernier peut n’être qu’un début
help-search-older = Aller aussi chercher ce que seul le serveur possède
help-counts = Combien de conversations compte chaque liste, et combien ne sont pas lues
help-show = Afficher une conversation
help-conversation = La conversation, par l’identifiant court qu’affiche list
help-conversations = La conversation, par l’identifiant court qu’affiche list ; plusieurs, séparées par des virgules
help-send = Répondre à un client ; conservé d’abord sur le disque, puis envoyé
help-send-discount = Partager une réduction : son code, que seules voient les personnes qui peuvent partager des réductions
help-send-draft-order = Partager une commande provisoire : son numéro, que seules voient les personnes qui peuvent en créer
help-send-details = Ce qu’il y a d’autre à dire de ce qui est partagé
help-text = Ce qu’il faut dire ; lu sur l’entrée standard si absent
help-draft = Montrer ce que vous avez commencé à écrire à un client, ou commencer
help-draft-text = Ce qui est écrit jusqu’ici ; un texte vide enlève le brouillon
help-star = Marquer une conversation comme à suivre, pour tout le monde
help-unstar = La conversation n’est plus à suivre
help-unread = Marquer une conversation comme non lue, pour vous seul
help-join = Vous attribuer une conversation
help-tag = Trier les clients : add, remove
help-tag-add = Donner une étiquette au client d’une conversation
help-tag-remove = Retirer une étiquette au client d’une conversation
help-tag-word = L’étiquette, 40 caractères au plus
help-note = Ce que l’équipe note sur un client, entre elle : list, add, edit, delete
help-note-list = Afficher les notes sur le client d’une conversation
help-note-add = Noter quelque chose sur le client d’une conversation
help-note-edit = Changer le texte d’une note
help-note-delete = Supprimer une note
help-message = Modifier une réponse que vous avez écrite, la supprimer ou en annuler l’envoi
help-message-id = Le message, par la fin de son identifiant, comme le donne show --json
help-message-edit = Modifier le texte d’un message envoyé, si le canal le permet
help-message-delete = Supprimer un message envoyé, si le canal le permet
help-message-take-back = Annuler l’envoi d’une réponse que le client n’a pas encore
help-note-id = La note, par l’identifiant court qu’affiche note list
help-undo = Annuler des changements, le dernier d’abord
help-change = Le changement, par l’identifiant sous lequel il a été fait
help-close = Fermer une conversation
help-reopen = Rouvrir une conversation
help-assign = Attribuer une conversation
help-assignee = À qui : le nom, l’adresse ou l’identifiant d’un collègue ; « me » pour vous-même
help-unassign = Retirer l’attribution
help-read = Marquer une conversation comme lue
help-outbox = Ce qui attend d’être envoyé et ce qui n’a pas été envoyé, avec la raison
help-outbox-entry = Ce qui attend ou n’a pas été envoyé, par l’identifiant court de la première colonne de outbox
help-outbox-retry = Renvoyer ce qui n’a pas été envoyé
help-outbox-edit = Modifier le texte de ce qui n’a pas été envoyé et l’envoyer
help-outbox-delete = Supprimer ce qui n’a pas été envoyé, ou annuler l’envoi de ce qui attend
help-unsent = Ce que la déconnexion supprimerait, sous forme de texte à conserver ailleurs
help-notices = Ce qui est arrivé à ce profil : base de données endommagée, appareil retiré
help-notices-dismiss = Ne plus le dire ; une base endommagée mise de côté est supprimée
help-accounts = Qui est connecté dans ce profil et dans les profils de son dossier
help-sign-out = Se déconnecter : tout ce qui est à cette personne est supprimé de cette machine
help-sign-out-send = Envoyer d’abord ce qui n’est pas encore envoyé
help-sign-out-delete = Supprimer aussi ce qui n’est pas encore envoyé
help-sync = Envoyer ce qui attend et récupérer les nouveautés
help-watch = Afficher les messages à mesure qu’ils arrivent et y répondre, ligne par ligne

serve-listening = À l’écoute sur { $url }

demo-shop-name = Juniper & Clay
demo-ready = La boutique de démonstration est ouverte.
demo-customer = Comme client : ouvrez { $url } dans un navigateur et écrivez dans le chat, dans le coin inférieur.
demo-answer = Comme membre de l’équipe : vous êtes { $name }. Tapez /list, puis /open et un identifiant court ; ce que vous tapez ensuite est votre réponse. /help en dit plus.
demo-others = Autres personnes qui peuvent se connecter : { $list }. Leur mot de passe à toutes est { $password }
demo-data = Tout est conservé dans { $folder }
demo-local-only = La démo a des mots de passe connus et n’écoute donc que sur cette machine. Utilisez une adresse comme 127.0.0.1:8077.

inbox-empty = Pas encore de conversation ici. Quand un client écrira, elle apparaîtra ici.
inbox-empty-filter = Rien ici avec ce filtre.
inbox-signed-in = Connecté à { $shop } en tant que { $name }.
inbox-signed-out = Déconnecté. Tout ce qui se trouvait ici est supprimé.
inbox-account = { $shop }, { $name }, { $server }
inbox-account-ended = { $shop }, { $name }, { $server } : reconnectez-vous
inbox-password-prompt = Mot de passe :{ " " }
inbox-kept-offline = Conservé. L’envoi se fera à votre retour en ligne (shopbell inbox … sync).
inbox-kept-unreachable = Conservé. Le serveur est injoignable ; l’envoi se fera à son retour (shopbell inbox … sync).
inbox-sent = Envoyé.
inbox-done = C’est fait.
inbox-undo = Pour annuler : shopbell inbox undo { $changes }
inbox-refused = Non effectué : { $reason }
inbox-outbox-empty = Rien n’attend. Tout ce que vous avez écrit est envoyé.
inbox-outbox-waiting = en attente
inbox-outbox-cancelling = annulation en cours
inbox-outbox-not-sent = non envoyé
inbox-outbox-set-aside = mis de côté après une erreur du programme
inbox-synced = À jour.
inbox-synced-waiting = { $count ->
    [one] { $count } modification attend encore.
    [many] { $count } de modifications attendent encore.
   *[other] { $count } modifications attendent encore.
}
inbox-gap = { $count ->
    [one] … { $count } message antérieur n’est pas chargé
    [many] … { $count } de messages antérieurs ne sont pas chargés
   *[other] … { $count } messages antérieurs ne sont pas chargés
}
inbox-unread = { $count ->
    [one] { $count } nouveau
    [many] { $count } de nouveaux
   *[other] { $count } nouveaux
}
inbox-marked-unread = marquée comme non lue
inbox-waiting = { $count } en attente
inbox-not-sent = non envoyé
inbox-closed = fermée
inbox-no-such = Aucune conversation ne finit par « { $id } ». Les identifiants courts sont dans la première colonne de list.
inbox-ambiguous = Plusieurs conversations finissent par « { $id } ». Tapez-en davantage : { $choices }
inbox-no-such-note = Aucune note sur ce client, ou plusieurs, ne finit par « { $id } ». Les identifiants courts sont dans la première colonne de note list.
inbox-no-such-message = Aucun message affiché dans cette conversation, ou plusieurs, ne finit par « { $id } ». Les identifiants sont dans show --json.
inbox-no-such-entry = Rien de ce qui attend ou n’a pas été envoyé, ou plusieurs choses, ne finit par « { $id } ». Les identifiants courts sont dans la première colonne de outbox.
inbox-no-such-channel = Aucun canal ne s’appelle « { $name } ». Canaux : { $choices }
inbox-no-notes = Il n’y a pas encore de note sur ce client.
inbox-note-conflict = un collègue a modifié cette note en même temps
inbox-bad-period = « { $period } » n’est pas une durée. Elle s’écrit 90m, 12h ou 7d.
inbox-search-empty = Rien ici ne contient tous ces mots.
inbox-search-more = Il y en a davantage ici : --limit en montre plus.
inbox-search-not-complete = Ce qui était enregistré avant la mise à jour est encore en préparation : cherchez à nouveau dans une minute.
inbox-search-on-server = Le serveur a des conversations plus anciennes : --older les récupère.
inbox-search-more-older = Le serveur en a de plus anciens encore : davantage de mots les trouveront.
inbox-search-no-more-older = Le serveur n’en a pas d’autres.
inbox-count-open = Ouvertes : { $count }, dont non lues : { $unread }
inbox-count-mine = À moi : { $count }
inbox-count-unassigned = Non attribuées : { $count }
inbox-count-starred = À suivre : { $count }
inbox-count-closed = Fermées : { $count }
inbox-count-not-sent = Avec une réponse non envoyée : { $count }
inbox-count-channel = { $name } : ouvertes { $count }, non lues { $unread }
inbox-no-such-staff = Personne ne s’appelle « { $name } » ici. Équipe : { $choices }
inbox-offline-line = Hors ligne : affichage de ce qui est stocké ici.

watch-hello = Boîte de réception de { $shop }, en tant que { $name }. /help montre ce que vous pouvez taper.
watch-connected = Connecté.
watch-disconnected = Hors ligne. Vous pouvez continuer à lire et à répondre ; les réponses partiront au retour du serveur.
watch-opened = { $short }  { $name }. Ce que vous tapez va maintenant à { $name } ; /back pour quitter.
watch-nobody = À qui est-ce destiné ? Tapez /list, puis /open et un identifiant court. Votre texte n’a pas été envoyé : { $text }
watch-unknown = « { $command } » n’existe pas. /help montre ce que vous pouvez taper.
watch-help =
    /list            les conversations, les plus récentes d’abord
    /open ID         en ouvrir une ; chaque ligne tapée ensuite est une réponse
    /back            la quitter
    /close  /reopen  la conversation ouverte, ou : /close ID
    /join            se l’attribuer
    /assign NOM      l’attribuer à un collègue     /unassign
    /outbox          ce qui attend et ce qui n’a pas été envoyé
    /quit            quitter ; ce qui attend est conservé
watch-bye = { $count ->
    [0] Au revoir. Rien n’attend.
    [one] Au revoir. { $count } modification attend ici et partira la prochaine fois.
    [many] Au revoir. { $count } de modifications attendent ici et partiront la prochaine fois.
   *[other] Au revoir. { $count } modifications attendent ici et partiront la prochaine fois.
}

admin-shop-added = { $name } ajoutée ({ $id }).
admin-shop-key = Clé publique pour ses pages : { $key }
admin-shop-embed = Placez ceci avant la fin du body de chaque page :
admin-channel-added = Chat web { $name } ajouté ({ $id }).
admin-no-key = (sans clé)
admin-staff-added = { $name } fait maintenant partie de l’équipe ({ $id }).
admin-staff-updated = { $name } peut maintenant : { $permissions }
admin-password-set = Le mot de passe est défini. { $name } doit se reconnecter partout.
admin-staff-removed = { $name } ne fait plus partie de l’équipe. Ses appareils effaceront tout à leur prochain contact.
admin-device-removed = Appareil retiré. Il effacera tout à son prochain contact.
admin-backed-up = Tout est dans { $file }.
admin-restored = { $file } est restauré. Démarrez le serveur : les téléphones rapportent ce qu’ils savent depuis.
admin-restored-kept = La base précédente est conservée : { $file }
admin-which-shop = Il y a plusieurs boutiques ici. Indiquez laquelle avec --shop : { $shops }
admin-no-shop = Il n’y a pas encore de boutique ici. Ajoutez-en une : shopbell admin --data … shop add --name …
admin-no-staff = Personne dans cette boutique n’a l’adresse { $email }.
admin-nothing = rien
admin-which-data = Indiquez le serveur avec --data : le dossier qui contient sa base de données.

cli-failed = { $reason }
cli-stdin-empty = Rien n’est arrivé sur l’entrée standard.
cli-bad-id = « { $id } » n’est pas un identifiant. Il ressemble à 0190a8f2-5c1e-7b7a-9a53-0d5f3c1e2b4a.
demo-preparing = Préparation de la boutique de démonstration …

# Aide et utilisation.
help-usage = Utilisation :
help-commands = Commandes
help-arguments = Arguments
help-options = Options
help-command-place = ACTION
help-default = [par défaut : { $value }]
help-environment = [environnement : { $name }]
help-choices = [au choix : { $values }]
help-help = Afficher cette aide
help-version = Afficher la version
help-lang = La langue à parler ; sinon celle de l’environnement (SHOPBELL_LANG, LC_ALL, LC_MESSAGES, LANG)
usage-unknown-argument = « { $argument } » n’existe pas ici.
usage-unknown-command = La commande « { $command } » n’existe pas ici.
usage-wrong-value = « { $value } » ne convient pas pour { $argument }.
usage-choices = Valeurs possibles : { $values }
usage-no-value = { $argument } a besoin d’une valeur.
usage-missing = Il manque : { $arguments }
usage-missing-command = Dites quoi faire, avec l’une de ces commandes : { $commands }
usage-twice = { $argument } ne peut être donné qu’une fois.
usage-unreadable = La ligne de commande est illisible.
usage-help = Pour savoir l’utiliser : { $command } --help

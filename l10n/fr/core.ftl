# Ce que le noyau remet aux applications : refus, états, erreurs.

offline-bar = { $count ->
    [0] Hors ligne. Vous pouvez lire et écrire ; les réponses partiront à votre retour en ligne.
    [one] Hors ligne. { $count } réponse partira à votre retour en ligne.
    [many] Hors ligne. { $count } de réponses partiront à votre retour en ligne.
   *[other] Hors ligne. { $count } réponses partiront à votre retour en ligne.
}

visitor-name = Visiteur { $number }
somebody = quelqu’un
customer-word = Client
preview-draft = Brouillon : { $text }

preview-own = Vous : { $text }
preview-colleague = { $name } : { $text }
shared-discount = A partagé une réduction
shared-draft-order = A partagé une commande provisoire
message-was-deleted = Ce message a été supprimé

state-waiting = En attente
state-cancelling = Annulation en cours
state-sending = Envoi en cours
state-sent = Envoyé
state-sent-before-restore = Envoyé avant la restauration
state-unknown = N’est peut-être pas arrivé
state-not-sent = Non envoyé : { $reason }
mark-edited = modifié
mark-brought-back = rapporté par le téléphone de { $name }

refusal-no-permission = Vous n’y êtes pas autorisé. Le propriétaire de la boutique peut vous en donner le droit.
refusal-unknown-conversation = Cette conversation n’existe plus.
refusal-unknown-customer = Ce client n’existe plus.
refusal-too-many-tags = Un client porte au plus { $limit } étiquettes. Retirez-en une, puis ajoutez celle-ci.
refusal-too-many-notes = Il y a au plus { $limit } notes sur un client. Supprimez-en une, puis écrivez celle-ci.
refusal-customer-wrote-since = { $name } a écrit entre-temps. Lisez le message, puis fermez à nouveau.
refusal-changed-since = { $name } a fait une modification avant vous. Regardez à nouveau, puis décidez.
refusal-text-empty = Il n’y a rien à envoyer.
refusal-text-too-long = Le texte dépasse { $limit } caractères. Raccourcissez-le, puis envoyez-le à nouveau.
refusal-unknown-mutation = Le serveur est plus ancien que cette application et ne connaît pas cette action. Votre texte est conservé ; réessayez après la mise à jour du serveur.
refusal-unreadable = Le serveur n’a pas pu lire cette demande. Votre texte est conservé.
refusal-assignee-may-not = { $name } n’est pas autorisé à répondre aux clients. Le propriétaire de la boutique peut en donner le droit.
refusal-unknown-staff = Cette personne ne fait plus partie de l’équipe de la boutique.
refusal-already-sent = Ce message a déjà été envoyé.
refusal-unknown-message = Ce message n’est plus là.
refusal-not-the-author = Seule la personne qui a écrit un message peut le modifier.
refusal-channel-cannot = Ce canal ne peut pas modifier ce qu’il a affiché. Écrivez plutôt un nouveau message.
refusal-message-deleted = Ce message a été supprimé.
refusal-channel = Le canal l’a refusé : { $reason }
refusal-too-large = C’est trop volumineux pour être envoyé.
refusal-internal = Le serveur a échoué trois fois. Votre texte est conservé ; prévenez la personne qui gère le serveur.
refusal-other = Le serveur l’a refusé ({ $code }). Votre texte est conservé.

error-unreachable = Le serveur { $address } est injoignable. Ce que vous avez écrit est conservé et partira à son retour.
error-wrong-password = L’adresse et le mot de passe ne correspondent pas. Vérifiez-les et réessayez.
error-sign-in-again = Reconnectez-vous pour continuer. Tout ce que vous avez écrit est conservé.
error-too-old = Le serveur est plus ancien que cette application. Demandez à la personne qui le gère de le mettre à jour. Tout ce que vous avez écrit est conservé.
error-too-new = Cette application est plus ancienne que le serveur. Mettez-la à jour. Tout ce que vous avez écrit est conservé.
error-choose-shop = Cette adresse est valable dans plusieurs boutiques. Indiquez laquelle : { $shops }
error-not-signed-in = Personne n’est connecté ici. Connectez-vous d’abord.
error-unknown-conversation = Il n’y a pas de conversation { $id } ici.
error-server-busy = Le serveur est occupé. Réessayez dans un instant.
error-storage = Impossible d’écrire dans la base de données locale : { $reason } Rien de ce qui était enregistré n’est perdu.
error-damaged = La base de données de cet appareil était endommagée. Ce que vous n’aviez pas encore envoyé a été sauvé dans la mesure où c’était lisible ; le reste vient du serveur. Réessayez.
error-disk-full = Le disque est plein : rien de nouveau ne peut être enregistré. Ce qui était enregistré est conservé. Libérez de la place ; tout reprend de soi-même.
error-disk-read-only = Le disque n’accepte pas d’écriture. Ce qui était enregistré est conservé. Vérifiez que l’application peut écrire dans son dossier et que le disque n’est pas verrouillé.
error-unsent = { $count ->
    [one] { $count } modification n’est pas encore envoyée et serait supprimée. Rien n’a été supprimé ; envoyez-la ou exportez-la d’abord.
    [many] { $count } de modifications ne sont pas encore envoyées et seraient supprimées. Rien n’a été supprimé ; envoyez-les ou exportez-les d’abord.
   *[other] { $count } modifications ne sont pas encore envoyées et seraient supprimées. Rien n’a été supprimé ; envoyez-les ou exportez-les d’abord.
}
notice-salvaged = { $count ->
    [0] La base de données de cet appareil était endommagée et a été recommencée. Rien de non envoyé n’a été trouvé ; le reste vient du serveur. Le fichier endommagé se trouve dans { $folder } jusqu’à ce que vous fermiez ce message.
    [one] La base de données de cet appareil était endommagée et a été recommencée. { $count } modification non envoyée a été sauvée et suit son cours ; le reste vient du serveur. Le fichier endommagé se trouve dans { $folder } jusqu’à ce que vous fermiez ce message.
    [many] La base de données de cet appareil était endommagée et a été recommencée. { $count } de modifications non envoyées ont été sauvées et suivent leur cours ; le reste vient du serveur. Le fichier endommagé se trouve dans { $folder } jusqu’à ce que vous fermiez ce message.
   *[other] La base de données de cet appareil était endommagée et a été recommencée. { $count } modifications non envoyées ont été sauvées et suivent leur cours ; le reste vient du serveur. Le fichier endommagé se trouve dans { $folder } jusqu’à ce que vous fermiez ce message.
}
notice-salvaged-in-part = La base de données de cet appareil était endommagée et a été recommencée. Modifications non envoyées qui ont été sauvées : { $saved } ; illisibles : { $lost }. Cherchez dans vos conversations ce qui manque et écrivez-le de nouveau. Le fichier endommagé se trouve dans { $folder } jusqu’à ce que vous fermiez ce message.
unsent-title = Pas encore envoyé par { $name }, { $shop }
unsent-waiting = À { $customer }, en attente d’envoi : { $text }
unsent-refused = À { $customer }, non envoyé ({ $reason }) : { $text }
unsent-draft = À { $customer }, brouillon : { $text }
error-newer-schema = La base de données locale a été écrite par une version plus récente de Shopbell (version { $found }, celle-ci connaît la { $known }). Mettez l’application à jour ; rien n’a été modifié.
error-database-in-use = Un autre processus utilise cette base de données. Arrêtez-le, ou choisissez un autre profil.
error-removed = Cet appareil a été retiré de la boutique. Ce qu’il contenait a été supprimé.
error-other-account = Ce profil appartient à { $name }. Connectez-vous avec son adresse, ou choisissez un autre profil.
error-too-many-at-once = Au plus { $limit } conversations peuvent être modifiées à la fois. Rien n’a été modifié ; choisissez-en moins.
error-cannot-undo = Une réponse ne peut pas être annulée : le client l’a peut-être déjà reçue.
error-on-its-way = Le message est en route. Annulez l’envoi, ou modifiez-le une fois envoyé.
error-cannot-revise = Ce message ne peut pas être modifié : il a été supprimé, ou une autre personne l’a écrit.
error-not-found = Rien ici ne porte l’identifiant { $id }.
error-bad-address = { $address } n’est pas l’adresse d’un serveur. Elle ressemble à https://inbox.example.com.
error-other = Cela n’a pas fonctionné : { $reason } Tout ce que vous avez écrit est conservé.
sync-trouble = { $reason } Une nouvelle tentative aura lieu automatiquement ; tout ce que vous avez écrit est conservé.
error-internal = Un problème est survenu dans l’application. Ce qui était enregistré est conservé. Redémarrez-la ; si cela se reproduit, prévenez la personne qui gère le serveur de la boutique.
trouble-unreachable = Le serveur est injoignable.
trouble-busy = Le serveur est occupé.
trouble-unreadable = Ce qui répond à cette adresse n’est pas un serveur Shopbell.
trouble-server = Le serveur répond : { $said }.
trouble-own-tokens = Le serveur refuse la session qu’il vient d’ouvrir.
trouble-no-result = Le serveur a reçu une modification sans dire ce qu’elle est devenue.
trouble-storage = Impossible d’écrire dans la base de données locale : { $said }.
trouble-closed = Le profil a été fermé entre-temps.
trouble-broken-off = L’opération a été interrompue.

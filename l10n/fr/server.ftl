# Ce que le serveur dit à ceux qui le gèrent, et les titres de ses documents de problème.

server-port-in-use = Un autre programme écoute sur { $address }. Arrêtez-le, ou choisissez un autre port : --listen 127.0.0.1:8081
server-cannot-listen = Le serveur ne peut pas écouter sur { $address } : { $reason } Choisissez une autre adresse avec --listen.
server-data-folder-in-use = Un autre shopbell utilise déjà { $folder }. Arrêtez-le, ou choisissez un autre dossier avec --data. Rien n’a été modifié.
server-data-folder = Le dossier { $folder } est inutilisable : { $reason } Vérifiez que vous pouvez y écrire, ou choisissez-en un autre avec --data.
server-newer-schema = La base de données a été écrite par une version plus récente de Shopbell (version { $found }, celle-ci connaît la { $known }). Mettez ce programme à jour ; rien n’a été modifié.
server-older-schema = Le serveur en cours d’exécution est plus ancien que ce programme (version { $found } de la base de données, celui-ci a besoin de la { $known }). Arrêtez-le et démarrez celui-ci ; rien n’a été modifié.
server-disk-full = Le disque est plein. Libérez de la place, puis redémarrez ; tout ce qui était enregistré est conservé.
server-storage = La base de données est inutilisable : { $reason }

server-admin-unknown-shop = Cette boutique n’existe pas ici. Pour voir la liste des boutiques : shopbell admin shop list
server-admin-unknown-staff = Personne de ce nom dans l’équipe de cette boutique. Pour voir la liste : shopbell admin staff list
server-admin-email-taken = Quelqu’un se connecte déjà à cette boutique avec cette adresse. Choisissez-en une autre.
server-admin-email-invalid = Ce n’est pas une adresse e-mail. Elle ressemble à name@example.com.
server-admin-name-invalid = Un nom tient sur une ligne de 1 à { $limit } caractères.
server-admin-password-length = Un mot de passe compte au moins { $limit } caractères. Plusieurs mots sont faciles à retenir.
server-admin-unknown-permission = L’autorisation « { $word } » n’existe pas. Il y a : { $words }
server-admin-origin-invalid = « { $origin } » n’est pas une origine web. Elle ressemble à https://shop.example.com, sans chemin.
server-admin-unknown-kind = Ce serveur n’a pas de canal du type « { $kind } ».
server-admin-busy = Le serveur est occupé. Réessayez dans un instant.
server-admin-unknown-device = Cette boutique n’a pas cet appareil. Pour voir la liste : shopbell admin device list
server-admin-backup-taken = { $file } n’est pas une sauvegarde. Choisissez un autre nom ; rien n’a été modifié.
server-admin-backup-file = La sauvegarde ne peut pas être écrite dans { $file } : { $reason } Il n’en reste rien, et les données du serveur sont intactes.
server-not-a-backup = { $file } ne peut pas être restauré ({ $reason }). Prenez une autre sauvegarde ; rien n’a été modifié.
server-restore-file = Le fichier { $file } est inutilisable : { $reason } Rien n’a été restauré ; la base est intacte.

problem-sign-in-again = Reconnectez-vous
problem-wrong-password = L’adresse et le mot de passe ne correspondent pas
problem-session-expired = Cette session de chat est inconnue
problem-no-permission = Non autorisé
problem-origin-not-allowed = Cette page n’appartient pas à la boutique
problem-not-found = Introuvable
problem-unknown-shop-key = Aucune boutique n’a cette clé
problem-method-not-allowed = Méthode non autorisée
problem-epoch-changed = L’historique du serveur a changé
problem-choose-shop = Indiquez la boutique
problem-device-removed = Cet appareil a été retiré
problem-too-large = La requête est trop volumineuse
problem-malformed = La requête est illisible
problem-text-invalid = Ce texte ne peut pas être envoyé
problem-protocol-too-new = Le serveur est plus ancien que cette application
problem-slow-down = Trop de requêtes : ralentissez
problem-internal = Erreur interne
problem-busy = Occupé : réessayez dans un instant

"""What each error code says to a person. A code's meaning never changes; `{limit}` is a number or words."""

from collections.abc import Mapping

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "required": {
        "fr": "Cette information est obligatoire : merci de la renseigner.",
        "en": "This is needed: please fill it in.",
    },
    "empty": {
        "fr": "Ce champ est vide : merci d'écrire quelque chose.",
        "en": "This is empty: please write something.",
    },
    "too_short": {
        "fr": "C'est trop court : il faut au moins {limit} caractères.",
        "en": "This is too short: at least {limit} characters are needed.",
    },
    "too_long": {
        "fr": "C'est trop long : merci de rester sous {limit} caractères.",
        "en": "This is too long: please keep it to {limit} characters.",
    },
    "too_many": {
        "fr": "Il y en a trop : {limit} au plus.",
        "en": "There are too many: {limit} at the most.",
    },
    "too_large": {
        "fr": "L'envoi est trop volumineux : raccourcissez-le et envoyez les photos à part.",
        "en": "This is too large to be taken: make it shorter, and upload photos separately.",
    },
    "not_a_choice": {
        "fr": "Cette valeur n'est pas proposée : choisissez-en une dans la liste.",
        "en": "This is not one of the choices: please pick one from the list.",
    },
    "not_a_number": {
        "fr": "Un nombre est attendu ici, sans guillemets.",
        "en": "A number is expected here, without quotes.",
    },
    "out_of_range": {
        "fr": "Ce nombre est hors des limites : vérifiez-le.",
        "en": "This number is out of range: please check it.",
    },
    "not_on_earth": {
        "fr": "Ce lieu n'existe pas : vérifiez la latitude et la longitude, ou placez le point sur la carte.",
        "en": "There is no such place: check the latitude and longitude, or set the point on the map.",
    },
    "invalid_email": {
        "fr": "Cette adresse électronique n'est pas valable : vérifiez-la (exemple : nom@exemple.fr).",
        "en": "This e-mail address is not valid: please check it (example: name@example.com).",
    },
    "invalid_date": {
        "fr": "Cette date n'est pas valable : écrivez-la au format RFC 3339 (2026-11-22T10:00:00+01:00).",
        "en": "This date is not valid: write it as in RFC 3339 (2026-11-22T10:00:00+01:00).",
    },
    "invalid_characters": {
        "fr": "Certains caractères ne sont pas acceptés ici : retirez-les et retapez le texte.",
        "en": "Some characters are not accepted here: remove them and type the text again.",
    },
    "invalid": {
        "fr": "Cette valeur n'a pas la forme attendue : corrigez-la.",
        "en": "This does not have the expected form: please correct it.",
    },
    "unknown_field": {
        "fr": "Ce champ n'existe pas : retirez-le ou vérifiez son nom.",
        "en": "There is no such field: remove it, or check its name.",
    },
    "duplicate_name": {
        "fr": "Un même champ figure deux fois dans le message : n'en gardez qu'un.",
        "en": "The same field stands twice in the message: keep one of them.",
    },
    "malformed": {
        "fr": "Le message est illisible : il doit être un événement CloudEvents 1.0 en JSON (UTF-8).",
        "en": "The message cannot be read: it must be a CloudEvents 1.0 event in JSON (UTF-8).",
    },
    "unknown_type": {
        "fr": "Ce type d'événement n'est pas connu ici : vérifiez l'attribut « type ».",
        "en": 'This type of event is not known here: check the attribute "type".',
    },
    "unknown_version": {
        "fr": "Cette version de l'événement n'est pas connue : envoyez une version publiée au contrat.",
        "en": "This version of the event is not known: send one that the contract has.",
    },
    "kind_not_offered": {
        "fr": "La ville ne reçoit pas ce genre de message pour le moment : choisissez-en un autre.",
        "en": "The town does not take this kind of message at present: choose another.",
    },
    "unknown_category": {
        "fr": "Cette rubrique n'existe pas : choisissez-en une dans la liste de la ville.",
        "en": "There is no such category: choose one from the town's list.",
    },
    "retired_category": {
        "fr": "Cette rubrique n'est plus proposée : choisissez-en une autre.",
        "en": "This category is no longer offered: choose another.",
    },
    "category_not_for_kind": {
        "fr": "Cette rubrique ne convient pas à ce genre de message : choisissez-en une autre.",
        "en": "This category is not for this kind of message: choose another.",
    },
    "unknown_question": {
        "fr": "La ville ne pose pas cette question pour cette rubrique : la réponse est gardée, sans effet.",
        "en": "The town does not ask this for this category: the answer is kept, and decides nothing.",
    },
    "unknown_photo": {
        "fr": "Cette photo est introuvable, ou sert déjà ailleurs : envoyez-la de nouveau.",
        "en": "This photo cannot be found, or is in use already: upload it again.",
    },
    "too_often": {
        "fr": "Trop d'envois en une heure : renvoyez celui-ci dans {limit} min.",
        "en": "Too much was sent within an hour: send this again in {limit} min.",
    },
    "conflict": {
        "fr": "Un autre message porte déjà cet identifiant : envoyez celui-ci sous un nouveau.",
        "en": "Another message has this id already: send this one under a new id.",
    },
    "not_allowed": {
        "fr": "Vous n'avez pas le droit de faire cet envoi : adressez-vous à la ville.",
        "en": "You are not allowed to send this: please ask the town.",
    },
    "unknown_report": {
        "fr": "Ce signalement est introuvable : vérifiez son identifiant.",
        "en": "There is no such report: check its id.",
    },
    "wrong_department": {
        "fr": "Ce signalement n'est pas confié à votre service : il ne peut pas y être traité.",
        "en": "Your department does not have this report, so it cannot act on it.",
    },
    "impossible_transition": {
        "fr": "Dans l'état où est ce signalement, cette action n'est pas possible : relisez son historique.",
        "en": "In the report's present state this cannot be done: look at its history.",
    },
}

# Where more is known than the code says: the code, a dot, and which case. Only the code itself is sent.
PRECISELY: Mapping[str, Mapping[str, str]] = {
    "not_a_choice.of": {
        "fr": "Cette valeur n'est pas proposée : choisissez parmi {limit}.",
        "en": "This is not one of the choices: pick one of {limit}.",
    },
    "invalid.only": {
        "fr": "Cette valeur n'est pas celle qui est attendue : écrivez {limit}.",
        "en": "This is not what is expected: write {limit}.",
    },
    "invalid_date.day": {
        "fr": "Cette date n'est pas valable : écrivez le jour seul, comme dans 2026-11-30.",
        "en": "This date is not valid: write the day alone, as in 2026-11-30.",
    },
    "not_allowed.nobody": {
        "fr": "L'expéditeur manque : mettez dans la propriété AMQP user_id votre utilisateur RabbitMQ.",
        "en": "The sender is missing: set the AMQP property user_id to the name of your own RabbitMQ user.",
    },
    "not_allowed.town": {
        "fr": "Votre utilisateur ne peut rien envoyer ici pour cette ville : « town » doit être celle "
        "de votre clé de routage. Si elles s'accordent, adressez-vous à la ville.",
        "en": 'Your user may not send this for this town: "town" must be that of your routing key. If '
        "they agree, please ask the town.",
    },
    "unknown_category.parent": {
        "fr": "Cette rubrique a des sous-rubriques : choisissez l'une d'elles.",
        "en": "This category has sub-categories: choose one of them.",
    },
    "unknown_category.near": {
        "fr": "Cette rubrique n'existe pas : vouliez-vous dire {limit} ? Sinon, voyez la liste de la ville.",
        "en": "There is no such category: did you mean {limit}? If not, choose one from the town's list.",
    },
}

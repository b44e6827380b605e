"""What each error code says to a person. A code's meaning never changes; `{limit}` is a number or words."""

from collections.abc import Mapping

from shared.l10n import Label

SENTENCES: Mapping[str, Label] = {
    "required": Label(
        "Cette information est obligatoire : merci de la renseigner.", "This is needed: please fill it in."
    ),
    "empty": Label(
        "Ce champ est vide : merci d'écrire quelque chose.", "This is empty: please write something."
    ),
    "too_short": Label(
        "C'est trop court : il faut au moins {limit} caractères.",
        "This is too short: at least {limit} characters are needed.",
    ),
    "too_long": Label(
        "C'est trop long : merci de rester sous {limit} caractères.",
        "This is too long: please keep it to {limit} characters.",
    ),
    "too_many": Label("Il y en a trop : {limit} au plus.", "There are too many: {limit} at the most."),
    "too_large": Label(
        "L'envoi est trop volumineux : raccourcissez-le et envoyez les photos à part.",
        "This is too large to be taken: make it shorter, and upload photos separately.",
    ),
    "not_a_choice": Label(
        "Cette valeur n'est pas proposée : choisissez-en une dans la liste.",
        "This is not one of the choices: please pick one from the list.",
    ),
    "not_a_number": Label(
        "Un nombre est attendu ici, sans guillemets.", "A number is expected here, without quotes."
    ),
    "out_of_range": Label(
        "Ce nombre est hors des limites : vérifiez-le.", "This number is out of range: please check it."
    ),
    "not_on_earth": Label(
        "Ce lieu n'existe pas : vérifiez la latitude et la longitude, ou placez le point sur la carte.",
        "There is no such place: check the latitude and longitude, or set the point on the map.",
    ),
    "invalid_email": Label(
        "Cette adresse électronique n'est pas valable : vérifiez-la (exemple : nom@exemple.fr).",
        "This e-mail address is not valid: please check it (example: name@example.com).",
    ),
    "invalid_date": Label(
        "Cette date n'est pas valable : écrivez-la au format RFC 3339 (2026-11-22T10:00:00+01:00).",
        "This date is not valid: write it as in RFC 3339 (2026-11-22T10:00:00+01:00).",
    ),
    "invalid_characters": Label(
        "Certains caractères ne sont pas acceptés ici : retirez-les et retapez le texte.",
        "Some characters are not accepted here: remove them and type the text again.",
    ),
    "invalid": Label(
        "Cette valeur n'a pas la forme attendue : corrigez-la.",
        "This does not have the expected form: please correct it.",
    ),
    "unknown_field": Label(
        "Ce champ n'existe pas : retirez-le ou vérifiez son nom.",
        "There is no such field: remove it, or check its name.",
    ),
    "duplicate_name": Label(
        "Un même champ figure deux fois dans le message : n'en gardez qu'un.",
        "The same field stands twice in the message: keep one of them.",
    ),
    "malformed": Label(
        "Le message est illisible : il doit être un événement CloudEvents 1.0 en JSON (UTF-8).",
        "The message cannot be read: it must be a CloudEvents 1.0 event in JSON (UTF-8).",
    ),
    "unknown_type": Label(
        "Ce type d'événement n'est pas connu ici : vérifiez l'attribut « type ».",
        'This type of event is not known here: check the attribute "type".',
    ),
    "unknown_version": Label(
        "Cette version de l'événement n'est pas connue : envoyez une version publiée au contrat.",
        "This version of the event is not known: send one that the contract has.",
    ),
    "kind_not_offered": Label(
        "La ville ne reçoit pas ce genre de message pour le moment : choisissez-en un autre.",
        "The town does not take this kind of message at present: choose another.",
    ),
    "unknown_category": Label(
        "Cette rubrique n'existe pas : choisissez-en une dans la liste de la ville.",
        "There is no such category: choose one from the town's list.",
    ),
    "retired_category": Label(
        "Cette rubrique n'est plus proposée : choisissez-en une autre.",
        "This category is no longer offered: choose another.",
    ),
    "category_not_for_kind": Label(
        "Cette rubrique ne convient pas à ce genre de message : choisissez-en une autre.",
        "This category is not for this kind of message: choose another.",
    ),
    "unknown_question": Label(
        "La ville ne pose pas cette question pour cette rubrique : la réponse est gardée, sans effet.",
        "The town does not ask this for this category: the answer is kept, and decides nothing.",
    ),
    "unknown_photo": Label(
        "Cette photo est introuvable, ou sert déjà ailleurs : envoyez-la de nouveau.",
        "This photo cannot be found, or is in use already: upload it again.",
    ),
    "too_often": Label(
        "Trop d'envois en une heure : renvoyez celui-ci dans {limit} min.",
        "Too much was sent within an hour: send this again in {limit} min.",
    ),
    "conflict": Label(
        "Un autre message porte déjà cet identifiant : envoyez celui-ci sous un nouveau.",
        "Another message has this id already: send this one under a new id.",
    ),
    "not_allowed": Label(
        "Vous n'avez pas le droit de faire cet envoi : adressez-vous à la ville.",
        "You are not allowed to send this: please ask the town.",
    ),
    "unknown_report": Label(
        "Ce signalement est introuvable : vérifiez son identifiant.", "There is no such report: check its id."
    ),
    "wrong_department": Label(
        "Ce signalement n'est pas confié à votre service : il ne peut pas y être traité.",
        "Your department does not have this report, so it cannot act on it.",
    ),
    "impossible_transition": Label(
        "Dans l'état où est ce signalement, cette action n'est pas possible : relisez son historique.",
        "In the report's present state this cannot be done: look at its history.",
    ),
}

# Where more is known than the code says: the code, a dot, and which case. Only the code itself is sent.
PRECISELY: Mapping[str, Label] = {
    "not_a_choice.of": Label(
        "Cette valeur n'est pas proposée : choisissez parmi {limit}.",
        "This is not one of the choices: pick one of {limit}.",
    ),
    "invalid.only": Label(
        "Cette valeur n'est pas celle qui est attendue : écrivez {limit}.",
        "This is not what is expected: write {limit}.",
    ),
    "invalid_date.day": Label(
        "Cette date n'est pas valable : écrivez le jour seul, comme dans 2026-11-30.",
        "This date is not valid: write the day alone, as in 2026-11-30.",
    ),
    "not_allowed.nobody": Label(
        "L'expéditeur manque : mettez dans la propriété AMQP user_id votre utilisateur RabbitMQ.",
        "The sender is missing: set the AMQP property user_id to the name of your own RabbitMQ user.",
    ),
    "not_allowed.town": Label(
        "Votre utilisateur ne peut rien envoyer ici pour cette ville : « town » doit être celle "
        "de votre clé de routage. Si elles s'accordent, adressez-vous à la ville.",
        'Your user may not send this for this town: "town" must be that of your routing key. If '
        "they agree, please ask the town.",
    ),
    "unknown_category.parent": Label(
        "Cette rubrique a des sous-rubriques : choisissez l'une d'elles.",
        "This category has sub-categories: choose one of them.",
    ),
    "unknown_category.near": Label(
        "Cette rubrique n'existe pas : vouliez-vous dire {limit} ? Sinon, voyez la liste de la ville.",
        "There is no such category: did you mean {limit}? If not, choose one from the town's list.",
    ),
}

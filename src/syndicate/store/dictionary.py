"""What deflate may refer to from the first byte on: what releases of press offices have in common.

Stores were written with it: it never changes. Another one would be another version, for rows that say so.
The most usual stands last, where it is named by the fewest bits.
"""

_OFFICES = (
    "Sperrfrist Ende Beginn Aufsichtsbehörde Landesregierung Ministerpräsident Ministerpräsidentin"
    " Staatssekretär Staatssekretärin Landtag Bundesregierung Bundesrat Kabinett Ministerium Ministerin"
    " Minister Pressemitteilung Pressestelle Pressesprecher Pressesprecherin Oberbürgermeister"
    " Bürgermeisterin Bürgerinnen und Bürger Kinder und Jugendliche Schülerinnen und Schüler Lehrerinnen und"
    " Lehrer Mitarbeiterinnen und Mitarbeiter Gesundheit Wirtschaft Wissenschaft Forschung Landwirtschaft"
    " Umwelt Klimaschutz Energie Verkehr Digitalisierung Bildung Hochschule Universität Krankenhaus"
    " Feuerwehr Polizei Unternehmen Kommunen Gemeinden Landkreis Landesamt Förderung Millionen Euro Prozent"
    " Jahr Jahren Jahre 2026 2025 Januar Februar März April Mai Juni Juli August September Oktober November"
    " Dezember Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Uhr Deutschland Europa"
    " Zusammenarbeit Veranstaltung Entwicklung Sicherheit Gesellschaft Unterstützung Herausforderungen"
    " Maßnahmen Möglichkeiten Ergebnisse Projekt Programm Informationen Weitere Informationen finden Sie"
    " unter https://www."
)
_OTHER_LANGUAGES = (
    " The of the and to in for with on that is are was has have will by from said minister ministry"
    " government press release million percent more than les des dans pour une par avec sur est qui "
)
_WORDS = (
    "gegenüber zwischen insgesamt gemeinsam bereits künftig außerdem zudem damit dabei darüber hinaus"
    " deutlich weiterhin besonders unter anderem in diesem Jahr im vergangenen Jahr ab dem bis zum seit dem"
    " mit Blick auf vor allem zum Beispiel nicht nur, sondern auch für die der die das den dem des und in"
    " von zu mit sich auf für ist im nicht ein eine einer einem einen eines als auch es an werden wird aus"
    " er hat dass sie nach bei um am sind noch wie über so zum zur haben nur oder aber bis mehr durch man"
    " sein wurde wurden sei können soll sollen kann ihre ihrer ihren ihr wir uns unsere unserer diese dieser"
    " diesem diesen dieses alle allen viele neue neuen neuer erste ersten große großen worden werde würde"
    " konnte mussten gegen ohne rund etwa jedoch sowie beim vom ung der ungen heit der keit lich en isch en"
    " ität en schaft en "
)
_SENTENCES = (
    "</p><p>, erklärte , sagte , betonte , so der “, erklärte Ministerin “, betonte Staatssekretär “, sagte"
    " Minister “, so Ministerpräsident . „Wir . „Das . „Die . „Mit . Die . Der . Das . Mit . Dies . Wir . Im"
    " . In . Für . Auch . Es . Zudem . Außerdem . Bei , die , der , das , dass , um , wie , so , sondern ,"
    " aber , und , wenn , weil , sowie "
)
_MARKUP = (
    "<h2></h2><h3></h3><ul>\\n<li></li>\\n<li></li>\\n</ul>\\n<ol><table><tbody><tr><td></td></tr></tbody></table"
    '><blockquote><figure><img src=\\"https://www.\\" alt=\\"\\"><figcaption></figcaption></figure><br><strong></'
    'strong><em></em><a href=\\"https://www.\\" rel=\\"noopener noreferrer\\"></a></p>\\n<p>„</p>\\n<p>Die'
    " </p>\\n<p>Der </p>\\n<p>"
)
_FIELDS = (
    '{"source":"presse","url":"https://www..de/presse/pressemitteilungen/2026/pressemitteilung/"'
    ',"kind":"Pressemitteilung","kicker":"Gesundheit","teaser":"„","content":"<p>","language":"de"'
    ',"images":[{"url":"https://www.","alt":"","caption":"","credit":"Foto: "}]'
    ',"enclosures":[{"url":"https://www..pdf","type":"application/pdf","length":,"title":""}]'
    ',"related":[{"topic":"","title":"","url":"https://www."}],"authors":["Pressestelle"]'
    ',"contact":{"name":"Pressestelle","email":"presse@.de","phone":"0"},"corrects":""'
    ',"license":"https://creativecommons.org/licenses/by/4.0/","kickers":[""],"categories":[""]'
    ',"topic_names":[""],"assigned":[""],"origin":{"title":"Presse","url":"https://www."}'
    ',"published":"2026-06-23T10:00:00Z","stated":"2026-07-21T08:00:00Z","unread":""'
    ',"first_seen":"2026-11-26T18:00:00Z","inferred":["title","date","language"],"keys":[["id","presse"'
    ',"https://www."],["path","presse",".md"],["url","","//www..de/presse/pressemitteilungen/2026/"],["hash"'
    ',"",""]]}'
)
_OWN = (
    '"notes":[["2026-"reason":""held":true,"withdrawn":"2026-","lifted":"2026-","embargo":{"until":"2026-"'
    ',"event":""},"headline":true{"title":"","updated":"2026-06-23T10:00:00Z"'
    ',"issued":"2026-06-23T10:00:00.Z","modified":"2026-","entry":"","reader":"","revision":2'
    ',"topics":["gesundheit"]}'
)

DICTIONARY = "".join((_OFFICES, _OTHER_LANGUAGES, _OWN, _WORDS, _SENTENCES, _MARKUP, _FIELDS)).encode()

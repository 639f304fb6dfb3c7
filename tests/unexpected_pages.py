# ruff: noqa: E501  # a page is a row, however long
"""Titles of releases that sound like another page, and the other pages, in the markup that servers and systems send."""

TITLES = """
Wartungsarbeiten im Rathaus
Wartung der Straßenbeleuchtung beginnt
Wasserwerk: Wartungsarbeiten an der Hauptleitung
Wartungsarbeiten am Pumpwerk: Badestelle gesperrt
Anmeldung zur Ferienfreizeit
Anmeldung für die Musikschule startet
Anmelden zum Zukunftstag
Jetzt anmelden: Vorlesewettbewerb der Büchereien
Login in die Zukunft: Digitaltag im Gymnasium
Sign in: Gebärdensprache im Theater
404 Unterschriften übergeben
404 neue Bäume für den Stadtwald
403 Kilometer Radwege
500 Jahre Reformation
503 Ehrenamtliche ausgezeichnet
Seite an Seite: nicht gefunden und doch dabei
Fundbüro: Besitzer nicht gefunden
File not found: Ausstellung zur Netzkunst
Cookies backen im Advent
Cookies für den guten Zweck
Consent
Einwilligung
Zugang verweigert: Ausstellung zur Barrierefreiheit
Zugang gesperrt: Aussichtsturm bleibt zu
Zutritt verboten: Brutzeit im Moor
Zugriff verweigert: Ratgeber zum Datenschutz
Access denied: Theaterstück über Grenzen
Kein Zutritt, keine Berechtigung? Neue Regeln im Naturschutz
Just a moment: Fotografien von Ida Holm
Einen Moment bitte: Fotoschau im Stadtmuseum
Attention required: Wölfe im Landkreis
Verify you are human: Tanzabend im Lokschuppen
Captcha: Oper über Maschinen
Sicherheitsprüfung der Spielplätze abgeschlossen
Sicherheitsabfrage beim Rathaus: neue Schließanlage
Kein Roboter: Pflegekräfte bleiben unersetzlich
Are you a robot? Schülerpreis für Technik
Service unavailable: Linie 4 fällt aus
Maintenance of bridges continues
Under construction: Sommerakademie für Architektur
Neubau im Aufbau: Feuerwache wächst
Bürgerbüro vorübergehend telefonisch nicht erreichbar
Fähre Mörsfelden zurzeit nicht verfügbar
Gymnasium derzeit nicht erreichbar: Brücke gesperrt
Hallenbad in Kürze wieder für Sie geöffnet
Bald wieder da: Störche am Talsee
Technische Störung an der Schleuse behoben
Internal Server Error: Kabarett zur Digitalisierung
Bad Gateway: Hafenfest mit Rockmusik
Forbidden Fruits: Ausstellung im Schloss
Unauthorized: Lesung mit Jost Ahrens
Datenschutzeinstellungen leicht erklärt
Ihre Privatsphäre zählt: Beratung im Bürgerhaus
Before you continue: Workshop für Berufseinsteiger
DDoS-Angriff: Landesamt gibt Entwarnung
Browser-Café eröffnet
Request rejected: Gemeinderat lehnt Antrag ab
Single Sign-on für Studierende
Hinweis: Bitte melden Sie sich an, wenn Sie Hilfe brauchen
Wir brauchen Ihre Zustimmung
"""

PROSE = (
    "Von Montag an gilt im Ortskern eine andere Regelung, die der Gemeinderat im Februar beschlossen hat. Auskünfte gibt "
    "das Tiefbauamt.",
    "Rund 60 Kinder aus Talstadt waren am Wochenende dabei. Bürgermeister Jost Ahrens dankte allen Beteiligten für den Einsatz.",
    "Die Arbeiten dauern bis Freitag, 13. März. Betroffen ist nur die Nordseite; der Bus hält solange am Markt.",
)

OTHERS: dict[str, tuple[str, str]] = {
    "cloudflare": ("bot challenge", """<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow"></head><body class="no-js"><div class="main-wrapper" role="main"><div class="main-content"><h1 class="zone-name-title h1">www.talland.example</h1><h2 id="challenge-running" class="h2">Checking if the site connection is secure</h2><noscript><div class="h2">Enable JavaScript and cookies to continue</div></noscript><div id="challenge-body-text" class="core-msg spacer">www.talland.example needs to review the security of your connection before proceeding.</div></div></div><script>(function(){window._cf_chl_opt={cvId:'2'};}())</script></body></html>"""),
    "cloudflare-german": ("bot challenge", """<html lang="de-DE"><head><title>Nur einen Moment…</title></head><body><div class="main-wrapper" role="main"><h1>talland.example</h1><p id="cf">Überprüfen Sie, dass Sie ein Mensch sind. Dies kann einige Sekunden dauern.</p><p>talland.example muss die Sicherheit Ihrer Verbindung überprüfen, bevor Sie fortfahren können.</p></div><script src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1"></script></body></html>"""),
    "cloudflare-block": ("bot challenge", """<html><head><title>Attention Required! | Cloudflare</title></head><body><div id="cf-wrapper"><h1 data-translate="block_headline">Sorry, you have been blocked</h1><h2>You are unable to access talland.example</h2><h2>Why have I been blocked?</h2><p>This website is using a security service to protect itself from online attacks. The action you just performed triggered the security solution. There are several actions that could trigger this block including submitting a certain word or phrase, a SQL command or malformed data.</p><h2>What can I do to resolve this?</h2><p>You can email the site owner to let them know you were blocked. Please include what you were doing when this page came up and the Cloudflare Ray ID found at the bottom of this page.</p></div></body></html>"""),
    "cloudflare-522": ("maintenance page", """<html><head><title>talland.example | 522: Connection timed out</title></head><body><h1><span>Connection timed out</span> <span>Error code 522</span></h1><h1>503 Service Unavailable</h1><p>The initial connection between Cloudflare's network and the origin web server timed out. As a result, the web page can not be displayed.</p></body></html>"""),
    "anubis": ("bot challenge", """<html lang="de"><head><title>Making sure you're not a bot!</title></head><body><main><h1 id="title">Making sure you're not a bot!</h1><p id="status">Loading...</p><p>You are seeing this because the administrator of this website has set up Anubis to protect the server against the scourge of AI companies aggressively scraping websites.</p></main><script id="anubis_challenge" type="application/json">{}</script></body></html>"""),
    "keycloak": ("login page", """<!DOCTYPE html><html class="login-pf"><head><title>Anmeldung bei Intranet Talland</title></head><body><div class="login-pf-page"><div id="kc-header"><div id="kc-header-wrapper">Intranet Talland</div></div><div class="card-pf"><header><h1 id="kc-page-title">Bei Ihrem Konto anmelden</h1></header><form id="kc-form-login" method="post"><label for="username">Benutzername oder E-Mail</label><input id="username" name="username"><label for="password">Passwort</label><input id="password" name="password" type="password"><input type="submit" value="Anmelden"></form></div></div></body></html>"""),
    "shibboleth": ("login page", """<html><head><title>Anmeldung</title></head><body><main><h1>Anmeldung</h1><p>Um auf diesen Dienst zuzugreifen, melden Sie sich bitte mit Ihrem Benutzernamen und Passwort der Universität an.</p><form><input name="j_username"><input type="password" name="j_password"></form><p>Passwort vergessen? Wenden Sie sich bitte an den Helpdesk unter 0555 12-34.</p></main></body></html>"""),
    "wordpress-login": ("login page", """<html lang="de"><head><title>Anmelden ‹ Gemeinde Hohenau — WordPress</title></head><body class="login"><div id="login"><h1><a href="https://de.wordpress.org/">Powered by WordPress</a></h1><form name="loginform"><p><label>Benutzername oder E-Mail-Adresse</label><input name="log"></p><p><label>Passwort</label><input type="password" name="pwd"></p></form><p id="nav"><a href="/lost">Passwort vergessen?</a></p></div></body></html>"""),
    "typo3-maintenance": ("maintenance page", """<!DOCTYPE html><html lang="de"><head><title>Wartungsarbeiten</title></head><body><div class="typo3-error-page"><div class="typo3-error-page-message"><h1>Wartungsarbeiten</h1><p>Aufgrund von Wartungsarbeiten steht unser Internetauftritt momentan leider nicht zur Verfügung. Wir sind in Kürze wieder für Sie da. Vielen Dank für Ihr Verständnis.</p></div></div></body></html>"""),
    "typo3-503": ("maintenance page", """<html><head><title>Service Unavailable (503)</title></head><body><div class="container"><h1>Service Unavailable (503)</h1><p>This page is currently not available. Please try again later.</p></div></body></html>"""),
    "long-maintenance": ("maintenance page", """<html lang="de"><head><title>Wartung</title></head><body><main><h1>Wartungsarbeiten am Landesportal</h1><p>Liebe Besucherinnen und Besucher,</p><p>am Samstag, 14. März 2026, von 8 bis 16 Uhr ist unser Internetangebot wegen dringender Wartungsarbeiten nicht erreichbar. Wir bitten um Verständnis. In dringenden Fällen erreichen Sie uns unter Telefon 0555 12-34.</p></main></body></html>"""),
    "drupal-maintenance": ("maintenance page", """<html lang="en"><head><title>Site under maintenance | Talland</title></head><body class="maintenance-page"><main role="main"><h1>Site under maintenance</h1>Talland is currently under maintenance. We should be back shortly. Thank you for your patience.</main></body></html>"""),
    "plone-maintenance": ("maintenance page", """<html><head><title>Portal vorübergehend nicht verfügbar</title></head><body><h1>Das Portal ist zurzeit nicht verfügbar</h1><p>Wir arbeiten gerade an einer Verbesserung. Bitte versuchen Sie es in einigen Minuten noch einmal.</p></body></html>"""),
    "wordpress-maintenance": ("maintenance page", """<html><head><title>Maintenance</title></head><body><h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1></body></html>"""),
    "wordpress-plugin": ("maintenance page", """<html lang="de"><head><title>Website im Aufbau</title></head><body><div class="container"><h1>Website im Aufbau</h1><h2>Hier entsteht unsere neue Seite. Schauen Sie bald wieder vorbei!</h2></div></body></html>"""),
    "nginx": ("maintenance page", "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>"),
    "nginx-403": ("refusal", "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr><center>nginx</center></body></html>"),
    "nginx-404": ("error page", "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>nginx</center></body></html>"),
    "apache": ("maintenance page", """<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1><p>The server is temporarily unable to service your request due to maintenance downtime or capacity problems. Please try again later.</p><hr><address>Apache/2.4.57 (Debian) Server at www.talland.example Port 443</address></body></html>"""),
    "apache-403": ("refusal", """<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1><p>You don't have permission to access this resource.</p></body></html>"""),
    "apache-404": ("error page", """<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The requested URL was not found on this server.</p></body></html>"""),
    "varnish": ("maintenance page", """<!DOCTYPE html><html><head><title>503 Backend fetch failed</title></head><body><h1>Error 503 Backend fetch failed</h1><p>Backend fetch failed</p><h3>Guru Meditation:</h3><p>XID: 35192</p><hr><p>Varnish cache server</p></body></html>"""),
    "haproxy": ("maintenance page", "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>"),
    "iis": ("refusal", """<html><head><title>401 - Unauthorized: Access is denied due to invalid credentials.</title></head><body><div id="header"><h1>Server Error</h1></div><div id="content"><fieldset><h2>401 - Unauthorized: Access is denied due to invalid credentials.</h2><h3>You do not have permission to view this directory or page using the credentials that you supplied.</h3></fieldset></div></body></html>"""),
    "404-typo3": ("error page", """<html lang="de"><head><title>Seite nicht gefunden | Land Talland</title></head><body><header><nav><ul><li><a href="/">Start</a></li></ul></nav></header><main><h1>Seite nicht gefunden</h1><p>Die von Ihnen gesuchte Seite wurde leider nicht gefunden. Möglicherweise wurde sie verschoben oder gelöscht. Bitte prüfen Sie die Schreibweise der Adresse oder nutzen Sie unsere Suche.</p><p><a href="/">Zur Startseite</a></p></main><footer><a href="/impressum">Impressum</a></footer></body></html>"""),
    "404-wordpress": ("error page", """<html lang="de"><head><title>Seite nicht gefunden – Gemeinde Hohenau</title></head><body class="error404"><main id="site-content"><div class="section-inner thin error404-content"><h1 class="entry-title">Seite nicht gefunden</h1><div class="intro-text"><p>Die gesuchte Seite konnte nicht gefunden werden. Sie wurde wahrscheinlich gelöscht, umbenannt oder existierte von Anfang an nicht.</p></div></div></main></body></html>"""),
    "404-plone": ("error page", """<html lang="de"><head><title>Seite nicht gefunden — Talburg</title></head><body><article id="content"><h1 class="documentFirstHeading">Diese Seite scheint nicht zu existieren…</h1><div id="content-core"><p class="documentDescription">Es tut uns leid, aber diese Seite existiert nicht.</p><p>Sie haben vielleicht einem veralteten Lesezeichen, einem Tippfehler oder einem alten Link vertraut.</p></div></article></body></html>"""),
    "waf": ("refusal", """<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 4711<br><br><a href='javascript:history.back();'>[Go Back]</a></body></html>"""),
    "consent": ("consent wall", """<html lang="de"><head><title>Bevor Sie fortfahren</title></head><body><main><h1>Bevor Sie fortfahren</h1><p>Wir verwenden Cookies und Daten, um Dienste anzubieten und Ausfälle zu beobachten. Wenn Sie auf „Alle akzeptieren“ klicken, verwenden wir Cookies auch für Werbung.</p><form><button>Alle ablehnen</button><button>Alle akzeptieren</button></form></main></body></html>"""),
    "consent-german": ("consent wall", """<html lang="de"><head><title>Cookie-Einstellungen</title></head><body><h1>Cookie-Einstellungen</h1><p>Um unsere Website für Sie optimal zu gestalten, verwenden wir Cookies. Durch die weitere Nutzung stimmen Sie der Verwendung von Cookies zu.</p></body></html>"""),
    "404-informal": ("error page", """<html lang="de"><head><title>Hoppla! – Land Talland</title></head><body><main><h1>Hoppla!</h1><p>Die gewünschte Seite existiert nicht mehr. Fehlercode 404.</p><ul><li><a href="/">Startseite</a></li></ul></main></body></html>"""),
    "404-gone": ("error page", """<html lang="de"><head><title>Oje – Land Talland</title></head><body><main><h1>Oje!</h1><p>Diese Seite gibt es leider nicht mehr. Gehen Sie zurück zum Anfang.</p></main></body></html>"""),
    "session": ("error page", """<html lang="de"><head><title>Sitzung abgelaufen</title></head><body><main><h1>Sitzung abgelaufen</h1><p>Ihre Sitzung ist abgelaufen. Bitte melden Sie sich erneut an.</p></main></body></html>"""),
    "partners": ("error page", """<html lang="de"><head><title>Talland</title></head><body><h1>Ihre Daten, Ihre Wahl</h1><p>Wir und unsere 118 Partner speichern Informationen auf Ihrem Gerät und greifen darauf zu, etwa Cookies.</p></body></html>"""),
    "consent-banner": ("consent wall", """<html lang="de"><head><title>Land Talland</title></head><body><div class="cmp"><h1>Bevor Sie fortfahren</h1><p>Wir verwenden Cookies, um unsere Dienste bereitzustellen.</p><button>Alle akzeptieren</button></div></body></html>"""),
    "gitlab": ("maintenance page", """<html><head><title>GitLab is not responding (502)</title></head><body><h1><img alt="GitLab Logo"><br>502</h1><div class="container"><h3>Whoops, GitLab is taking too much time to respond.</h3><h1>Bad Gateway</h1><p>Try refreshing the page, or going back and attempting the action again.</p><p>Please contact your GitLab administrator if this problem persists.</p></div></body></html>"""),
}  # fmt: skip


def titles() -> list[str]:
    return TITLES.strip().splitlines()


def notice(title: str, prose: str, *, date: str = "", chrome: bool = True) -> str:
    """A short notice of a town, with the town's own head and foot around it."""
    head = '<header><a href="/">Stadt Talstadt</a><nav><ul><li><a href="/rathaus">Rathaus</a></li></ul></nav></header>'
    foot = '<footer><a href="/impressum">Impressum</a></footer>'
    told = "".join(f"<p>{part}</p>" for part in prose.split("\n"))
    return (
        f'<!DOCTYPE html><html lang="de"><head><title>{title} | Stadt Talstadt</title></head><body>{head if chrome else ""}'
        f"<main><h1>{title}</h1>{date}{told}</main>{foot if chrome else ''}</body></html>"
    )

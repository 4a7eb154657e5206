//! What the documentation says about the interface as a whole (national REST profile DOK.03, 08, 09): about, terms, data
//! model, authentication, conventions, life cycle, service level, limits, contact, glossary; in English and in Swedish.
//! A paragraph stands between blank lines; one whose lines begin with a hyphen is a list.

/// A section of the documentation.
pub struct Section {
    /// Heading in English and in Swedish.
    pub title: (&'static str, &'static str),
    /// Text in English.
    pub en: &'static str,
    /// Text in Swedish.
    pub sv: &'static str,
}

/// The sections in their order. `{contact}` is replaced by what the operator has told.
pub const SECTIONS: &[Section] = &[
    Section {
        title: ("About", "Om gränssnittet"),
        en: "Case management for the kommunala aktivitetsansvaret (skollagen 29 kap. 9 §) and the outreach to young people of 16-25: the register of youths, episodes, contacts, interventions, referrals, the work list, imports of rosters, anonymised statistics, and the audit of every access.\n\nIt follows the Swedish national REST API profile 1.2.0. Code values are English identifiers with a label in Swedish and English; messages come in Swedish, or in English if `Accept-Language` prefers it.",
        sv: "Ärendehantering för det kommunala aktivitetsansvaret (skollagen 29 kap. 9 §) och det uppsökande arbetet med unga 16–25 år: register över ungdomar, perioder, kontakter, insatser, hänvisningar, arbetslista, inläsning av befolkningslistor, avidentifierad statistik, och logg över varje åtkomst.\n\nGränssnittet följer den nationella REST API-profilen 1.2.0. Kodvärden är engelska ord med svensk och engelsk etikett; meddelanden kommer på svenska, eller på engelska om `Accept-Language` hellre vill ha det.",
    },
    Section {
        title: ("Terms", "Villkor"),
        en: "For staff and systems of the municipality that runs the service, for the purposes of förordning (2006:39) and nothing else. Whoever signs in acts under secrecy (offentlighets- och sekretesslagen) and leaves an event in the audit with every request, reads and refusals included. Programs sign in as the person who uses them; an account is not shared.\n\nThe program is free software under the European Union Public Licence 1.2.",
        sv: "För medarbetare och system i den kommun som driver tjänsten, för ändamålen i förordning (2006:39) och inget annat. Den som loggar in arbetar under sekretess (offentlighets- och sekretesslagen) och lämnar en händelse i loggen med varje begäran, även läsningar och avslag. Program loggar in som den person som använder dem; ett konto delas inte.\n\nProgrammet är fri programvara under European Union Public Licence 1.2.",
    },
    Section {
        title: ("Data model", "Datamodell"),
        en: "A **unit** of the municipality has staff and youths. A **youth** is followed in **episodes**, each in a track: `kaa` (16-19) or `outreach_20_25`. **Assignments** say who works with the youth. In an episode stand **contacts** (attempts too), **interventions** (from the offer to the end) and **referrals**. **Tasks** follow from them. **Imports** bring youths and episodes from a roster; **statistics** count them.\n\nReferrals to care and social services and the status behind `mayStartMeasures` live in a compartment of their own, seen by the assigned socionom. To everybody else they do not exist.\n\nIds are UUIDs of version 7: lasting, and saying nothing of the person. Every record has a version, and earlier versions are kept. A property that your role may not see is absent; one that has no value is null.",
        sv: "En **enhet** i kommunen har medarbetare och ungdomar. En **ungdom** följs i **perioder**, var och en i ett spår: `kaa` (16–19) eller `outreach_20_25`. **Tilldelningar** säger vem som arbetar med ungdomen. I en period finns **kontakter** (även försök), **insatser** (från erbjudande till slut) och **hänvisningar**. Av dem följer **uppgifter**. **Inläsningar** hämtar ungdomar och perioder från en befolkningslista; **statistik** räknar dem.\n\nHänvisningar till vård och socialtjänst, och statusen bakom `mayStartMeasures`, ligger i ett eget utrymme som den tilldelade socionomen ser. För alla andra finns de inte.\n\nId är UUID av version 7: beständiga, och utan uppgift om personen. Varje post har en version, och tidigare versioner sparas. En egenskap som din roll inte får se saknas; en som inte har något värde är null.",
    },
    Section {
        title: ("Authentication and access", "Inloggning och behörighet"),
        en: "`POST /sessions` gives an access token (JWT, at most five minutes) and a refresh token; `POST /sessions/refresh` exchanges the refresh token for new ones. The access token is sent as `Authorization: Bearer` with every request. Signing out, a changed role and a deactivated account take effect at once.\n\nWhat you may do follows from your role, your unit and your assignments; `GET /me/access` tells it. Each operation and property names the roles it is open to (`x-kaa-access`).\n\n- 401: you are not signed in.\n- 403: you are, and your role may not do this, or may not use one of the fields.\n- 404: there is no such record, or you may not know that there is. The two answers are identical.",
        sv: "`POST /sessions` ger ett åtkomstbevis (JWT, högst fem minuter) och ett förnyelsebevis; `POST /sessions/refresh` byter förnyelsebeviset mot nya. Åtkomstbeviset skickas som `Authorization: Bearer` med varje begäran. Utloggning, ändrad roll och avstängt konto gäller genast.\n\nVad du får göra följer av din roll, din enhet och dina tilldelningar; `GET /me/access` säger vad. Varje operation och egenskap anger vilka roller den är öppen för (`x-kaa-access`).\n\n- 401: du är inte inloggad.\n- 403: du är inloggad, men din roll får inte göra detta, eller inte använda ett av fälten.\n- 404: posten finns inte, eller så får du inte veta att den finns. De två svaren är likadana.",
    },
    Section {
        title: ("Conventions", "Så fungerar det"),
        en: "**Lists** take `limit` (1-200, default 20) and `page` (from 1), and answer `_links` with `self`, `first`, `prev` and `next` and `_meta` with `limit`, `page` and `count`. Follow `_links.next`: it carries a `position`, so that every step costs the same and no row is skipped or repeated while others write. A page past the end is an empty list. Links are link description objects with `rel`, `method` and `href`, absolute, and keep your other parameters.\n\n**Changes** build on a version. A single record comes with an `ETag`; send it back in `If-Match`. Without it the answer is 428; if somebody has changed the record meanwhile 412, with the version in force. `PATCH` is JSON merge patch (RFC 7396): what is named is set, null empties, lists are replaced whole.\n\n**Sending again.** Every `POST` that changes something takes an `Idempotency-Key`. The same key with the same content gives the stored answer, for 24 hours; with another content 422.\n\n**POST that only reads.** `POST /youths/search` is a POST because names and identity numbers must not stand in an address. It changes nothing.\n\n**Times** are RFC 3339. Any zone is read; answers are in UTC. A date without time is a Swedish day.\n\n**Languages.** `Accept-Language: en` gives messages in English.\n\n**Errors** are problems by RFC 9457, `application/problem+json`. `type` is the address of the code's page, `errors` names each field by JSON pointer, all at once, and never repeats what was sent. A method that an address does not have gets 405 with `Allow`.\n\n**Tracing.** A `traceparent` (W3C) is carried on and answered; `x-request-id` finds the request in the log.\n\n**Bodies** are JSON in UTF-8; names are camelCase. An unknown member is an error.",
        sv: "**Listor** tar `limit` (1–200, förvalt 20) och `page` (från 1), och svarar med `_links` (`self`, `first`, `prev`, `next`) och `_meta` (`limit`, `page`, `count`). Följ `_links.next`: den bär en `position`, så att varje steg kostar lika mycket och ingen rad hoppas över eller upprepas medan andra skriver. En sida efter slutet är en tom lista. Länkar är Link Description Objects med `rel`, `method` och `href`, absoluta, och behåller dina övriga parametrar.\n\n**Ändringar** bygger på en version. En enstaka post kommer med `ETag`; skicka tillbaka den i `If-Match`. Utan den blir svaret 428; om någon har ändrat posten under tiden 412, med den version som gäller. `PATCH` är JSON merge patch (RFC 7396): det som nämns sätts, null tömmer, listor byts ut hela.\n\n**Skicka igen.** Varje `POST` som ändrar något tar en `Idempotency-Key`. Samma nyckel med samma innehåll ger det sparade svaret, i 24 timmar; med annat innehåll 422.\n\n**POST som bara läser.** `POST /youths/search` är en POST för att namn och identitetsnummer inte får stå i en adress. Den ändrar inget.\n\n**Tider** är RFC 3339. Alla tidszoner läses; svar är i UTC. Ett datum utan tid är en svensk dag.\n\n**Språk.** `Accept-Language: en` ger meddelanden på engelska.\n\n**Fel** är problem enligt RFC 9457, `application/problem+json`. `type` är adressen till kodens sida, `errors` pekar ut varje fält med JSON pointer, alla på en gång, och upprepar aldrig det som skickades. En metod som en adress inte har får 405 med `Allow`.\n\n**Spårning.** Ett `traceparent` (W3C) förs vidare och besvaras; `x-request-id` hittar begäran i loggen.\n\n**Innehåll** är JSON i UTF-8; namn är camelCase. En okänd egenskap är ett fel.",
    },
    Section {
        title: ("Life cycle and versions", "Livscykel och versioner"),
        en: "Versions are semantic. The address names the major version (`/kaa/v1`); `GET /api-info` tells version, date and status. Within a major version members, operations and code values may be added, so a client must tolerate what it does not know; nothing is removed or changes its meaning. A new minor version replaces the one before at once.\n\nA new major version stands at its own address. The old one is then `deprecated` and answers with `Deprecation` and `Sunset` dates and a link to its successor, and stays for at least twelve months, with a description of how to move. No end is decided for version 1.",
        sv: "Versioner är semantiska. Adressen anger huvudversionen (`/kaa/v1`); `GET /api-info` säger version, datum och status. Inom en huvudversion kan egenskaper, operationer och kodvärden tillkomma, så en klient måste tåla det den inte känner till; inget tas bort eller ändrar betydelse. En ny underversion ersätter genast den förra.\n\nEn ny huvudversion får en egen adress. Den gamla blir då `deprecated`, svarar med datum i `Deprecation` och `Sunset` och en länk till efterföljaren, och finns kvar i minst tolv månader, med en beskrivning av hur man flyttar. Inget slutdatum är bestämt för version 1.",
    },
    Section {
        title: ("Service level", "Servicenivå"),
        en: "Availability and support hours are set by the municipality that runs the service; ask the contact below. What the program itself keeps to:\n\n- A change that was answered with 2xx is stored and survives a power cut, together with its event in the audit.\n- When the service is too busy it answers 503 with `Retry-After`, and nothing was saved.\n- At a stop it finishes what runs. `/health/live` and `/health/ready` on the same host tell how it is.",
        sv: "Tillgänglighet och supporttider bestäms av den kommun som driver tjänsten; fråga kontakten nedan. Det som programmet självt håller:\n\n- En ändring som har besvarats med 2xx är sparad och överlever ett strömavbrott, tillsammans med sin händelse i loggen.\n- När tjänsten är för upptagen svarar den 503 med `Retry-After`, och inget har sparats.\n- När den stoppas gör den klart det som pågår. `/health/live` och `/health/ready` på samma värd säger hur den mår.",
    },
    Section {
        title: ("Known limits", "Kända begränsningar"),
        en: "- Lists tell no total and have no `last` link: counting millions would cost more than the page.\n- A body holds at most 256 KiB, a roster at most 32 MiB. Keep an address below 2,048 characters.\n- After repeated failed sign-ins there is a growing wait, at most 15 minutes. Searches, and what goes through much of the register, are limited by account and hour (429 `too-many-requests`, with `Retry-After`).\n- A position of a list stops working when the operator changes the secret of the service; begin again from the first page.\n- Youths with protected identity stand in no list but those below the youth; `POST /youths/search` finds them for whoever may.\n- A list is replaced whole by `PATCH`; a single item of it has no address.",
        sv: "- Listor anger ingen totalsumma och har ingen länk `last`: att räkna miljoner skulle kosta mer än sidan.\n- Ett innehåll får vara högst 256 KiB, en befolkningslista högst 32 MiB. Håll en adress under 2 048 tecken.\n- Efter upprepade misslyckade inloggningar växer väntetiden, till högst 15 minuter. Sökningar, och det som går igenom mycket av registret, är begränsade per konto och timme (429 `too-many-requests`, med `Retry-After`).\n- En position i en lista slutar gälla när tjänstens hemlighet byts; börja om från första sidan.\n- Ungdomar med skyddade personuppgifter står inte i någon annan lista än dem under ungdomen; `POST /youths/search` hittar dem för den som får.\n- En lista byts ut hel av `PATCH`; en enskild rad i den har ingen adress.",
    },
    Section {
        title: ("Contact", "Kontakt"),
        en: "The municipality that runs the service: {contact}",
        sv: "Kommunen som driver tjänsten: {contact}",
    },
];

/// A word of the work: Swedish, the word in the interface, what it means in English and in Swedish.
pub struct Term {
    /// As staff say it.
    pub swedish: &'static str,
    /// As the interface says it.
    pub word: &'static str,
    /// What it means, in English.
    pub en: &'static str,
    /// What it means, in Swedish.
    pub sv: &'static str,
}

/// The glossary.
#[rustfmt::skip]
pub const GLOSSARY: &[Term] = &[
    Term { swedish: "aktivitetsansvaret (KAA)", word: "kaa", en: "The municipality's duty to keep itself informed of what young people who have left school and are not yet 20 do, and to offer them measures (skollagen 29 kap. 9 §).", sv: "Kommunens ansvar att hålla sig informerad om sysselsättningen för unga under 20 som inte går i skolan, och att erbjuda dem åtgärder (skollagen 29 kap. 9 §)." },
    Term { swedish: "uppsökande verksamhet", word: "outreach_20_25", en: "Outreach to those of 20-25 who neither work nor study.", sv: "Arbete för att nå unga 20–25 år som varken arbetar eller studerar." },
    Term { swedish: "ungdom", word: "youth", en: "A young person in the register.", sv: "En ung person i registret." },
    Term { swedish: "period", word: "episode", en: "The time that a youth is followed in a track.", sv: "Tiden som en ungdom följs i ett spår." },
    Term { swedish: "spår", word: "track", en: "The duty of 16-19, or the outreach of 20-25.", sv: "Ansvaret för 16–19, eller det uppsökande arbetet för 20–25." },
    Term { swedish: "avregistrering", word: "deregistration", en: "The end of an episode.", sv: "Slutet på en period." },
    Term { swedish: "åtgärd, insats", word: "measure, intervention", en: "One of the ten national kinds of help; a particular one for a youth.", sv: "Ett av de tio nationella slagen av hjälp; ett enskilt sådant för en ungdom." },
    Term { swedish: "praktikplats", word: "placement offer", en: "Places that a host offers: an employer or another organisation.", sv: "Platser som en värd erbjuder: en arbetsgivare eller en annan organisation." },
    Term { swedish: "matchning", word: "placement match", en: "That a youth and an offered place suit each other.", sv: "Att en ungdom och en erbjuden plats passar ihop." },
    Term { swedish: "hänvisning", word: "referral", en: "Showing a youth on to somebody else, with consent.", sv: "Att visa en ungdom vidare till någon annan, med samtycke." },
    Term { swedish: "samtycke", word: "consent", en: "What a youth, or before 16 a guardian, has agreed to: who may be told what, for what, until when.", sv: "Det som ungdomen, eller före 16 års ålder en vårdnadshavare, har gått med på: vem som får veta vad, till vad, till när." },
    Term { swedish: "utlämnande", word: "disclosure", en: "That something about a youth was told to somebody, and on which basis.", sv: "Att något om en ungdom har berättats för någon, och på vilken grund." },
    Term { swedish: "rättelseanteckning", word: "correction note", en: "What a youth says is wrong, beside the record that says it.", sv: "Vad ungdomen säger är fel, bredvid posten som säger det." },
    Term { swedish: "överflyttning", word: "transfer", en: "Handing a youth over to another unit or municipality.", sv: "Att lämna över en ungdom till en annan enhet eller kommun." },
    Term { swedish: "tilldelning", word: "assignment", en: "That a member of staff works with a youth.", sv: "Att en medarbetare arbetar med en ungdom." },
    Term { swedish: "ansvarig handläggare", word: "handler", en: "Who answers for the work with a youth.", sv: "Den som ansvarar för arbetet med en ungdom." },
    Term { swedish: "ungdomsambassadör", word: "ambassador", en: "A young person employed by the hour to meet others in the street.", sv: "En ung timanställd som möter andra unga ute." },
    Term { swedish: "syv", word: "syv", en: "Study and career counsellor.", sv: "Studie- och yrkesvägledare." },
    Term { swedish: "socionom", word: "socionom", en: "Social worker of the team.", sv: "Teamets socionom." },
    Term { swedish: "enhetschef", word: "enhetschef", en: "Chief of the unit.", sv: "Chef för enheten." },
    Term { swedish: "loggranskare", word: "loggranskare", en: "Whoever reviews the audit.", sv: "Den som granskar loggen." },
    Term { swedish: "logggranskning", word: "log review", en: "Looking through a sample of what the log says of the staff.", sv: "Att gå igenom ett urval av vad loggen säger om medarbetarna." },
    Term { swedish: "det skyddade utrymmet", word: "protected compartment", en: "Where sensitive referrals and statuses lie, apart from the register.", sv: "Där känsliga hänvisningar och statusar ligger, skilda från registret." },
    Term { swedish: "nödöppnande", word: "access grant, break-glass", en: "Opening by a stated reason, for a short while, what is otherwise closed.", sv: "Att med ett angivet skäl, för en kort stund, öppna sådant som annars är stängt." },
    Term { swedish: "skyddade personuppgifter", word: "protection level", en: "Confidentiality marking or protected population registration.", sv: "Sekretessmarkering eller skyddad folkbokföring." },
    Term { swedish: "sysselsättning", word: "occupation", en: "What a youth does: work, studies, or nothing.", sv: "Vad en ungdom gör: arbete, studier, eller inget." },
    Term { swedish: "befolkningslista", word: "roster", en: "A file from the population register or the school, as CSV.", sv: "En fil från folkbokföringen eller skolan, som CSV." },
];

//! The chapters of placements: offers of places at a host, what youths want, which of them suit each other, and the placements
//! that came of it. What suits what stands in `domain::placement`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, Property, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
const FILTERS: &[Property] = &[
    p("status", Word("PlacementOfferStatus"), "open", "Open, or closed.", "Öppna, eller stängda."),
    p("field", Word("PlacementField"), "restaurant_bakery", "In this field of work.", "Inom detta område."),
    p("kind", Word("Measure"), "work_placement", "Of this measure.", "Av denna åtgärd."),
    p("organisationId", Id, ids::ORGANISATION, "At this host.", "Hos denna värd."),
];

const OFFER_INPUTS: &[Input] = &[
    must("organisationId"),
    must("title"),
    must("field"),
    must("kind"),
    must("places"),
    must("startsOn"),
    must("endsOn"),
    may("supervisorId"),
    may("requirements"),
    may("leastAge"),
    may("needsDrivingLicence"),
    may("status"),
    CONFIRMS,
];

#[rustfmt::skip]
pub const OFFERS: Chapter = Chapter {
    resource: Resource::PlacementOffers,
    title: ("Placement offers", "Erbjudna platser"),
    text: (
        "Places that a host offers: in which field of work, how many, when, with whom as supervisor, and what is asked for. A place is held by a placement whose intervention is offered, accepted or under way; it is free again when the youth says no, does not come, or has ended. No place is given twice: whoever comes second gets 409 `places-taken`, also when a youth who said no says yes after all. `hasFreePlace` goes by everybody who holds a place, also youths whom you do not see.",
        "Platser som en värd erbjuder: inom vilket område, hur många, när, med vem som handledare, och vad som efterfrågas. En plats är upptagen av en placering vars insats är erbjuden, accepterad eller pågår; den blir ledig igen när ungdomen tackar nej, uteblir eller har slutat. Ingen plats ges bort två gånger: den som kommer tvåa får 409 `places-taken`, också när en ungdom som tackat nej ändrar sig. `hasFreePlace` går efter alla som har en plats, även ungdomar som du inte ser.",
    ),
    shown: &[Shown {
        resource: Resource::PlacementOffers,
        name: "PlacementOffer",
        as_it_was: None,
        text: ("An offer of places.", "Ett erbjudande om platser."),
        properties: &[
            p("id", Id, ids::PLACEMENT_OFFER, "The offer's id.", "Erbjudandets id."),
            p("unitId", Id, ids::UNIT, "The unit that it was made to.", "Enheten som fick det."),
            p("organisationId", Id, ids::ORGANISATION, "The host.", "Värden."),
            p("title", Text(200), "Kök och servering, vår", "What the place is called.", "Vad platsen kallas."),
            p("field", Word("PlacementField"), "restaurant_bakery", "The field of work.", "Området."),
            p("kind", Word("Measure"), "work_placement", "The measure that a place becomes: `work_placement` or `subsidised_employment`.", "Åtgärden som en plats blir: `work_placement` eller `subsidised_employment`."),
            p("places", Whole(1, 200), "2", "How many places there are; never fewer than are held.", "Hur många platser som finns; aldrig färre än de upptagna."),
            p("hasFreePlace", YesNo, "true", "Whether there is a place that nobody holds.", "Om det finns en ledig plats."),
            p("startsOn", Date, "2027-01-11", "The first day.", "Den första dagen."),
            p("endsOn", Date, "2027-04-16", "The last day.", "Den sista dagen."),
            p("supervisorId", Id, ids::CONTACT_PERSON, "The supervisor: a contact person of the host.", "Handledaren: en kontaktperson hos värden.").or_null(),
            p("requirements", Lines(2000), "Kunna börja klockan sju. Inga förkunskaper.", "What is asked for, in words; nothing about youths.", "Vad som efterfrågas, i ord; inget om ungdomar.").or_null(),
            p("leastAge", Whole(16, 25), "null", "The age asked for, on the first day.", "Åldern som efterfrågas, den första dagen.").or_null(),
            p("needsDrivingLicence", YesNo, "false", "Whether a driving licence is asked for.", "Om körkort efterfrågas."),
            p("status", Word("PlacementOfferStatus"), "open", "Whether it takes anybody still; open if nothing is told.", "Om det ännu tar emot någon; öppet om inget anges."),
            p("createdBy", Id, ids::USER, "Who entered it.", "Vem som lade in det.").or_null(),
            p("createdAt", Instant, "2026-11-02T08:00:00.000000Z", "When it was entered.", "När det lades in."),
            p("updatedAt", Instant, "2026-11-02T08:00:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`; a place that is given or given back does not change it.", "Dess version, som i `ETag`; att en plats tas eller blir ledig ändrar den inte."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListPlacementOffers,
            ("List placement offers", "The offers to your unit, the latest to begin first."),
            ("Lista erbjudna platser", "Erbjudanden till din enhet, det som börjar senast först."))
            .query(FILTERS),
        Described::of(Operation::CreatePlacementOffer,
            ("Enter a placement offer", "Enters what a host offers."),
            ("Lägg in ett erbjudande om platser", "Lägger in det en värd erbjuder."))
            .takes(OFFER_INPUTS)
            .not_in_example(&["confirmedTerms"]),
        Described::of(Operation::ReadPlacementOffer,
            ("Read a placement offer", "One offer, with the version in the `ETag`."),
            ("Läs ett erbjudande om platser", "Ett erbjudande, med versionen i `ETag`.")),
        Described::of(Operation::UpdatePlacementOffer,
            ("Change a placement offer", "Changes what is named and leaves the rest, or closes it. Host and measure stay; places that are held cannot be taken away."),
            ("Ändra ett erbjudande om platser", "Ändrar det som nämns och lämnar resten, eller stänger det. Värd och åtgärd står fast; upptagna platser kan inte tas bort."))
            .takes(OFFER_INPUTS)
            .not_in_example(&["organisationId", "kind", "confirmedTerms"])
            .errors(&[ErrorCode::PlacesTaken]),
    ],
};

#[rustfmt::skip]
const WISH_INPUTS: &[Input] = &[
    must("fields"),
    must("fromOn"),
    may("toOn"),
    may("hoursPerWeek"),
    may("hasDrivingLicence"),
    may("note"),
    may("isActive"),
    CONFIRMS,
];

#[rustfmt::skip]
const NEW_WISH: &[Input] = &[
    may("episodeId"),
    must("fields"),
    may("fromOn"),
    may("toOn"),
    may("hoursPerWeek"),
    may("hasDrivingLicence"),
    may("note"),
    may("isActive"),
    CONFIRMS,
];

#[rustfmt::skip]
pub const WISHES: Chapter = Chapter {
    resource: Resource::PlacementWishes,
    title: ("Placement wishes", "Önskemål om praktik"),
    text: (
        "What a youth wants of a placement. One wish stands at a time, as long as its episode is open and it is active.",
        "Vad en ungdom vill med en praktik. Ett önskemål gäller åt gången, så länge perioden är öppen och det är aktivt.",
    ),
    shown: &[Shown {
        resource: Resource::PlacementWishes,
        name: "PlacementWish",
        as_it_was: None,
        text: ("A wish.", "Ett önskemål."),
        properties: &[
            p("id", Id, ids::PLACEMENT_WISH, "The wish's id.", "Önskemålets id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("episodeId", Id, ids::EPISODE, "The episode that it belongs to; the open one if none is named.", "Perioden som det hör till; den öppna om ingen anges."),
            p("fields", Many(&Word("PlacementField"), 14), "restaurant_bakery|trade", "The fields of work that the youth wants.", "De områden ungdomen vill arbeta inom."),
            p("fromOn", Date, "2026-12-01", "From when; today if nothing is told.", "Från när; i dag om inget anges."),
            p("toOn", Date, "null", "Until when, if the youth has said so.", "Till när, om ungdomen har sagt det.").or_null(),
            p("hoursPerWeek", Whole(1, 40), "20", "Hours a week.", "Timmar i veckan.").or_null(),
            p("hasDrivingLicence", YesNo, "false", "Whether the youth has a driving licence.", "Om ungdomen har körkort."),
            p("note", Lines(2000), "Helst förmiddagar.", "What else the youth wants.", "Vad ungdomen vill i övrigt.").or_null().sometimes(),
            p("isActive", YesNo, "true", "Whether it still stands.", "Om det fortfarande gäller."),
            p("createdBy", Id, ids::USER, "Who recorded it.", "Vem som antecknade det.").or_null(),
            p("createdAt", Instant, "2026-11-10T09:00:00.000000Z", "When it was recorded.", "När det antecknades."),
            p("updatedAt", Instant, "2026-11-10T09:00:00.000000Z", "When it was last changed.", "När det senast ändrades."),
            p("version", Whole(1, i64::MAX), "1", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListYouthPlacementWishes,
            ("List placement wishes of a youth", "The wishes of one youth, newest first."),
            ("Lista en ungdoms önskemål om praktik", "En ungdoms önskemål, det senaste först.")),
        Described::of(Operation::RecordPlacementWish,
            ("Record a placement wish", "Records what a youth wants, in an open episode."),
            ("Anteckna ett önskemål om praktik", "Antecknar vad en ungdom vill, i en öppen period."))
            .takes(NEW_WISH)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::NoOpenEpisode, ErrorCode::EpisodeClosed, ErrorCode::AlreadyExists]),
        Described::of(Operation::ReadPlacementWish,
            ("Read a placement wish", "One wish, with the version in the `ETag`."),
            ("Läs ett önskemål om praktik", "Ett önskemål, med versionen i `ETag`.")),
        Described::of(Operation::UpdatePlacementWish,
            ("Change a placement wish", "Changes what is named and leaves the rest, or takes it back. What stood before is kept."),
            ("Ändra ett önskemål om praktik", "Ändrar det som nämns och lämnar resten, eller tar tillbaka det. Det som stod förut sparas."))
            .takes(WISH_INPUTS)
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::EpisodeClosed, ErrorCode::AlreadyExists]),
    ],
};

#[rustfmt::skip]
pub const MATCHES: Chapter = Chapter {
    resource: Resource::PlacementMatches,
    title: ("Placement matches", "Matchning"),
    text: (
        "Which youths and offered places suit each other, by the same rules both ways: the youth wants the field, within the period, is of the age and has the licence asked for, and may start measures; was not offered a place there before, and holds none elsewhere at that time. Nobody with protected identity, or whose data are restricted, is proposed. A match is a proposal; `POST /placement-offers/{placementOfferId}/placements` makes it an offered intervention.",
        "Vilka ungdomar och erbjudna platser som passar ihop, efter samma regler åt båda hållen: ungdomen vill arbeta inom området, under perioden, har åldern och körkortet som efterfrågas, och får påbörja insatser; har inte erbjudits plats där förut, och har ingen annanstans då. Ingen med skyddade personuppgifter eller med begränsad behandling föreslås. En match är ett förslag; `POST /placement-offers/{placementOfferId}/placements` gör den till en erbjuden insats.",
    ),
    shown: &[Shown {
        resource: Resource::PlacementMatches,
        name: "PlacementMatch",
        as_it_was: None,
        text: ("A youth and an offer that suit each other.", "En ungdom och ett erbjudande som passar ihop."),
        properties: &[
            p("offerId", Id, ids::PLACEMENT_OFFER, "The offer.", "Erbjudandet."),
            p("organisationId", Id, ids::ORGANISATION, "The host.", "Värden."),
            p("title", Text(200), "Kök och servering, vår", "What the place is called.", "Vad platsen kallas."),
            p("field", Word("PlacementField"), "restaurant_bakery", "The field of work.", "Området."),
            p("startsOn", Date, "2027-01-11", "The first day.", "Den första dagen."),
            p("endsOn", Date, "2027-04-16", "The last day.", "Den sista dagen."),
            p("hasFreePlace", YesNo, "true", "Whether there is a place that nobody holds.", "Om det finns en ledig plats."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("givenName", Text(0), "Alva", "The youth's given name.", "Ungdomens förnamn."),
            p("familyName", Text(0), "Lindqvist", "The youth's family name.", "Ungdomens efternamn."),
            p("age", Whole(0, 150), "17", "The youth's age.", "Ungdomens ålder.").or_null(),
            p("wishId", Id, ids::PLACEMENT_WISH, "What the youth wants.", "Vad ungdomen vill."),
            p("hoursPerWeek", Whole(1, 40), "20", "Hours a week that the youth wants.", "Timmar i veckan som ungdomen vill.").or_null(),
            p("reasons", Many(&Word("MatchReason"), 6), "wants_field|within_period|may_start_measures|place_free", "Why they suit each other.", "Varför de passar ihop."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListOfferMatches,
            ("List youths who suit an offer", "The youths of your unit who suit an offer, by name. None if it is closed or has run out."),
            ("Lista ungdomar som passar ett erbjudande", "De ungdomar i din enhet som passar ett erbjudande, efter namn. Inga om det är stängt eller har löpt ut.")),
        Described::of(Operation::ListYouthMatches,
            ("List offers that suit a youth", "The open offers that suit a youth, the first to begin first."),
            ("Lista erbjudanden som passar en ungdom", "De öppna erbjudanden som passar en ungdom, det som börjar först först.")),
    ],
};

#[rustfmt::skip]
pub const PLACEMENTS: Chapter = Chapter {
    resource: Resource::Placements,
    title: ("Placements", "Placeringar"),
    text: (
        "That a youth was offered a place at a host, and the intervention that it became. How it goes on stands in the intervention: answer it, start it and end it there.",
        "Att en ungdom har erbjudits en plats hos en värd, och insatsen som det blev. Hur det går står i insatsen: svara, påbörja och avsluta den där.",
    ),
    shown: &[Shown {
        resource: Resource::Placements,
        name: "Placement",
        as_it_was: None,
        text: ("A placement.", "En placering."),
        properties: &[
            p("id", Id, ids::PLACEMENT, "The placement's id.", "Placeringens id."),
            p("offerId", Id, ids::PLACEMENT_OFFER, "The offer.", "Erbjudandet."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("interventionId", Id, ids::INTERVENTION, "The intervention that it became.", "Insatsen som det blev."),
            p("answer", Word("OfferAnswer"), "offered", "The youth's answer, as in the intervention.", "Ungdomens svar, som i insatsen."),
            p("startedOn", Date, "null", "The first day, as in the intervention.", "Den första dagen, som i insatsen.").or_null(),
            p("endedOn", Date, "null", "The last day, as in the intervention.", "Den sista dagen, som i insatsen.").or_null(),
            p("isHeld", YesNo, "true", "Whether it holds a place.", "Om den upptar en plats."),
            p("createdBy", Id, ids::USER, "Who offered it.", "Vem som erbjöd den.").or_null(),
            p("createdAt", Instant, "2026-11-16T10:00:00.000000Z", "When it was offered.", "När den erbjöds."),
        ],
    }],
    parts: &[Part {
        name: "HostFollowUp",
        text: ("A day when a placement is followed up.", "En dag då en placering följs upp."),
        properties: &[
            p("dueOn", Date, "2027-01-25", "The day it is due; it comes up on the work list.", "Dagen då det ska göras; den kommer upp i arbetslistan.").always(),
            p("isAtHost", YesNo, "true", "Whether it is done at the host; it is, if nothing is told.", "Om det görs hos värden; så är det om inget anges."),
        ],
    }],
    operations: &[
        Described::of(Operation::ListOfferPlacements,
            ("List placements of an offer", "The placements of an offer, newest first: of youths that lists tell of."),
            ("Lista ett erbjudandes placeringar", "Ett erbjudandes placeringar, den senaste först: av ungdomar som listor berättar om.")),
        Described::of(Operation::ListYouthPlacements,
            ("List placements of a youth", "The placements of one youth, newest first."),
            ("Lista en ungdoms placeringar", "En ungdoms placeringar, den senaste först.")),
        Described::of(Operation::OfferPlacement,
            ("Offer a place", "Makes an offered intervention of a match, in one step: of the offer's measure, with the host as provider, and followed up at the host, on the days told or on those of the settings. A youth with protected identity is placed by an intervention of their own, and the place is taken off the offer."),
            ("Erbjud en plats", "Gör en match till en erbjuden insats, i ett steg: av erbjudandets åtgärd, med värden som anordnare, och uppföljd hos värden, de dagar som anges eller enligt inställningarna. En ungdom med skyddade personuppgifter placeras genom en egen insats, och platsen tas bort från erbjudandet."))
            .takes(&[
                must("youthId"),
                Input::Own(p("episodeId", Id, ids::EPISODE, "The episode that the intervention belongs to; the open one if none is named.", "Perioden som insatsen hör till; den öppna om ingen anges.")),
                Input::Own(p("goal", Lines(2000), "Prova på arbete i kök två dagar i veckan.", "What it is for.", "Vad den ska leda till.")),
                Input::Own(p("followUps", Many(&Part("HostFollowUp"), 50), "", "When it is followed up; by the settings if nothing is told.", "När den följs upp; enligt inställningarna om inget anges.")),
                CONFIRMS,
            ])
            .not_in_example(&["episodeId", "confirmedTerms"])
            .errors(&[ErrorCode::PlacesTaken, ErrorCode::PlacementOfferClosed, ErrorCode::AlreadyExists, ErrorCode::NoOpenEpisode, ErrorCode::EpisodeClosed]),
        Described::of(Operation::ReadPlacement,
            ("Read a placement", "One placement."),
            ("Läs en placering", "En placering.")),
    ],
};

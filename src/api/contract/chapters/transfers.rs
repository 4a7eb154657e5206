//! The chapter of transfers. Who answers one stands in `domain::transfer`.

use super::{CONFIRMS, Chapter, Described, Input, Part, Shown, ids, may, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const CHAPTER: Chapter = Chapter {
    resource: Resource::Transfers,
    title: ("Transfers", "Överflyttningar"),
    text: (
        "Handing a youth over to another unit, which answers, or to another municipality, whose answer the sender records. Until it has answered, the receiving unit sees of the youth only the given name and the year of birth, and of a protected identity nothing: that one its chief answers. With the answer the youth and the open episodes move and running assignments end; contacts, interventions and who wrote them stay. One transfer of a youth waits at a time.",
        "Att lämna över en ungdom till en annan enhet, som svarar, eller till en annan kommun, vars svar avsändaren antecknar. Tills den har svarat ser den mottagande enheten av ungdomen bara tilltalsnamnet och födelseåret, och av en skyddad person inget: den svarar enhetschefen för. Med svaret flyttar ungdomen och de öppna perioderna och pågående tilldelningar upphör; kontakter, insatser och vem som skrev dem står kvar. En ungdom väntar på svar om en överflyttning i taget.",
    ),
    shown: &[Shown {
        resource: Resource::Transfers,
        name: "Transfer",
        as_it_was: None,
        text: ("A transfer.", "En överflyttning."),
        properties: &[
            p("id", Id, ids::TRANSFER, "The transfer's id.", "Överflyttningens id."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("fromUnitId", Id, ids::UNIT, "The unit that hands over.", "Enheten som lämnar över."),
            p("toUnitId", Id, ids::UNIT, "The unit that is to take over.", "Enheten som ska ta över.").or_null(),
            p("toMunicipalityCode", Text(10), "null", "The municipality that is to take over, by its code of four digits.", "Kommunen som ska ta över, med sin kod på fyra siffror.").or_null(),
            p("toMunicipalityName", Text(100), "null", "Its name.", "Dess namn.").or_null(),
            p("reason", Lines(2000), "Har flyttat till Ursvik.", "Why.", "Varför."),
            p("status", Word("TransferStatus"), "accepted", "Where it stands.", "Var den står."),
            p("givenName", Text(0), "Alva", "The youth's given name, while it waits.", "Ungdomens tilltalsnamn, medan den väntar.").or_null(),
            p("birthYear", Whole(1900, 2200), "2009", "The youth's year of birth, while it waits.", "Ungdomens födelseår, medan den väntar.").or_null(),
            p("basis", Word("DisclosureBasis"), "null", "To another municipality: on what what is handed over is told.", "Till en annan kommun: vad det vilar på att uppgifterna lämnas.").or_null(),
            p("consentId", Id, "null", "The consent, if that is the basis.", "Samtycket, om det är grunden.").or_null(),
            p("basisReason", Text(500), "null", "The statute of a legal duty, or the other reason.", "Lagrummet för en skyldighet, eller det andra skälet.").or_null(),
            p("decidedOn", Date, "2026-11-23", "When it was answered or withdrawn.", "När den besvarades eller togs tillbaka.").or_null(),
            p("decidedBy", Id, ids::USER, "By whom.", "Av vem.").or_null(),
            p("decisionReason", Lines(2000), "null", "Why it was answered so; told of a refusal.", "Varför svaret blev så; anges när den nekas.").or_null(),
            p("reference", Text(100), "null", "The other municipality's reference.", "Den andra kommunens beteckning.").or_null(),
            p("createdBy", Id, ids::USER, "Who asked.", "Vem som begärde den.").or_null(),
            p("createdAt", Instant, "2026-11-20T10:00:00.000000Z", "When it was asked.", "När den begärdes."),
            p("updatedAt", Instant, "2026-11-23T09:40:00.000000Z", "When it was last changed.", "När den senast ändrades."),
            p("version", Whole(1, i64::MAX), "2", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[Part {
        name: "ReceivingUnit",
        text: ("A unit that a youth can be handed over to.", "En enhet som en ungdom kan lämnas över till."),
        properties: &[
            p("id", Id, ids::UNIT, "The unit.", "Enheten.").always(),
            p("name", Text(0), "Unga vuxna Ursvik", "Its name.", "Dess namn.").always(),
        ],
    }],
    operations: &[
        Described::of(Operation::ListTransfers,
            ("List transfers", "The transfers from and to your unit, newest first."),
            ("Lista överflyttningar", "Överflyttningarna från och till din enhet, den senaste först."))
            .query(&[p("status", Word("TransferStatus"), "pending", "That stand so.", "Som står så.")]),
        Described::of(Operation::ListYouthTransfers,
            ("List transfers of a youth", "The transfers of one youth, newest first."),
            ("Lista överflyttningar av en ungdom", "En ungdoms överflyttningar, den senaste först."))
            .query(&[p("status", Word("TransferStatus"), "pending", "That stand so.", "Som står så.")]),
        Described::of(Operation::ListReceivingUnits,
            ("List receiving units", "The units that a youth can be handed over to: all but your own."),
            ("Lista mottagande enheter", "Enheterna som en ungdom kan lämnas över till: alla utom din egen."))
            .answers("ReceivingUnit"),
        Described::of(Operation::CreateTransfer,
            ("Ask for a transfer", "Asks that a youth be taken over by a unit (`toUnitId`) or by another municipality (its code and name, and a basis for what is handed over)."),
            ("Begär en överflyttning", "Begär att en ungdom tas över av en enhet (`toUnitId`) eller av en annan kommun (dess kod och namn, och en grund för det som lämnas över)."))
            .takes(&[
                may("toUnitId"), may("toMunicipalityCode"), may("toMunicipalityName"), must("reason"),
                may("basis"), may("consentId"), may("basisReason"), CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms"])
            .errors(&[ErrorCode::TransferPending, ErrorCode::ConsentWithdrawn]),
        Described::of(Operation::ReadTransfer,
            ("Read a transfer", "One transfer, with the version in the `ETag`."),
            ("Läs en överflyttning", "En överflyttning, med versionen i `ETag`.")),
        Described::of(Operation::DecideTransfer,
            ("Answer a transfer", "The receiving unit accepts or refuses; the sending unit withdraws, and tells what another municipality answered, when and under which reference. When another municipality has accepted, the open episodes close as no longer registered here; started interventions are ended in the same request."),
            ("Besvara en överflyttning", "Den mottagande enheten tar emot eller nekar; den sändande tar tillbaka, och berättar vad en annan kommun svarade, när och med vilken beteckning. När en annan kommun har tagit emot avslutas de öppna perioderna som ej längre folkbokförd; påbörjade insatser avslutas i samma begäran."))
            .takes(&[
                must("status"), may("decidedOn"), may("decisionReason"), may("reference"),
                Input::Own(p("interventions", Many(&Part("EndedIntervention"), 100), "", "How each started intervention ended, when another municipality takes over.", "Hur varje påbörjad insats slutade, när en annan kommun tar över.")),
                CONFIRMS,
            ])
            .not_in_example(&["confirmedTerms", "interventions"])
            .errors(&[ErrorCode::TransferDecided, ErrorCode::InterventionsOpen, ErrorCode::ConsentWithdrawn]),
    ],
};

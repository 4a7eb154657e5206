//! The chapters of the half-yearly national file and of what is wrong with one. What is told in it stands in
//! `domain::national_file`, how it is written in a profile.

use super::{Chapter, Described, Shown, ids, must};
use crate::api::contract::shape::{Kind::*, p};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;

#[rustfmt::skip]
pub const FILES: Chapter = Chapter {
    resource: Resource::NationalFiles,
    title: ("National files", "Nationella filer"),
    text: (
        "The half-yearly collection of the kommunala aktivitetsansvaret (1 January to 30 June, 1 July to 31 December): every youth who was covered on some day, with contacts that reached them, measures begun and ended, and exits. By law and person by person, so the chief alone makes and fetches it, each fetching is noted for every youth in it, and it is kept enciphered for some days (setting `nationalFileDays`). How it is written is decided by a profile that the municipality fits to the instruction of the period; the one that is shipped is a draft, held against no instruction, and says so. Youths with protected identity are left out and counted unless the profile says otherwise, those handled outside the system and those whose data may not be used now always: report them by hand. A new file for a half-year replaces the earlier, whose line stays.",
        "Den halvårsvisa insamlingen om det kommunala aktivitetsansvaret (1 januari till 30 juni, 1 juli till 31 december): varje ungdom som omfattades någon dag, med kontakter som nådde fram, åtgärder som påbörjades och avslutades, och avregistreringar. Enligt lag och person för person, så bara enhetschefen tar fram och hämtar den, varje hämtning loggas för varje ungdom i den, och den sparas krypterad några dagar (inställningen `nationalFileDays`). Hur den skrivs bestäms av en profil som kommunen anpassar till periodens instruktion; den som följer med är ett utkast, inte avstämt mot någon instruktion, och säger det. Ungdomar med skyddade personuppgifter utelämnas och räknas om inte profilen säger annat, de som handläggs utanför systemet och de vars uppgifter inte får användas nu alltid: rapportera dem för hand. En ny fil för ett halvår ersätter den tidigare, vars rad står kvar.",
    ),
    shown: &[Shown {
        resource: Resource::NationalFiles,
        name: "NationalFile",
        as_it_was: None,
        text: ("A file that was made, or stopped by errors.", "En fil som togs fram, eller stoppades av fel."),
        properties: &[
            p("id", Id, ids::NATIONAL_FILE, "The file's id.", "Filens id."),
            p("year", Whole(2015, 2099), "2026", "The year.", "Året."),
            p("halfYear", Whole(1, 2), "1", "The first or second half.", "Det första eller andra halvåret."),
            p("status", Word("NationalFileStatus"), "made", "Where it has come to.", "Hur långt den har kommit."),
            p("profileName", Text(40), "draft-2026", "The profile by which it is written.", "Profilen som den är skriven efter."),
            p("profileVersion", Text(40), "1", "The profile's version, as whoever wrote it counts.", "Profilens version, så som den som skrev den räknar."),
            p("profileSha256", Text(64), "5f2b1c0e9a7d4c38b6e1f0a2d3c4b5a697887766554433221100ffeeddccbbaa", "SHA-256 of the profile, in hexadecimal.", "Profilens SHA-256, hexadecimalt."),
            p("isDraft", YesNo, "true", "Whether the profile is a draft, which nobody has held against the instruction.", "Om profilen är ett utkast, som ingen har stämt av mot instruktionen."),
            p("fileName", Text(100), "DRAFT-draft-2026-2026-H1.csv", "The name to keep it under; that of a draft begins with DRAFT.", "Namnet att spara den under; ett utkasts börjar med DRAFT."),
            p("mediaType", Text(60), "text/csv; charset=utf-8", "Its media type, with the encoding.", "Dess medietyp, med teckenkodningen."),
            p("sha256", Text(64), "9b1d5a20c4e87f36a2b0d91e5c7f48830416ad2b9c3e5f708192a3b4c5d6e7f8", "SHA-256 of its exact bytes, in hexadecimal; null when it was not made.", "SHA-256 av dess exakta byte, hexadecimalt; null om den inte togs fram.").or_null(),
            p("byteCount", Whole(0, i64::MAX), "48213", "Its length in bytes; 0 when it was stopped.", "Dess längd i byte; 0 om den stoppades."),
            p("rowCount", Whole(0, i64::MAX), "612", "Rows, without the heading.", "Rader, utan rubriken."),
            p("personCount", Whole(0, i64::MAX), "148", "Youths in it.", "Ungdomar i den."),
            p("protectedCount", Whole(0, i64::MAX), "2", "Youths left out since their identity is protected.", "Ungdomar som utelämnats eftersom de har skyddade personuppgifter."),
            p("outsideCount", Whole(0, i64::MAX), "0", "Youths left out since they are handled outside the system.", "Ungdomar som utelämnats eftersom de handläggs utanför systemet."),
            p("restrictedCount", Whole(0, i64::MAX), "0", "Youths left out since what is kept of them may not be used now.", "Ungdomar som utelämnats eftersom uppgifterna om dem inte får användas nu."),
            p("errorCount", Whole(0, i64::MAX), "0", "Problems that stop the file.", "Problem som stoppar filen."),
            p("warningCount", Whole(0, i64::MAX), "3", "Problems that are only told.", "Problem som bara berättas."),
            p("jobId", Id, ids::JOB, "The job that made it.", "Arbetet som tog fram den."),
            p("madeBy", Id, ids::CHIEF, "Who asked for it.", "Vem som beställde den."),
            p("createdAt", Instant, "2026-11-24T08:00:00.000000Z", "When it was begun.", "När den påbörjades."),
            p("finishedAt", Instant, "2026-11-24T08:00:04.000000Z", "When it was made or stopped; null before that.", "När den blev klar eller stoppades; null dessförinnan.").or_null(),
            p("replacedBy", Id, "null", "The later file of the same half-year.", "Den senare filen för samma halvår.").or_null(),
            p("replacedAt", Instant, "null", "When that took its place.", "När den tog dess plats.").or_null(),
            p("expiresOn", Date, "2026-12-08", "From this day on content and problems are no longer given.", "Från denna dag lämnas innehåll och problem inte längre ut.").or_null(),
            p("contentErasedAt", Instant, "null", "When they were erased.", "När de raderades.").or_null(),
            p("version", Whole(1, i64::MAX), "2", "Its version, as in the `ETag`.", "Dess version, som i `ETag`."),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListNationalFiles,
            ("List national files", "The files, newest first, those of before too."),
            ("Lista nationella filer", "Filerna, den senaste först, även tidigare."))
            .query(&[
                p("year", Whole(2015, 2099), "2026", "Of this year.", "För detta år."),
                p("halfYear", Whole(1, 2), "1", "Of this half.", "För detta halvår."),
            ]),
        Described::of(Operation::CreateNationalFile,
            ("Make a national file", "Asks for the file of a half-year that is over; it is made beside other work. With errors there is none, but a list of what is wrong with which row, and the earlier file stays in force."),
            ("Ta fram en nationell fil", "Beställer filen för ett halvår som är slut; den tas fram vid sidan av annat arbete. Vid fel blir det ingen fil utan en lista över vad som är fel på vilken rad, och den tidigare filen gäller fortfarande."))
            .takes(&[must("year"), must("halfYear")])
            .answers("Job")
            .errors(&[ErrorCode::JobUnderWay]),
        Described::of(Operation::ReadNationalFile,
            ("Read a national file", "The line of one file, with the version in the `ETag`."),
            ("Läs en nationell fil", "En fils rad, med versionen i `ETag`.")),
        Described::of(Operation::ReadNationalFileContent,
            ("Fetch a national file", "The bytes of the file, exactly as they were hashed. Noted in the log for every youth in it."),
            ("Hämta en nationell fil", "Filens byte, exakt så som hashen är beräknad. Loggas för varje ungdom i den."))
            .errors(&[ErrorCode::NationalFileNotMade, ErrorCode::NationalFileGone]),
    ],
};

#[rustfmt::skip]
pub const PROBLEMS: Chapter = Chapter {
    resource: Resource::NationalFileProblems,
    title: ("Problems of national files", "Problem i nationella filer"),
    text: (
        "What is wrong with the rows of a file: by the service's own controls, and by what the profile cannot write. Errors stop the file, warnings are only told; a profile may weigh them otherwise. A youth is named by id, never by number.",
        "Vad som är fel i en fils rader: enligt tjänstens egna kontroller, och det som profilen inte kan skriva. Fel stoppar filen, varningar berättas bara; en profil kan väga dem annorlunda. En ungdom anges med id, aldrig med nummer.",
    ),
    shown: &[Shown {
        resource: Resource::NationalFileProblems,
        name: "NationalFileProblem",
        as_it_was: None,
        text: ("Something wrong with a row.", "Något som är fel på en rad."),
        properties: &[
            p("id", Id, ids::NATIONAL_FILE_PROBLEM, "The problem's id.", "Problemets id."),
            p("fileId", Id, ids::NATIONAL_FILE, "The file.", "Filen."),
            p("line", Whole(1, i64::MAX), "17", "The line of the file, with the heading as line 1; of a stopped one where it would have stood.", "Filens rad, med rubriken som rad 1; i en stoppad fil där den skulle ha stått."),
            p("youthId", Id, ids::YOUTH, "The youth.", "Ungdomen."),
            p("block", Word("NationalFileBlock"), "contact", "The block of the file.", "Filens block."),
            p("field", Text(40), "occupation", "The field, by the name that profiles use.", "Fältet, med det namn som profiler använder."),
            p("code", Word("NationalFileProblemCode"), "occupation_missing", "What is wrong.", "Vad som är fel."),
            p("detail", Text(200), "Sysselsättning saknas för kontakten.", "The same in a sentence.", "Detsamma i en mening."),
            p("weight", Word("NationalFileProblemWeight"), "error", "Whether it stops the file.", "Om det stoppar filen."),
            p("word", Text(100), "null", "The word of a list that it is about.", "Ordet i en lista som det gäller.").or_null(),
        ],
    }],
    parts: &[],
    operations: &[
        Described::of(Operation::ListNationalFileProblems,
            ("List problems of a national file", "What is wrong, in the order of the lines."),
            ("Lista problem i en nationell fil", "Vad som är fel, i radernas ordning."))
            .query(&[p("weight", Word("NationalFileProblemWeight"), "error", "Errors, or warnings.", "Fel, eller varningar.")])
            .errors(&[ErrorCode::NationalFileGone]),
        Described::of(Operation::ExportNationalFileProblems,
            ("Fetch problems of a national file", "The same as CSV, for a spreadsheet; the first ten thousand."),
            ("Hämta problem i en nationell fil", "Detsamma som CSV, för ett kalkylprogram; de första tiotusen."))
            .errors(&[ErrorCode::NationalFileGone]),
    ],
};

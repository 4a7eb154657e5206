//! The code lists of the work: every closed set of words a record may hold, with its identifier,
//! its Swedish and its English label in one line each.
//! Identifiers follow the national labels (Skolverket, Kolada N18746); numeric codes of the national
//! file are not public and belong in an export profile, not here. No rule stands here.

/// A closed list of words that are stored, sent and shown.
pub trait Code: Copy + Eq + Sized + 'static {
    /// Every word of the list, in the order people expect to see them.
    const ALL: &'static [Self];
    /// The stable identifier (snake_case), stored and sent.
    fn code(self) -> &'static str;
    /// The word as Swedish staff say it.
    fn sv(self) -> &'static str;
    /// The word in English.
    fn en(self) -> &'static str;
    /// The word for an identifier, if the list has it.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.code() == code)
    }
}

macro_rules! code_list {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal, $sv:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $(#[doc = $sv] #[serde(rename = $code)] $variant,)+ }
        impl Code for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            fn sv(self) -> &'static str { match self { $(Self::$variant => $sv),+ } }
            fn en(self) -> &'static str { match self { $(Self::$variant => $en),+ } }
        }
    };
}

pub(crate) use code_list;

code_list! {
    /// Legal sex as the population register has it.
    LegalSex {
        Female = "female", "Kvinna", "Female";
        Male = "male", "Man", "Male";
        Unknown = "unknown", "Okänt", "Unknown";
    }
}
code_list! {
    /// Protected personal data (SS 12000 `securityMarking`; folkbokföringslagen 16 §).
    ProtectionLevel {
        None = "none", "Ingen", "None";
        ConfidentialityMarking = "confidentiality_marking", "Sekretessmarkering", "Confidentiality marking";
        ProtectedRegistration = "protected_registration", "Skyddad folkbokföring", "Protected population registration";
        HandledOutside = "handled_outside", "Handläggs utanför systemet", "Handled outside the system";
    }
}
code_list! {
    /// The two tracks: the duty of skollagen 29:9, and the outreach assignment for 20-25.
    Track {
        Kaa = "kaa", "Kommunalt aktivitetsansvar (16–19)", "Municipal activity responsibility (16-19)";
        Outreach = "outreach_20_25", "Uppsökande verksamhet 20–25", "Outreach 20-25";
    }
}
code_list! {
    /// Why the youth is in the target group: latest school status at registration.
    Reason {
        CompulsorySchoolOnly = "compulsory_school_only", "Endast grundskola", "Compulsory school only";
        DropoutNationalProgramme = "dropout_national_programme", "Avbrott från nationellt program", "Dropout from a national programme";
        StudyCertificate = "study_certificate", "Studiebevis från gymnasiet", "Study certificate without exam";
        IntroductoryProgrammeEnded = "introductory_programme_ended", "Introduktionsprogram, avbrutet eller avslutat", "Introductory programme ended";
        RegisteredAfterCompulsoryAge = "registered_after_compulsory_age", "Folkbokförd efter skolpliktig ålder", "Registered after compulsory school age";
        DropoutAdapted = "dropout_adapted", "Avbrott från anpassad gymnasieskola", "Dropout from adapted upper secondary school";
        Unknown = "unknown", "Uppgift saknas", "Unknown";
    }
}
code_list! {
    /// Why an episode ended (avregistrering).
    DeregistrationReason {
        Turned20 = "turned_20", "Fyllt 20 år", "Turned 20";
        NotRegisteredHere = "not_registered_here", "Ej längre folkbokförd i kommunen", "No longer registered in the municipality";
        NationalProgramme = "national_programme_or_equiv", "Studier på nationellt program eller motsvarande", "National programme or equivalent";
        IntroductoryProgramme = "introductory_programme", "Studier på introduktionsprogram", "Introductory programme";
        CompletedUpperSecondary = "completed_upper_secondary", "Slutfört gymnasieutbildning", "Completed upper secondary education";
        Deceased = "deceased", "Avliden", "Deceased";
        RegisteredInError = "registered_in_error", "Felregistrerad, omfattades inte", "Registered in error";
        GoalReached = "goal_reached", "Uppsökande insats avslutad, målet nått", "Outreach ended, goal reached";
        OwnWish = "own_wish", "Uppsökande insats avslutad på egen begäran", "Outreach ended at own wish";
        Turned26 = "turned_26", "Fyllt 26 år", "Turned 26";
    }
}
code_list! {
    /// What the youth went to when the episode ended (Söderhamn's programme; education of which kind).
    Destination {
        Work = "work", "Arbete", "Work";
        UpperSecondary = "upper_secondary_studies", "Gymnasiestudier", "Upper secondary studies";
        Komvux = "komvux_studies", "Studier inom komvux", "Adult education (komvux)";
        FolkHighSchool = "folk_high_school_studies", "Studier på folkhögskola", "Folk high school";
        HigherEducation = "higher_education", "Högskola eller yrkeshögskola", "Higher education";
        OtherEducation = "other_education", "Annan utbildning", "Other education";
        Other = "other", "Annat", "Other";
        None = "none", "Varken arbete eller studier", "Neither work nor studies";
    }
}
code_list! {
    /// How the contact was made or tried.
    Channel {
        Letter = "letter", "Brev", "Letter";
        Postcard = "postcard", "Vykort", "Postcard";
        Phone = "phone", "Telefon", "Phone";
        Sms = "sms", "Sms", "Text message";
        Email = "email", "E-post", "E-mail";
        SocialMedia = "social_media", "Sociala medier", "Social media";
        HomeVisit = "home_visit", "Hembesök", "Home visit";
        OfficeVisit = "office_visit", "Besök på enheten", "Visit at the office";
        StreetOutreach = "street_outreach", "Uppsökande i stadsmiljö", "Street outreach";
        ViaGuardian = "via_guardian", "Via vårdnadshavare", "Through a guardian";
        ViaSchool = "via_school", "Via skola", "Through a school";
        Video = "video", "Videomöte", "Video meeting";
    }
}
code_list! {
    /// Who took the first step.
    Direction {
        Inbound = "inbound", "Ungdomen hörde av sig", "Inbound";
        Outbound = "outbound", "Vi tog kontakt", "Outbound";
    }
}
code_list! {
    /// Whom the contact was with, or meant for.
    MetWho {
        Youth = "youth", "Ungdomen", "The youth";
        Guardian = "guardian", "Vårdnadshavare", "Guardian";
        School = "school", "Skola", "School";
        Authority = "authority", "Myndighet", "Authority";
        Other = "other", "Annan", "Other";
    }
}
code_list! {
    /// What came of it. A failed attempt is a contact too.
    ContactResult {
        Reached = "reached", "Kontakt", "Reached";
        NoAnswer = "no_answer", "Inget svar", "No answer";
        Declined = "declined", "Vill inte ha kontakt", "Declined";
        WrongDetails = "wrong_details", "Fel adress eller nummer", "Wrong details";
        Returned = "returned", "Retur", "Returned";
    }
}
code_list! {
    /// What the youth does (sysselsättning). Not known is told apart from not reached and from what the youth declines to say.
    Occupation {
        Work = "work", "Arbete", "Work";
        Internship = "internship", "Praktik", "Work placement";
        Studies = "studies", "Studier", "Studies";
        OtherActivity = "other_activity", "Annan tjänstgöring eller aktivitet", "Other service or activity";
        None = "none", "Saknar sysselsättning", "None";
        NotKnown = "not_known", "Okänd", "Not known";
        NotReached = "not_reached", "Har inte gått att nå", "Not reached";
        DeclinedToSay = "declined_to_say", "Vill inte säga", "Declined to say";
    }
}
code_list! {
    /// The ten national measures (åtgärder), in the order of Kolada N18746.
    Measure {
        Talks = "talks", "Samtal", "Talks";
        Guidance = "study_career_guidance", "Studie- och yrkesvägledning", "Study and career guidance";
        AuthorityContact = "authority_contact_support", "Stöd i kontakt med andra myndigheter", "Support in contact with authorities";
        Wellness = "wellness", "Friskvård", "Wellness";
        JobSearchHelp = "job_search_help", "Hjälp att söka jobb/praktik", "Help to seek work or placement";
        WorkPlacement = "work_placement", "Praktik", "Work placement";
        SubsidisedEmployment = "subsidised_employment", "Subventionerad anställning", "Subsidised employment";
        KomvuxStudies = "komvux_studies", "Studier inom komvux", "Adult education (komvux)";
        FolkHighSchoolStudies = "folk_high_school_studies", "Studier på folkhögskola", "Folk high school studies";
        Other = "other", "Annan åtgärd", "Other measure";
    }
}
code_list! {
    /// The answer to an offer. An offer is not a participation.
    OfferAnswer {
        Offered = "offered", "Erbjuden, inget svar", "Offered, no answer yet";
        Accepted = "accepted", "Tackat ja", "Accepted";
        Declined = "declined", "Tackat nej", "Declined";
        NoShow = "no_show", "Uteblivit", "Did not come";
        Withdrawn = "withdrawn", "Erbjudandet återtaget", "Offer withdrawn";
    }
}
code_list! {
    /// Why a measure ended.
    EndReason {
        Completed = "completed", "Fullföljd", "Completed";
        EndedByYouth = "ended_by_youth", "Avbruten av ungdomen", "Ended by the youth";
        EndedByProvider = "ended_by_provider", "Avbruten av kommunen eller annan aktör", "Ended by the provider";
        MovedToStudies = "moved_to_studies", "Övergång till studier", "Moved to studies";
        MovedToWork = "moved_to_work", "Övergång till arbete", "Moved to work";
        Moved = "moved", "Flytt", "Moved away";
        Turned20 = "turned_20", "Fyllt 20 år", "Turned 20";
        Transferred = "transferred", "Överförd till annan aktör", "Transferred to another actor";
        Other = "other", "Annat", "Other";
    }
}
code_list! {
    /// Who answers for the measure (documentation items 2-4 of the national rules).
    ResponsibleParty {
        Youth = "youth", "Ungdomen", "The youth";
        Municipality = "municipality", "Kommunen", "The municipality";
        OtherActor = "other_actor", "Annan aktör", "Another actor";
    }
}
code_list! {
    /// Where a youth is referred. Which of them are sensitive is a rule in `domain::referral`.
    ReferralTarget {
        LssOfficer = "lss_officer", "LSS-handläggare", "LSS officer";
        SocialServicesIntake = "social_services_intake", "Socialtjänstens mottagningsgrupp", "Social services intake";
        AddictionCare = "addiction_care", "Beroendevård", "Addiction care";
        HealthCare = "health_care", "Vårdgivare eller psykiatri", "Health care or psychiatry";
        YouthClinic = "youth_clinic", "Ungdomsmottagning", "Youth clinic";
        SocialInsurance = "social_insurance", "Försäkringskassan", "Social insurance agency";
        EmploymentService = "employment_service", "Arbetsförmedlingen", "Employment service";
        AdultEducation = "adult_education", "Komvux", "Adult education (komvux)";
        FolkHighSchool = "folk_high_school", "Folkhögskola", "Folk high school";
        UpperSecondary = "upper_secondary", "Gymnasieskola", "Upper secondary school";
        Guidance = "guidance", "Studie- och yrkesvägledning", "Study and career guidance";
        MunicipalLabourUnit = "municipal_labour_unit", "Arbetsmarknadsenhet", "Municipal labour market unit";
        Ngo = "ngo", "Frivilligorganisation", "Voluntary organisation";
    }
}
code_list! {
    /// How far a referral has come.
    ReferralStatus {
        Offered = "offered", "Erbjuden", "Offered";
        Declined = "declined", "Avböjd", "Declined";
        Consented = "consented", "Samtycke finns", "Consented";
        Sent = "sent", "Skickad", "Sent";
        Received = "received", "Mottagen", "Received";
        Closed = "closed", "Avslutad", "Closed";
    }
}
code_list! {
    /// How consent was given.
    ConsentForm {
        Written = "written", "Skriftligt", "In writing";
        OralDocumented = "oral_documented", "Muntligt, dokumenterat", "Orally, documented";
    }
}
code_list! {
    /// What a protected status rests on. Never shown outside the compartment.
    StatusBasis {
        Substance = "substance", "Droger", "Substances";
        IllHealth = "ill_health", "Ohälsa", "Ill health";
        Other = "other", "Annat skäl", "Other reason";
    }
}
code_list! {
    /// Substance status (Sundbyberg's plan, 2.2): the minimum that decides the gate.
    SubstanceStatus {
        NoKnownObstacle = "no_known_obstacle", "Inget hinder känt", "No known obstacle";
        ProcessBegun = "process_begun", "Påbörjat processen mot drogfrihet", "Process towards being drug-free begun";
        ActiveUse = "active_use", "Pågående missbruk", "Active use";
    }
}
code_list! {
    /// In which capacity a member of staff is assigned to a youth.
    AssignmentKind {
        Handler = "handler", "Ansvarig handläggare", "Responsible handler";
        Support = "support", "Medhandläggare", "Supporting handler";
        Ambassador = "ambassador", "Ungdomsambassadör", "Youth ambassador";
    }
}
code_list! {
    /// What a break-glass opens.
    GrantPurpose {
        ProtectedAddress = "protected_address", "Skyddad adress", "Protected address";
        ContactNotes = "contact_notes", "Kontaktanteckningar", "Contact notes";
        ProtectedCompartment = "protected_compartment", "Det skyddade utrymmet", "The protected compartment";
    }
}
code_list! {
    /// What has become of one row of a roster.
    ImportRowOutcome {
        Created = "created", "Skapas", "Created";
        Changed = "changed", "Ändras", "Changed";
        Left = "left", "Lämnas orörd", "Left as it is";
        Outside = "outside", "Utanför målgruppen, lagras inte", "Outside the target group, not stored";
        NeedsDecision = "needs_decision", "Kräver beslut", "Needs a decision";
        Refused = "refused", "Avvisad", "Refused";
    }
}
code_list! {
    /// The answer to a row that the law leaves open.
    DecisionStatus {
        Pending = "pending", "Väntar på beslut", "Pending";
        Confirmed = "confirmed", "Ingår i målgruppen", "Confirmed";
        Rejected = "rejected", "Ingår inte", "Rejected";
    }
}
code_list! {
    /// Why a row of a roster is for a person to decide.
    DecisionCause {
        StatusNeedsDecision = "status_needs_decision", "Filens status avgör inte om personen ingår i målgruppen", "The status of the file does not settle whether the person is in the target group";
        ClosedForGood = "closed_for_good", "Den senaste perioden avslutades som slutförd, avliden eller felregistrerad", "The last episode was closed as completed, deceased or registered in error";
    }
}
code_list! {
    /// How an operation ended, as the audit has it.
    AuditOutcome {
        Allowed = "allowed", "Tillåten", "Allowed";
        Refused = "refused", "Nekad", "Refused";
        Invalid = "invalid", "Felaktig begäran", "Invalid";
        Failed = "failed", "Misslyckad", "Failed";
    }
}

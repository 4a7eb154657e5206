//! The words of the target group: kinds of residence, schools, programmes and documents, what ends the skolplikt, which point
//! of the law fails, and what a person must decide. School types are those of SS 12000, kinds of documents those of
//! Stockholm's `betygsdokument.xsd`, with what both lack. No rule stands here.

use crate::domain::codes::{Code, code_list};

code_list! {
    /// How a youth lives in relation to the municipality (skollagen 29:6).
    ResidenceKind {
        RegisteredHere = "registered_here", "Folkbokförd i kommunen", "Registered in the municipality";
        RegisteredElsewhere = "registered_elsewhere", "Folkbokförd i en annan kommun", "Registered in another municipality";
        StayingHere = "staying_here", "Stadigvarande vistelse här (29 kap. 6 § andra stycket)", "Staying here (29:6 second paragraph)";
        TemporarilyAbroad = "temporarily_abroad", "Tillfälligt utomlands, fortfarande folkbokförd", "Temporarily abroad, still registered";
        Emigrated = "emigrated", "Utvandrad", "Emigrated";
        NotCovered = "not_covered", "Omfattas inte (asylsökande eller utan folkbokföring)", "Not covered (asylum seeker or not registered)";
    }
}
code_list! {
    /// Where a fact comes from.
    FactSource {
        PopulationRegister = "population_register", "Folkbokföringen", "The population register";
        Roster = "roster", "Befolkningslista", "A roster";
        School = "school", "Skolan eller huvudmannen", "The school or its organiser";
        Document = "document", "Uppvisad handling", "A document that was shown";
        Youth = "youth", "Ungdomen", "The youth";
        Guardian = "guardian", "Vårdnadshavare", "A guardian";
        Authority = "authority", "Annan myndighet", "Another authority";
        Other = "other", "Annan källa", "Another source";
    }
}
code_list! {
    /// The school form, by its code in SS 12000.
    SchoolType {
        Gr = "GR", "Grundskola", "Compulsory school";
        Grs = "GRS", "Anpassad grundskola", "Adapted compulsory school";
        Tr = "TR", "Träningsskola", "Training school";
        Sp = "SP", "Specialskola", "Special school";
        Sam = "SAM", "Sameskola", "Sami school";
        Gy = "GY", "Gymnasieskola", "Upper secondary school";
        Gys = "GYS", "Anpassad gymnasieskola", "Adapted upper secondary school";
        Komvux = "KOMVUX", "Komvux", "Adult education (komvux)";
        Vuxgr = "VUXGR", "Komvux på grundläggande nivå", "Adult education at basic level";
        Vuxgy = "VUXGY", "Komvux på gymnasial nivå", "Adult education at upper secondary level";
        Sarvux = "SARVUX", "Komvux som anpassad utbildning", "Adapted adult education";
        Sfi = "SFI", "Svenska för invandrare", "Swedish for immigrants";
        Fhs = "FHS", "Folkhögskola", "Folk high school";
        Yh = "YH", "Yrkeshögskola", "Higher vocational education";
        Hs = "HS", "Högskola", "Higher education";
        Kku = "KKU", "Konst- och kulturutbildning", "Arts and culture education";
        Abu = "ABU", "Arbetsmarknadsutbildning", "Labour market training";
        Au = "AU", "Annan undervisning", "Other teaching";
    }
}
code_list! {
    /// What sort of programme an enrolment is in.
    ProgrammeKind {
        National = "national", "Nationellt program", "National programme";
        Introductory = "introductory", "Introduktionsprogram", "Introductory programme";
        AdaptedNational = "adapted_national", "Nationellt program i anpassad gymnasieskola", "National programme in adapted upper secondary school";
        AdaptedIndividual = "adapted_individual", "Individuellt program i anpassad gymnasieskola", "Individual programme in adapted upper secondary school";
        Ib = "ib", "International Baccalaureate", "International Baccalaureate";
        Other = "other", "Annat program", "Another programme";
        Unknown = "unknown", "Uppgift saknas", "Unknown";
    }
}
code_list! {
    /// Exam and grade documents (Stockholm's `betygsdokument.xsd`), and what that list lacks.
    ExamDocumentKind {
        GyHigher = "GY_EXAMENSBEVIS_HOGSKOLEFORBEREDANDE", "Högskoleförberedande examen från gymnasieskolan", "Higher education preparatory exam, upper secondary";
        GyVocational = "GY_EXAMENSBEVIS_YRKESFORBEREDANDE", "Yrkesexamen från gymnasieskolan", "Vocational exam, upper secondary";
        GyExam = "GY_EXAMENSBEVIS", "Gymnasieexamen, slaget inte känt", "Upper secondary exam of unknown kind";
        GyEngineer = "GY_EXAMENSBEVIS_INGENJOR", "Gymnasieingenjörsexamen", "Upper secondary engineering exam";
        GyStudyCertificate = "GY_STUDIEBEVIS", "Studiebevis från gymnasieskolan", "Study certificate, upper secondary";
        GyIntyg = "GY_GYMNASIEINTYG", "Gymnasieintyg", "Upper secondary certificate of grades";
        GySlutbetyg = "GY_SLUTBETYG", "Slutbetyg från gymnasieskolan", "Final grades, upper secondary (before 2014)";
        AdaptedCertificate = "GYMNASIEBEVIS_ANPASSAD", "Gymnasiebevis från anpassad gymnasieskola", "Certificate of adapted upper secondary school";
        SpecialIndividual = "GYSAR_STUDIEBEVIS_FOR_INDIVIDUELLT", "Studiebevis från gymnasiesärskolan, individuellt program", "Study certificate, special school, individual programme";
        SpecialNational = "GYSAR_STUDIEBEVIS_FOR_NATIONELLT", "Studiebevis från gymnasiesärskolan, nationellt program", "Study certificate, special school, national programme";
        VuxHigher = "VUX_EXAMENSBEVIS_HOGSKOLEFORBEREDANDE", "Högskoleförberedande examen från komvux", "Higher education preparatory exam, komvux";
        VuxVocational = "VUX_EXAMENSBEVIS_YRKESFORBEREDANDE", "Yrkesexamen från komvux", "Vocational exam, komvux";
        VuxIntyg = "VUX_KUNSKAPSINTYG", "Kunskapsintyg från komvux", "Certificate of knowledge, komvux";
        VuxSlutbetyg = "VUX_SLUTBETYG", "Slutbetyg från komvux", "Final grades, komvux";
        VuxSlutbetygGy = "VUX_SLUTBETYG_GY", "Slutbetyg från komvux på gymnasial nivå", "Final grades, komvux at upper secondary level";
        IbDiploma = "IB_DIPLOMA", "IB Diploma", "IB Diploma";
        ForeignExam = "FOREIGN_EXAM", "Utländsk gymnasieexamen", "Foreign upper secondary exam";
        FolkHighSchool = "FHS_BEHORIGHET", "Grundläggande behörighet från folkhögskola", "Eligibility certificate, folk high school";
    }
}
code_list! {
    /// How the skolplikt ended (skollagen 7 kap.).
    CompulsorySchoolBasis {
        TenthYear = "tenth_year", "Vårterminens slut det tionde året (7:12)", "End of the tenth year (7:12)";
        OneYearLater = "one_year_later", "Ett år senare, senast vid 18 år (7:13)", "One year later, at the latest at 18 (7:13)";
        Earlier = "earlier", "Tidigare, betygskriterierna uppfyllda (7:14)", "Earlier, criteria met (7:14)";
        NeverHere = "never_here", "Folkbokförd efter skolpliktig ålder", "Registered after compulsory school age";
    }
}
code_list! {
    /// What of the six points of skollagen 29:9 does not hold, and the two that go before them.
    TargetGroupPoint {
        Alive = "alive", "Avliden", "Deceased";
        Home = "home", "Har inte kommunen som hemkommun (29 kap. 6 §)", "The municipality is not the home municipality (29:6)";
        Age = "age", "Punkt 1: har fyllt 20 år", "Point 1: has turned 20";
        CompulsorySchool = "compulsory_school", "Punkt 2: skolplikten har inte upphört", "Point 2: the skolplikt has not ended";
        OngoingEducation = "ongoing_education", "Punkt 3: genomför gymnasial utbildning", "Point 3: carries out upper secondary education";
        Exam = "exam", "Punkt 4: har gymnasieexamen", "Point 4: has an upper secondary exam";
        AdaptedCertificate = "adapted_certificate", "Punkt 5: har gymnasiebevis från anpassad gymnasieskola", "Point 5: has a certificate of adapted upper secondary school";
        EquivalentEducation = "equivalent_education", "Punkt 6: har slutfört motsvarande utbildning", "Point 6: has completed equivalent education";
    }
}
code_list! {
    /// Why a person must decide whether a youth belongs to the target group.
    TargetGroupCause {
        AwaitingStart = "awaiting_start", "Antagen till gymnasial utbildning, väntar på start", "Admitted to upper secondary education, awaiting the start";
        FolkHighSchool = "folk_high_school", "Pågående studier på folkhögskola", "Ongoing studies at a folk high school";
        StayAbroad = "stay_abroad", "Tillfälligt utomlands, fortfarande folkbokförd", "Temporarily abroad, still registered";
        ExtraCompulsoryYears = "extra_compulsory_years", "Fortsätter i grundskolan efter skolplikten (7:15)", "Continues compulsory school after the skolplikt (7:15)";
        OlderDocument = "older_document", "Betygsdokument vars betydelse lagen inte avgör", "A grade document whose meaning the law does not settle";
        ProgrammeUnknown = "programme_unknown", "Gymnasieprogrammet är inte känt", "The upper secondary programme is not known";
        CompulsorySchoolUnknown = "compulsory_school_unknown", "Skolpliktens slut är inte känt", "The end of the skolplikt is not known";
        HomeUnknown = "home_unknown", "Hemkommunen är inte känd", "The home municipality is not known";
        HomeContradictory = "home_contradictory", "Uppgifterna om hemkommun motsäger varandra", "The facts about the home municipality contradict each other";
        NoRuleVersion = "no_rule_version", "Före 2015 gällde inget aktivitetsansvar", "Before 2015 there was no such duty";
    }
}
code_list! {
    /// What the rules say of a youth on a day.
    TargetGroupVerdict {
        Inside = "inside", "Ingår i målgruppen", "In the target group";
        Outside = "outside", "Ingår inte i målgruppen", "Not in the target group";
        NeedsDecision = "needs_decision", "En person måste avgöra", "A person must decide";
    }
}
code_list! {
    /// The version of the rule that applies on a day (domain 1.2).
    RuleVersionCode {
        Kaa2015 = "KAA_2015", "Från 2015-01-01: den som går introduktionsprogram ingår", "From 2015-01-01: pupils of introductory programmes are included";
        Kaa2018 = "KAA_2018", "Från 2018-07-01 (SFS 2018:749)", "From 2018-07-01 (SFS 2018:749)";
        Kaa2023 = "KAA_2023", "Från 2023-07-02 (Lag 2022:1315)", "From 2023-07-02 (Lag 2022:1315)";
    }
}
code_list! {
    /// What a candidate proposes.
    CandidateKind {
        Enters = "enters", "Kommer in i målgruppen", "Enters the target group";
        Leaves = "leaves", "Lämnar målgruppen", "Leaves the target group";
        NeedsDecision = "needs_decision", "Kräver ett ställningstagande", "Needs a decision";
        OutreachProposal = "outreach_proposal", "Förslag om uppsökande verksamhet", "Proposal of outreach";
    }
}
code_list! {
    /// What has become of a candidate.
    CandidateStatus {
        Pending = "pending", "Väntar på beslut", "Pending";
        Confirmed = "confirmed", "Bekräftad", "Confirmed";
        Rejected = "rejected", "Avslagen", "Rejected";
        Obsolete = "obsolete", "Inte längre aktuell", "No longer true";
    }
}
code_list! {
    /// What an outreach episode rests on: the duty of 29:9 ends at 20, so that going on needs a basis of its own.
    OutreachBasis {
        OwnRequest = "own_request", "Ungdomens egen begäran", "The youth's own request";
        Consent = "consent", "Ungdomens samtycke", "The youth's consent";
        OutreachAssignment = "outreach_assignment", "Det uppsökande uppdraget (SoL 6 kap. 3 §, kommunens plan)", "The outreach assignment (SoL 6:3, the municipality's plan)";
    }
}

impl SchoolType {
    /// Upper secondary education in the sense of point 3: gymnasieskola and anpassad gymnasieskola.
    pub const fn is_upper_secondary(self) -> bool {
        matches!(self, Self::Gy | Self::Gys)
    }
    /// The school forms in which the skolplikt is fulfilled (skollagen 7:4).
    pub const fn is_compulsory(self) -> bool {
        matches!(self, Self::Gr | Self::Grs | Self::Tr | Self::Sp | Self::Sam)
    }
}

impl ExamDocumentKind {
    /// A gymnasieexamen of whatever kind (point 4).
    pub const fn is_exam(self) -> bool {
        matches!(
            self,
            Self::GyHigher
                | Self::GyVocational
                | Self::GyExam
                | Self::VuxHigher
                | Self::VuxVocational
        )
    }
}

impl ResidenceKind {
    /// Of these one holds on a day at most; the others lie over them.
    pub const fn is_exclusive(self) -> bool {
        matches!(
            self,
            Self::RegisteredHere | Self::RegisteredElsewhere | Self::Emigrated | Self::NotCovered
        )
    }
}

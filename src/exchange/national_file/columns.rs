//! What a column of the file can hold, the code lists whose words a profile maps, and which of both belong together.

use crate::domain::codes::{
    Code, DeregistrationReason, Destination, EndReason, LegalSex, Measure, Occupation, Reason,
};
use crate::domain::national_file::Block;

/// A code list whose words are written as codes of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    LegalSex,
    Block,
    Reason,
    Occupation,
    Measure,
    MeasureEndReason,
    ExitReason,
    Destination,
}

fn words<C: Code>() -> Vec<&'static str> {
    C::ALL.iter().map(|word| word.code()).collect()
}

impl List {
    /// Every list, with its name in a profile.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::LegalSex, "legalSex"),
        (Self::Block, "block"),
        (Self::Reason, "reason"),
        (Self::Occupation, "occupation"),
        (Self::Measure, "measure"),
        (Self::MeasureEndReason, "measureEndReason"),
        (Self::ExitReason, "exitReason"),
        (Self::Destination, "destination"),
    ];
    /// The list of a name.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(list, _)| *list)
    }
    /// Its name.
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(list, _)| *list == self);
        found.map_or("", |(_, name)| *name)
    }
    /// Its words. Of reasons for deregistration those of the outreach track never come up.
    pub fn words(self) -> Vec<&'static str> {
        match self {
            Self::LegalSex => words::<LegalSex>(),
            Self::Block => words::<Block>(),
            Self::Reason => words::<Reason>(),
            Self::Occupation => words::<Occupation>(),
            Self::Measure => words::<Measure>(),
            Self::MeasureEndReason => words::<EndReason>(),
            Self::ExitReason => {
                let never = [
                    DeregistrationReason::RegisteredInError,
                    DeregistrationReason::GoalReached,
                    DeregistrationReason::OwnWish,
                    DeregistrationReason::Turned26,
                ];
                let known = DeregistrationReason::ALL.iter();
                known
                    .filter(|reason| !never.contains(reason))
                    .map(|reason| reason.code())
                    .collect()
            }
            Self::Destination => words::<Destination>(),
        }
    }
}

macro_rules! sources {
    ($($variant:ident $name:literal $block:expr, $list:expr;)+) => {
        /// What a column is filled from.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Source { $($variant,)+ }
        impl Source {
            /// Every source.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Its name in a profile.
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name),+ } }
            /// The block that fills it; `None`: every row.
            pub const fn block(self) -> Option<Block> { match self { $(Self::$variant => $block),+ } }
            /// The list whose words it holds.
            pub const fn list(self) -> Option<List> { match self { $(Self::$variant => $list),+ } }
        }
    };
}

sources! {
    MunicipalityCode "municipalityCode" None, None;
    Year "year" None, None;
    HalfYear "halfYear" None, None;
    IdentityNumber "identityNumber" None, None;
    BirthDate "birthDate" None, None;
    LegalSex "legalSex" None, Some(List::LegalSex);
    BlockCode "block" None, Some(List::Block);
    EventOn "eventOn" None, None;
    EnteredOn "enteredOn" Some(Block::Basics), None;
    Reason "reason" Some(Block::Basics), Some(List::Reason);
    ContactOn "contactOn" Some(Block::Contact), None;
    Occupation "occupation" Some(Block::Contact), Some(List::Occupation);
    MeasureStartedOn "measureStartedOn" Some(Block::MeasureStarted), None;
    Measure "measure" Some(Block::MeasureStarted), Some(List::Measure);
    MeasureEndedOn "measureEndedOn" Some(Block::MeasureEnded), None;
    EndedMeasure "endedMeasure" Some(Block::MeasureEnded), Some(List::Measure);
    EndedMeasureStartedOn "endedMeasureStartedOn" Some(Block::MeasureEnded), None;
    MeasureEndReason "measureEndReason" Some(Block::MeasureEnded), Some(List::MeasureEndReason);
    ExitedOn "exitedOn" Some(Block::Ended), None;
    ExitReason "exitReason" Some(Block::Ended), Some(List::ExitReason);
    Destination "destination" Some(Block::Ended), Some(List::Destination);
}

impl Source {
    /// The source of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|source| source.name() == name)
    }
    /// Whether it tells of one event among several of a youth.
    pub fn is_repeated(self) -> bool {
        matches!(
            self.block(),
            Some(Block::Contact | Block::MeasureStarted | Block::MeasureEnded)
        )
    }
    /// Whether it has a meaning only where each event has a row.
    pub const fn is_of_event_rows(self) -> bool {
        matches!(self, Self::BlockCode | Self::EventOn)
    }
}

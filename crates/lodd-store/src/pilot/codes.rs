//! The code lists of the store's own columns. Each code is written as in the data model.

use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};

/// Defines an enum with its codes.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $code:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$each])* $variant,)+
        }

        impl $name {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The code as stored.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The variant of a code; `None` if it is none of this list.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.code() == code)
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.code().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                Self::from_code(value.as_str()?).ok_or(FromSqlError::InvalidType)
            }
        }
    )+};
}

codes! {
    /// What a snapshot is about.
    UnitKind {
        /// A family.
        Family = "FAMILIE",
        /// An adult.
        Adult = "VOKSEN",
        /// A child.
        Child = "BARN",
    }
    /// What a draw assigns.
    DrawnKind {
        /// An office.
        Office = "KONTOR",
        /// A family.
        Family = "FAMILIE",
    }
    /// A member's place in the family.
    Role {
        /// A parent.
        Parent = "FORELDER",
        /// A parent's partner.
        Partner = "PARTNER",
        /// Another adult of the household, such as a grown child.
        OtherAdult = "ANNEN_VOKSEN",
        /// A child.
        Child = "BARN",
    }
    /// What is noted of a family or member before the list is locked.
    MarkKind {
        /// A member's keyed id, the same wherever the person stands.
        PersonKey = "PERSON_KEY",
        /// Another family whose persons live with this one's.
        LivesWith = "BOR_SAMMEN_MED",
        /// The day on which the family or member left the list, ISO.
        LeftOn = "UTMELDT",
    }
    /// Who reports a status.
    Source {
        /// The caseworker.
        Caseworker = "VEILEDER",
        /// The family itself.
        SelfReport = "SELVRAPPORT",
        /// A register.
        Register = "REGISTER",
    }
    /// Why a status was taken.
    Occasion {
        /// The planned one of both arms.
        Planned = "PLANLAGT",
        /// An extra contact.
        Extra = "EKSTRA",
    }
    /// What came of asking.
    RecordStatus {
        /// The unit was observed.
        Observed = "OBSERVERT",
        /// It was not reached.
        NotReached = "IKKE_NADD",
        /// It withdrew its consent.
        Withdrawn = "TRAKK_SAMTYKKE",
        /// It left the service.
        LeftService = "SLUTTET_I_TILTAK",
        /// It moved out of the municipality.
        Moved = "FLYTTET",
        /// The person died.
        Died = "DOD",
        /// The version before is retracted.
        Retracted = "TILBAKEKALT",
    }
    /// Why a status was corrected.
    ReasonCode {
        /// A typing error.
        Typo = "TASTEFEIL",
        /// New information.
        NewInformation = "NY_INFO",
        /// It was another person's.
        WrongPerson = "FEIL_PERSON",
        /// It was another date's.
        WrongDate = "FEIL_DATO",
        /// The method changed.
        Method = "METODE",
    }
    /// Where a draw stands.
    DrawStatus {
        /// Announced, not yet revealed.
        Open = "OPEN",
        /// Drawn.
        Drawn = "DRAWN",
        /// Abandoned.
        Void = "VOID",
        /// Taken over.
        Imported = "IMPORTED",
    }
    /// What a family answered when it was offered a place.
    OfferAnswer {
        /// It takes the place.
        Yes = "JA",
        /// It does not want it.
        No = "NEI",
        /// It was not reached.
        NotReached = "IKKE_NADD",
    }
    /// What a consent is to.
    Consent {
        /// That what is known of the family is used in the research.
        Research = "FORSKNING",
        /// To take part in the follow-up.
        Programme = "TILTAK",
    }
    /// The answer to the question for consent.
    ConsentAnswer {
        /// It is given.
        Yes = "JA",
        /// It is not.
        No = "NEI",
    }
    /// Why a member came to a household, or left it.
    SpellReason {
        /// Born.
        Born = "FODT",
        /// Moved in.
        MovedIn = "FLYTTET_INN",
        /// Moved out.
        MovedOut = "FLYTTET_UT",
        /// Died.
        Died = "DOD",
        /// The couple parted.
        Parted = "SAMLIVSBRUDD",
        /// Another reason.
        Other = "ANNET",
    }
    /// Why follow-up ended.
    EndReason {
        /// It was carried through.
        Completed = "FULLFORT",
        /// The family wished it.
        OwnWish = "EGET_ONSKE",
        /// The family moved.
        Moved = "FLYTTET",
        /// No contact any more.
        LostContact = "IKKE_NADD",
        /// Another reason.
        Other = "ANNET",
    }
    /// How what was done differs from what was drawn.
    DeviationKind {
        /// The family was given what another arm was drawn for.
        CrossedOver = "KRYSSET_OVER",
        /// A family of the control group was followed up.
        ControlFollowed = "KONTROLL_FULGT_OPP",
        /// The baseline was taken after the result was shown.
        LateBaseline = "SEN_BASELINE",
        /// Another deviation.
        Other = "ANNET",
    }
    /// How an assignment came about; every output says so.
    Origin {
        /// Drawn here.
        Drawn = "drawn",
        /// Made elsewhere.
        Imported = "imported",
        /// A rehearsal.
        Rehearsal = "rehearsal",
    }
    /// Whose tables a release has.
    ReleaseKind {
        /// The pilot's public report.
        Report = "report",
        /// Somebody else's, entered by hand: an office's own slides.
        Elsewhere = "elsewhere",
    }
    /// Where a draw's public randomness comes from.
    Beacon {
        /// The drand network.
        Drand = "drand",
        /// A text read out before witnesses.
        Witnessed = "witnessed",
        /// A fixed seed: rehearsals only.
        Fixed = "fixed",
    }
}

impl Role {
    /// What a member of this role answers as.
    pub const fn unit(self) -> UnitKind {
        match self {
            Self::Child => UnitKind::Child,
            Self::Parent | Self::Partner | Self::OtherAdult => UnitKind::Adult,
        }
    }
}

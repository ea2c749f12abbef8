//! Who asks: a role, and for an office's people the office.

use serde::{Deserialize, Serialize};

use crate::Lang;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A caseworker of an office: forms, deliveries, receipts.
    Clerk,
    /// An office's lead: what a caseworker may, and what happens to a family.
    Lead,
    /// The directorate's researcher: list, screening, draws, places.
    Researcher,
    /// The evaluator: completeness, plan, estimates, reports, releases.
    Evaluator,
    /// Checks proofs, ledger and receipts; sees no rows.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Clerk, Self::Lead, Self::Researcher, Self::Evaluator, Self::Auditor];

    /// `clerk`, `lead`, `researcher`, `evaluator` or `auditor`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Lead => "lead",
            Self::Researcher => "researcher",
            Self::Evaluator => "evaluator",
            Self::Auditor => "auditor",
        }
    }

    /// The role of a code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Whether the role is held at one office.
    pub fn is_of_an_office(self) -> bool {
        matches!(self, Self::Clerk | Self::Lead)
    }
}

/// Somebody who has been let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    name: String,
    /// What tells one person from another, whatever their role.
    person: String,
    role: Role,
    office: Option<String>,
}

impl Who {
    /// Somebody of an office's.
    pub fn of_office(name: impl Into<String>, is_lead: bool, office: impl Into<String>) -> Self {
        let (name, role) = (name.into(), if is_lead { Role::Lead } else { Role::Clerk });
        Self { person: name.clone(), name, role, office: Some(office.into()) }
    }

    /// Somebody with another role; nothing for a role that is held at an office.
    pub fn central(name: impl Into<String>, role: Role) -> Option<Self> {
        let name = name.into();
        let person = name.clone();
        (!role.is_of_an_office()).then_some(Self { name, person, role, office: None })
    }

    /// The same, known by this word in whatever role they come.
    #[must_use]
    pub fn as_person(mut self, person: impl Into<String>) -> Self {
        self.person = person.into();
        self
    }

    /// Whether they are one person: one person in two roles is not two.
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.person == other.person
    }

    /// What the ledger calls them: a pseudonym, never a name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Their role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The one office whose people they are.
    pub fn office(&self) -> Option<&str> {
        self.office.as_deref()
    }
}

/// Who asks, and in which language the answer is to be.
#[derive(Clone, Debug)]
pub struct Asker {
    /// Who the ledger will say it was: one pseudonym, or two.
    pub actor: String,
    /// Their role; nothing for somebody who has not logged in.
    pub role: Option<Role>,
    /// The language of the answer.
    pub lang: Lang,
}

#[cfg(test)]
mod tests {
    use super::{Role, Who};

    #[test]
    fn only_an_office_has_an_offices_people() {
        for role in Role::ALL {
            assert_eq!(Role::of(role.code()), Some(role));
            assert_eq!(Who::central("a", role).is_none(), role.is_of_an_office());
        }
        assert_eq!(Who::of_office("a", true, "kontor").office(), Some("kontor"));
    }
}

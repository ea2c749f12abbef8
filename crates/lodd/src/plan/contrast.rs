//! What is compared, and among whom.

use lodd_estimate::{Estimator, OutcomeKind, SeType};

use super::{Cluster, Method, Weights};
use crate::{protocol::Protocol, reader::Node, text::say};

/// What is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Contrast {
    /// The first seats by rank with the rest.
    #[default]
    InitialOffer,
    /// Everyone ever offered a place with the rest.
    EverOffer,
    /// A: drawn families in model offices with those in the others.
    Model,
    /// B: drawn families with those not drawn, within offices.
    FollowUp,
    /// C: the difference of B between the arms of offices.
    ModelByFollowUp,
    /// D: families not drawn in model offices with those in the others.
    SpillOver,
}

/// Among whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Population {
    /// Everyone drawn.
    #[default]
    Drawn,
    /// Families of both arms in which someone has said yes to the research.
    Consented,
    /// Treated families that began to take part, with all controls.
    Started,
}

impl Contrast {
    /// The word in plans and tables.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::InitialOffer => "initial_offer",
            Self::EverOffer => "ever_offer",
            Self::Model => "model",
            Self::FollowUp => "follow_up",
            Self::ModelByFollowUp => "model_by_follow_up",
            Self::SpillOver => "spill_over",
        }
    }

    /// Whether the arms are those of the draw of offices.
    pub(crate) const fn is_of_offices(self) -> bool {
        matches!(self, Self::Model | Self::ModelByFollowUp | Self::SpillOver)
    }

    /// Whether families are compared that were not drawn, whom no office reports on.
    pub(crate) const fn has_undrawn(self) -> bool {
        matches!(self, Self::FollowUp | Self::ModelByFollowUp | Self::SpillOver)
    }
}

impl Population {
    /// The word in plans and tables.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Drawn => "drawn",
            Self::Consented => "consented",
            Self::Started => "started",
        }
    }
}

const STAGES: [(&str, Contrast); 4] = [
    ("model", Contrast::Model),
    ("follow_up", Contrast::FollowUp),
    ("model_by_follow_up", Contrast::ModelByFollowUp),
    ("spill_over", Contrast::SpillOver),
];

/// `contrast`: in two stages `model` where it is left out, else that of the estimator.
pub(super) fn contrast(node: &Node<'_>, protocol: &Protocol, method: &Method) -> Contrast {
    if method.known().is_some_and(Estimator::takes_offers) {
        node.choice("contrast", &[("ever_offer", ())]);
        return Contrast::EverOffer;
    }
    if protocol.draw.offices.is_some() {
        return node.choice("contrast", &STAGES).unwrap_or(Contrast::Model);
    }
    let written = node.text_or_none("contrast");
    match written.as_deref() {
        None | Some("initial_offer") => {}
        Some(stage) if STAGES.iter().any(|it| it.0 == stage) => node.mistake_with(
            "contrast",
            say!(
                "`{stage}` er en sammenligning i to trinn, og pilot.toml har ingen [draw.offices]",
                nn "`{stage}` er ei samanlikning i to trinn, og pilot.toml har ingen [draw.offices]",
                "`{stage}` is a contrast of two stages, and pilot.toml has no [draw.offices]"
            ),
            say!("skriv `initial_offer`", "write `initial_offer`"),
        ),
        Some(_) => {
            node.choice("contrast", &[("initial_offer", ())]);
        }
    }
    Contrast::InitialOffer
}

/// `population`: without `drawn` it is no comparison that the draw made.
pub(super) fn population(node: &Node<'_>, contrast: Contrast) -> Population {
    let words = [
        ("drawn", Population::Drawn),
        ("consented", Population::Consented),
        ("started", Population::Started),
    ];
    let population = node.choice("population", &words).unwrap_or_default();
    let one_arm = contrast.is_of_offices() || contrast == Contrast::EverOffer;
    if population != Population::Drawn && one_arm {
        let (word, of) = (population.code(), contrast.code());
        node.mistake(
            "population",
            say!(
                "`{word}` gjelder sammenligninger av familier, ikke `{of}`",
                nn "`{word}` gjeld samanlikningar av familiar, ikkje `{of}`",
                "`{word}` is for contrasts of families, not `{of}`"
            ),
        );
    }
    population
}

/// What the contrasts of two stages can't have.
pub(super) fn check(
    node: &Node<'_>,
    contrast: Contrast,
    (method, source): (&Method, &str),
    (weights, cluster): (&Weights, Option<Cluster>),
) {
    let word = contrast.code();
    if contrast.has_undrawn() && source != "REGISTER" {
        let key = if node.has("source") { "source" } else { "contrast" };
        node.mistake_with(
            key,
            say!(
                "`{word}` har med familier som ikke er trukket, og de ses bare i registre",
                nn "`{word}` har med familiar som ikkje er trekte, og dei blir berre sett i register",
                "`{word}` takes in families that were not drawn, who are seen in registers only"
            ),
            say!("skriv `source = \"REGISTER\"`", "write `source = \"REGISTER\"`"),
        );
    }
    if contrast.is_of_offices() && cluster == Some(Cluster::Family) {
        node.mistake(
            "cluster",
            say!(
                "i `{word}` er kontorene trukket, og klyngen kan ikke være mindre enn et kontor",
                nn "i `{word}` er kontora trekte, og klyngja kan ikkje vere mindre enn eit kontor",
                "in `{word}` offices were drawn, and the cluster can't be smaller than an office"
            ),
        );
    }
    if contrast == Contrast::ModelByFollowUp {
        of_offices_alone(node, method, weights);
    }
}

/// The rows of C are offices: what is of families has no place.
fn of_offices_alone(node: &Node<'_>, method: &Method, weights: &Weights) {
    let name = &method.estimator;
    let numbers = |it: &'static dyn Estimator| {
        it.outcome() == OutcomeKind::Number
            && it.needs().is_empty()
            && !it.options().contains(&"observed")
    };
    if method.known().is_some_and(|it| !numbers(it)) {
        node.mistake(
            "estimator",
            say!(
                "`model_by_follow_up` sammenligner kontorenes forskjeller, som `{name}` ikke er for",
                nn "`model_by_follow_up` samanliknar skilnadene til kontora, som `{name}` ikkje er for",
                "`model_by_follow_up` compares the offices' differences, which `{name}` is not for"
            ),
        );
    }
    let columns = method.names().map(|(key, _)| key);
    let column = matches!(weights, Weights::Column(_)).then_some("weights");
    for key in columns.chain(column) {
        node.mistake(
            key,
            say!(
                "`{key}` er av familier, og `model_by_follow_up` sammenligner kontor",
                nn "`{key}` er av familiar, og `model_by_follow_up` samanliknar kontor",
                "`{key}` is of families, and `model_by_follow_up` compares offices"
            ),
        );
    }
}

/// Numbers of the draws: in two stages both, else the first.
pub(super) fn draws(node: &Node<'_>, protocol: &Protocol) -> Vec<i64> {
    let all = if protocol.draw.offices.is_some() { vec![1, 2] } else { vec![1] };
    node.integers_or_none("draws").unwrap_or(all)
}

/// `replay = [1]`: the draws that are run again; the others are held.
pub(super) fn replay(node: &Node<'_>, draws: &[i64], method: &Method) -> Option<Vec<i64>> {
    let numbers = node.integers_or_none("replay")?;
    let name = &method.estimator;
    if method.known().is_some_and(|it| !it.needs_redraw()) {
        node.mistake(
            "replay",
            say!(
                "`{name}` kjører ingen trekning om igjen",
                nn "`{name}` køyrer inga trekking om att",
                "`{name}` re-runs no draw"
            ),
        );
    }
    if let Some(other) = numbers.iter().find(|it| !draws.contains(it)) {
        node.mistake(
            "replay",
            say!(
                "trekning {other} er ikke i `draws`",
                nn "trekking {other} er ikkje i `draws`",
                "draw {other} is not in `draws`"
            ),
        );
    }
    if numbers.is_empty() {
        node.mistake(
            "replay",
            say!(
                "nevn minst én trekning",
                nn "nemn minst éi trekking",
                "name at least one draw"
            ),
        );
    }
    Some(numbers)
}

/// Whether the clusters that a standard error needs are the offices: in B for *offices like these*.
pub(crate) fn of_offices_like_these(contrast: Contrast, se: Option<SeType>) -> bool {
    let clustered = se.is_some_and(SeType::is_clustered);
    contrast == Contrast::FollowUp && clustered
}

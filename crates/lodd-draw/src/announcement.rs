//! `announcement.json`: what is fixed before anyone can know the tickets.

use crate::{
    Block, Constraint, Design, File, Refused, Shares,
    design::UNITS_MAX,
    finding::{Findings, Kind, Whose},
    hash::{Hash, ZERO, hex},
    json::Json,
    object::{Object, Reader},
    quicknet,
};

/// The version of the protocol.
pub const PROTOCOL: &str = "lodd/1";
/// What the label of a rehearsal ends in.
pub const REHEARSAL: &str = "-rehearsal";
/// The highest number of a draw.
pub const DRAW_MAX: u32 = 9999;

/// Where the randomness comes from that nobody knows when the list is locked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Beacon {
    /// A seed given by hand: rehearsals and tests only.
    Fixed,
    /// Something read out before witnesses.
    Witnessed {
        /// What will be read out, such as dice or a public lottery's numbers.
        description: String,
    },
    /// A future round of the public beacon quicknet.
    Drand {
        /// The round, from 1.
        round: u64,
    },
}

impl Beacon {
    /// The kind, as it stands in the files.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Witnessed { .. } => "witnessed",
            Self::Drand { .. } => "drand",
        }
    }

    fn to_json(&self) -> Json {
        let kind = ("kind", Json::text(self.kind()));
        match self {
            Self::Fixed => Json::object([kind]),
            Self::Witnessed { description } => {
                Json::object([kind, ("description", Json::text(description))])
            }
            Self::Drand { round } => Json::object([
                kind,
                ("chain", Json::text(quicknet::CHAIN)),
                ("round", Json::Integer(*round)),
            ]),
        }
    }

    fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        match object.get("kind", Reader::text)?.as_str() {
            "fixed" => Some(Self::Fixed),
            "witnessed" => {
                let description = object.get("description", Reader::text)?;
                Some(Self::Witnessed { description })
            }
            "drand" => {
                let chain = object.get("chain", |at, json| match at.text(json)? {
                    chain if chain == quicknet::CHAIN => Some(()),
                    other => at.refuse(Kind::Chain, quicknet::CHAIN, &other),
                });
                let round = object.get("round", Reader::integer(1, u64::MAX));
                chain.and(round).map(|round| Self::Drand { round })
            }
            other => object.refuse("kind", Kind::BeaconKind, "drand, witnessed, fixed", other),
        }
    }
}

/// A draw as it was announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The pilot's label.
    pub pilot: String,
    /// Number of the draw in its pilot, from 1.
    pub draw: u32,
    /// Hash of the announcement before this one; zeros for draw 1.
    pub previous: Hash,
    /// Hash of the reveal or void that ended the draw before; zeros for draw 1.
    pub ended: Hash,
    /// Hash of `plan.toml`.
    pub plan: Hash,
    /// Commitment to the secret.
    pub commitment: Hash,
    /// Where the randomness comes from.
    pub beacon: Beacon,
    /// Arms, blocks and seats.
    pub design: Design,
    /// Root of the Merkle tree over the list.
    pub root: Hash,
    /// What the drawn must have in common with the others.
    pub constraint: Option<Constraint>,
}

impl Announcement {
    /// Reads an announcement; its form is free (its hash binds its bytes), its keys are not.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the file.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        let mut findings = Findings::new(Whose::This);
        let announcement = Self::read(bytes, &mut findings);
        findings.refuse_unless_empty(announcement)
    }

    /// Whether nothing of this draw counts: its label says rehearsal, or its beacon is `fixed`.
    pub fn is_rehearsal(&self) -> bool {
        self.beacon == Beacon::Fixed || self.pilot.ends_with(REHEARSAL)
    }

    /// Reads what can be read, with findings for the rest.
    pub(crate) fn read(bytes: &[u8], findings: &mut Findings) -> Option<Self> {
        Reader::file(File::Announcement, bytes, findings, Self::read_object)
    }

    fn read_object(object: &mut Object<'_, '_>) -> Option<Self> {
        let pilot = object.get("pilot", Reader::label);
        let draw = object.get("draw", Reader::integer(1, DRAW_MAX));
        let [previous, ended, plan, commitment, root] =
            ["previous", "ended", "plan", "commitment", "root"]
                .map(|key| object.get(key, Reader::hash));
        let beacon = object.get("beacon", |at, json| at.object(json, Beacon::read));
        let arms = object.get("arms", Reader::list(Reader::label));
        let blocks = Reader::list(|at, json| at.object(json, read_block));
        let blocks = object.get("blocks", blocks);
        let constraint =
            object.optional("constraint", |at, json| at.object(json, Constraint::read));
        let design = arms.zip(blocks).and_then(|(arms, blocks)| read_design(arms, blocks, object));
        let announced = Self {
            pilot: pilot?,
            draw: draw?,
            previous: previous?,
            ended: ended?,
            plan: plan?,
            commitment: commitment?,
            beacon: beacon?,
            design: design?,
            root: root?,
            constraint: constraint?,
        };
        announced.check_rules(object);
        Some(announced)
    }

    /// The rules between its keys.
    fn check_rules(&self, object: &mut Object<'_, '_>) {
        if self.beacon == Beacon::Fixed && !self.pilot.ends_with(REHEARSAL) {
            let expected = format!("{}{REHEARSAL}", self.pilot);
            object.refuse::<()>("pilot", Kind::RehearsalLabel, &expected, &self.pilot);
        }
        for (key, hash) in [("previous", self.previous), ("ended", self.ended)] {
            if (self.draw == 1) != (hash == ZERO) {
                object.refuse::<()>(key, Kind::FirstOfChain, "", &hex(&hash));
            }
        }
    }

    /// The file's bytes.
    pub(crate) fn to_file(&self) -> Vec<u8> {
        let hash = |hash: &Hash| Json::text(hex(hash));
        let mut pairs = vec![
            ("protocol", Json::text(PROTOCOL)),
            ("pilot", Json::text(&self.pilot)),
            ("draw", Json::Integer(self.draw.into())),
            ("previous", hash(&self.previous)),
            ("ended", hash(&self.ended)),
            ("plan", hash(&self.plan)),
            ("commitment", hash(&self.commitment)),
            ("beacon", self.beacon.to_json()),
            ("arms", Json::Array(self.design.arms().iter().map(Json::text).collect())),
            ("blocks", Json::Array(self.design.blocks().iter().map(block_json).collect())),
            ("root", hash(&self.root)),
        ];
        pairs.extend(self.constraint.as_ref().map(|it| ("constraint", it.to_json())));
        Json::object(pairs).to_file()
    }
}

fn block_json(block: &Block) -> Json {
    let shares = match &block.shares {
        Shares::Seats(seats) => {
            ("seats", Json::Array(seats.iter().map(|&n| Json::Integer(n.into())).collect()))
        }
        Shares::Probabilities(probabilities) => {
            let texts = probabilities.iter().map(|p| Json::text(p.to_string()));
            ("probabilities", Json::Array(texts.collect()))
        }
    };
    Json::object([
        ("label", Json::text(&block.label)),
        ("units", Json::Integer(block.units.into())),
        shares,
    ])
}

fn read_block(object: &mut Object<'_, '_>) -> Option<Block> {
    let label = object.get("label", Reader::label);
    let units = object.get("units", Reader::integer(1, UNITS_MAX));
    let shares = if object.has("probabilities") && !object.has("seats") {
        let read = Reader::list(Reader::fraction);
        object.get("probabilities", read).map(Shares::Probabilities)
    } else {
        object.get("seats", Reader::list(Reader::integer(0, UNITS_MAX))).map(Shares::Seats)
    };
    Some(Block { label: label?, units: units?, shares: shares? })
}

fn read_design(
    arms: Vec<String>,
    blocks: Vec<Block>,
    object: &mut Object<'_, '_>,
) -> Option<Design> {
    for pair in blocks.windows(2) {
        if let [before, after] = pair
            && before.label > after.label
        {
            object.refuse::<()>("blocks", Kind::Order, "", &after.label);
        }
    }
    for problem in Design::problems(&arms, &blocks) {
        let field = if problem.block().is_some() { "blocks" } else { "arms" };
        object.refuse::<()>(field, Kind::Design(problem), "", "");
    }
    Design::new(arms, blocks).ok()
}

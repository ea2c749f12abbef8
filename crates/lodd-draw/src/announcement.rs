//! `announcement.json`: what is fixed before anyone can know the tickets.

use crate::{
    Block, Design, DesignError, File, Refused,
    design::UNITS_MAX,
    finding::{Findings, Kind, Whose},
    hash::{Hash, ZERO, hex},
    json::Json,
    object::Object,
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
}

impl Beacon {
    /// The kind, as it stands in the files.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Witnessed { .. } => "witnessed",
        }
    }

    fn to_json(&self) -> Json {
        let kind = ("kind", Json::text(self.kind()));
        match self {
            Self::Fixed => Json::object([kind]),
            Self::Witnessed { description } => {
                Json::object([kind, ("description", Json::text(description))])
            }
        }
    }

    fn read(object: &mut Object<'_>) -> Option<Self> {
        match object.text("kind")?.as_str() {
            "fixed" => Some(Self::Fixed),
            "witnessed" => {
                object.text("description").map(|description| Self::Witnessed { description })
            }
            "drand" => {
                object.add("kind", Kind::Unsupported, "fixed, witnessed", "drand");
                object.unsupported("chain");
                object.unsupported("round");
                None
            }
            other => {
                object.add("kind", Kind::BeaconKind, "fixed, witnessed, drand", other);
                None
            }
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
        let mut object = Object::of_file(File::Announcement, bytes, findings)?;
        object.protocol();
        object.unsupported("constraint");
        let pilot = object.label("pilot");
        let draw = object.integer("draw", 1, DRAW_MAX);
        let [previous, ended, plan, commitment, root] =
            ["previous", "ended", "plan", "commitment", "root"].map(|key| object.hash(key));
        let beacon = object.object("beacon", Beacon::read);
        let arms = object.labels("arms");
        let blocks = object.objects("blocks", read_block);
        let design =
            arms.zip(blocks).and_then(|(arms, blocks)| read_design(arms, blocks, &mut object));
        if let (Some(pilot), Some(Beacon::Fixed)) = (&pilot, &beacon)
            && !pilot.ends_with(REHEARSAL)
        {
            object.add("pilot", Kind::RehearsalLabel, &format!("{pilot}{REHEARSAL}"), pilot);
        }
        if let (Some(draw), Some(previous), Some(ended)) = (draw, previous, ended) {
            for (key, hash) in [("previous", previous), ("ended", ended)] {
                if (draw == 1) != (hash == ZERO) {
                    object.add(key, Kind::FirstOfChain, "", &hex(&hash));
                }
            }
        }
        object.finish();
        Some(Self {
            pilot: pilot?,
            draw: draw?,
            previous: previous?,
            ended: ended?,
            plan: plan?,
            commitment: commitment?,
            beacon: beacon?,
            design: design?,
            root: root?,
        })
    }

    /// The file's bytes.
    pub(crate) fn to_file(&self) -> Vec<u8> {
        let hash = |hash: &Hash| Json::text(hex(hash));
        Json::object([
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
        ])
        .to_file()
    }
}

fn block_json(block: &Block) -> Json {
    let seats = block.seats.iter().map(|&n| Json::Integer(n.into())).collect();
    Json::object([
        ("label", Json::text(&block.label)),
        ("units", Json::Integer(block.units.into())),
        ("seats", Json::Array(seats)),
    ])
}

fn read_block(object: &mut Object<'_>) -> Option<Block> {
    let label = object.label("label");
    let units = object.integer("units", 1, UNITS_MAX);
    if object.has("probabilities") && !object.has("seats") {
        object.unsupported("probabilities");
        return None;
    }
    let seats = object.integers("seats", 0, UNITS_MAX);
    Some(Block { label: label?, units: units?, seats: seats? })
}

fn read_design(arms: Vec<String>, blocks: Vec<Block>, object: &mut Object<'_>) -> Option<Design> {
    for pair in blocks.windows(2) {
        if let [before, after] = pair
            && before.label > after.label
        {
            object.add("blocks", Kind::Order, &before.label, &after.label);
        }
    }
    for problem in Design::problems(&arms, &blocks) {
        let (field, expected, found) = place(&problem);
        object.add(&field, Kind::Design(problem), &expected, &found);
    }
    Design::new(arms, blocks).ok()
}

/// The field, what was expected there and what was found.
fn place(problem: &DesignError) -> (String, String, String) {
    let of = |block: &str, key: &str| format!("blocks.{block}.{key}");
    match problem {
        DesignError::Arms { found } => ("arms".into(), "2 to 64".into(), found.to_string()),
        DesignError::ArmLabel { arm } | DesignError::RepeatedArm { arm } => {
            ("arms".into(), String::new(), arm.clone())
        }
        DesignError::Blocks { found } => ("blocks".into(), "1 to 10000".into(), found.to_string()),
        DesignError::BlockLabel { block } | DesignError::RepeatedBlock { block } => {
            ("blocks".into(), String::new(), block.clone())
        }
        DesignError::Families { block, families } => {
            (of(block, "units"), format!("1 to {UNITS_MAX}"), families.to_string())
        }
        DesignError::SeatCounts { block, arms, found } => {
            (of(block, "seats"), arms.to_string(), found.to_string())
        }
        DesignError::MoreSeatsThanFamilies { block, seats, families }
        | DesignError::FewerSeatsThanFamilies { block, seats, families } => {
            (of(block, "seats"), families.to_string(), seats.to_string())
        }
    }
}

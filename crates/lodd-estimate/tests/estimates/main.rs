//! The estimators against other programs, against slow definitions, and against laws.

#![expect(clippy::cast_possible_truncation, reason = "rows and units of small trials")]

#[cfg(test)]
mod attrition;
#[cfg(test)]
mod balance;
#[cfg(test)]
mod binary;
#[cfg(test)]
mod categories;
#[cfg(test)]
mod cluster_robust;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod design;
#[cfg(test)]
mod intraclass;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod least_squares;
#[cfg(test)]
mod linear;
#[cfg(test)]
mod literals;
#[cfg(test)]
mod mixed;
#[cfg(test)]
mod ordered;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod published;
#[cfg(test)]
mod randomization;
#[cfg(test)]
mod ranks;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod resampling;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod survival;
#[cfg(test)]
mod table;
#[cfg(test)]
mod two_stage;
#[cfg(test)]
mod unbiased;
#[cfg(test)]
mod values;
#[cfg(test)]
mod waitlist;

//! The estimators against other programs, against slow definitions, and against laws.

#[cfg(test)]
mod design;
#[cfg(test)]
mod literals;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod table;

//! Random bytes from the operating system: the one place where the program takes any.

use zeroize::Zeroizing;

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random bytes: {0}")]
pub struct NoRandom(getrandom::Error);

/// 32 bytes from the operating system's generator, wiped from memory when they are dropped.
///
/// # Errors
///
/// If the operating system gives none.
pub fn bytes() -> Result<Zeroizing<[u8; 32]>, NoRandom> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(NoRandom)?;
    Ok(bytes)
}

//! Random numbers from a seed: one `ChaCha` stream a replicate, so that the order in which
//! replicates are made, and on which thread, changes nothing.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The stream of one replicate.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    random: ChaCha8Rng,
}

impl Stream {
    /// Stream `replicate` of a seed.
    pub(crate) fn new(seed: [u8; 32], replicate: u64) -> Self {
        let mut random = ChaCha8Rng::from_seed(seed);
        random.set_stream(replicate);
        Self { random }
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.random.next_u64()
    }

    /// A number in (0, 1) with 53 binary digits.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A whole number below `below`, each as likely (Lemire 2019).
    pub(crate) fn below(&mut self, below: u32) -> u32 {
        let below = u64::from(below.max(1));
        let threshold = (1_u64 << 32) % below;
        loop {
            let product = (self.bits() >> 32) * below;
            if product & 0xffff_ffff >= threshold {
                return (product >> 32) as u32;
            }
        }
    }

    /// A standard normal number (Box and Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }
}

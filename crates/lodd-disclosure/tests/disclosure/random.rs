//! Random tables.

/// SplitMix64 (Steele, Lea and Flood 2014): enough for tests, the same everywhere.
#[derive(Debug)]
pub(crate) struct Source(pub(crate) u64);

impl Source {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of 0 to n − 1.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A skewed count with this mean.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small counts")]
    fn count(&mut self, mean: f64) -> u64 {
        (-mean * (1.0 - self.unit()).ln()) as u64
    }

    /// A table of `rows` × `columns` inner cells with rows and columns of different weight.
    pub(crate) fn table(&mut self, rows: usize, columns: usize) -> Vec<Vec<u64>> {
        let mean = self.pick(&[4.0, 8.0, 15.0, 30.0]);
        let by_row: Vec<f64> = (0..rows).map(|_| 0.3 + 1.6 * self.unit()).collect();
        let by_column: Vec<f64> = (0..columns).map(|_| 0.3 + 1.6 * self.unit()).collect();
        let row = |of: &mut Self, r: f64| {
            by_column.iter().map(|c| of.count(mean * r * c)).collect::<Vec<u64>>()
        };
        by_row.iter().map(|r| row(self, *r)).collect()
    }

    /// From 3 × 3 to 8 × 12.
    pub(crate) fn size(&mut self) -> (usize, usize) {
        (3 + self.below(6), 3 + self.below(10))
    }
}

/// The table with a last column and a last row of totals.
pub(crate) fn with_margins(inner: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let mut rows: Vec<Vec<u64>> = inner.to_vec();
    for row in &mut rows {
        row.push(row.iter().sum());
    }
    let columns = rows[0].len();
    rows.push((0..columns).map(|j| rows.iter().map(|row| row[j]).sum()).collect());
    rows
}

//! How colours look: contrast by WCAG 2.1, and to the colour-blind by Machado, Oliveira and Fernandes
//! (2009), severity 1. The matrices are those of R's colorspace (`deutanomaly_cvd`, `protanomaly_cvd`).

#![expect(clippy::unwrap_used, reason = "a panic here is a failing test")]

/// A colour in linear light.
pub(crate) type Light = [f64; 3];

const DEUTERANOPIA: [Light; 3] = [
    [0.367_322, 0.860_646, -0.227_968],
    [0.280_085, 0.672_501, 0.047_413],
    [-0.011_820, 0.042_940, 0.968_881],
];
const PROTANOPIA: [Light; 3] = [
    [0.152_286, 1.052_583, -0.204_868],
    [0.114_503, 0.786_281, 0.099_216],
    [-0.003_882, -0.048_116, 1.051_998],
];

/// Reads `#rrggbb`.
pub(crate) fn light(hex: &str) -> Light {
    let hex = hex.strip_prefix('#').unwrap();
    [0, 2, 4].map(|at| {
        let share = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    })
}

fn luminance([r, g, b]: Light) -> f64 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// The contrast of two colours, from 1 to 21.
pub(crate) fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(light(a)) + 0.05, luminance(light(b)) + 0.05);
    a.max(b) / a.min(b)
}

/// The ways of seeing that colours must differ in.
pub(crate) fn seen(colour: &str) -> [(&'static str, Light); 4] {
    let it = light(colour);
    let through = |matrix: [Light; 3]| {
        matrix.map(|row| row.iter().zip(it).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
    };
    [
        ("colour", it),
        ("deuteranopia", through(DEUTERANOPIA)),
        ("protanopia", through(PROTANOPIA)),
        ("grey", [luminance(it); 3]),
    ]
}

/// CIE 1976 L*a*b*, white D65.
fn lab(light: Light) -> Light {
    let [r, g, b] = light;
    let xyz = [
        (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47,
        luminance(light),
        (0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83,
    ];
    let root = xyz.map(|it| if it > 0.008_856 { it.cbrt() } else { 7.787 * it + 16.0 / 116.0 });
    [116.0 * root[1] - 16.0, 500.0 * (root[0] - root[1]), 200.0 * (root[1] - root[2])]
}

/// The distance of two colours in L*a*b*, CIE 1976; 2.3 is just noticeable.
pub(crate) fn distance(a: Light, b: Light) -> f64 {
    let (a, b) = (lab(a), lab(b));
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// What R's colorspace 2.1 says of two colours: `deutan`, `protan`, and `coords(as(.., "LAB"))`.
#[test]
fn colours_look_as_colorspace_says() {
    let hex = |light: Light| {
        light.map(|it| {
            let share =
                if it <= 0.003_130_8 { it * 12.92 } else { 1.055 * it.powf(1.0 / 2.4) - 0.055 };
            (share * 255.0).round()
        })
    };
    let close = |light: Light, expected: &str| {
        let read = |at: usize| f64::from(u8::from_str_radix(&expected[at..at + 2], 16).unwrap());
        let away = hex(light).into_iter().zip([1, 3, 5].map(read)).map(|(a, b)| (a - b).abs());
        assert!(away.fold(0.0, f64::max) <= 1.0, "{expected}");
    };
    let [_, (_, blue_d), (_, blue_p), _] = seen("#0b4a6f");
    close(blue_d, "#2B426E");
    close(blue_p, "#384B71");
    let [_, (_, brown_d), (_, brown_p), _] = seen("#b85c00");
    close(brown_d, "#8D7D00");
    close(brown_p, "#776800");
    let apart = distance(light("#0b4a6f"), light("#b85c00"));
    assert!((apart - 94.4).abs() < 0.3, "{apart}");
    assert!((distance(blue_d, brown_d) - 89.7).abs() < 1.0);
    // WCAG's own examples: black on white is 21, #777777 on white 4.48.
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
    assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.005);
}
